/** The facts of a case for one reader, folded from real rows: rules.md §1, §3 and the rows of its examples. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CaseSpineRow } from "../../sandbox/synth/types.ts";
import {
  ACCESS,
  AMAN,
  caseRow,
  consentRow,
  EPC,
  MWPS,
  NOW,
  reader,
  referralRow,
  type TestLedger,
  testLedger,
  worldOf,
} from "./support.ts";

const caseworker = reader(MWPS, "caseworker", "SHELTER_CARE");
const screener = reader(EPC, "screener", "IDENTIFICATION_SCREENING");
const judge = reader("BH/JUD/COURTS/criminal", "judge", "ADJUDICATION");
const investigator = reader("BH/GOV/MOI/atd", "investigator", "CRIMINAL_INVESTIGATION");
const residence = reader("BH/GOV/NPRA/residence", "residenceOfficer", "STATUS_REGULARISATION");
const consul = reader("IN/EXT/EMB/consular", "consul", "CONSULAR_ASSISTANCE");
const statistician = reader("BH/GOV/NCCTIP/committee", "statistician", "STATISTICS_REPORTING");

const NOTHING = {
  holder: false,
  party: false,
  known: false,
  grantedGroups: [],
  consentedGroups: [],
  refusedGroups: [],
  basis: null,
  assigned: true,
  charged: false,
  courtGroups: [],
  child: false,
  sealed: false,
  officialSuspect: false,
  staffConflict: false,
  breakGlassUntil: null,
};

const NO_OVERLAYS = caseRow("none").overlays;
const worker = (member: string, side: "owner" | "receiver", staffId = "reader-1") =>
  ({ member, staffId, capacity: "worker", side }) as const;

/** What is recorded, who reads, and what differs from a reader of whom nothing is recorded. */
const table: readonly (readonly [string, Partial<CaseSpineRow>, typeof caseworker, object])[] = [
  ["nothing is known of a case without a referral", {}, caseworker, {}],
  [
    "example 1: an accepted referral makes a party",
    { referrals: [referralRow(MWPS)] },
    caseworker,
    { party: true, known: true, grantedGroups: ["SERVICES_PLAN"], basis: "CONSENT" },
  ],
  [
    "example 4: a referral that is done opens and tells nothing",
    { referrals: [referralRow(MWPS, { status: "DONE" })] },
    caseworker,
    {},
  ],
  [
    "a referral that is only sent opens nothing",
    { referrals: [referralRow(MWPS, { status: "SENT" })] },
    caseworker,
    {},
  ],
  [
    "an expired referral leaves knowledge",
    { referrals: [referralRow(MWPS, { expiresAt: "2025-12-31T23:59:59Z" })] },
    caseworker,
    { known: true },
  ],
  [
    "a referral that expires now has expired",
    { referrals: [referralRow(MWPS, { expiresAt: NOW })] },
    caseworker,
    { known: true },
  ],
  [
    "a referral a moment longer has not",
    { referrals: [referralRow(MWPS, { expiresAt: "2026-01-01T00:00:00.001Z" })] },
    caseworker,
    { party: true, known: true, grantedGroups: ["SERVICES_PLAN"], basis: "CONSENT" },
  ],
  [
    "a referral for another purpose leaves knowledge",
    { referrals: [referralRow(MWPS, { purpose: "LEGAL_AID" })] },
    caseworker,
    { known: true },
  ],
  ["a referral to another society is nobody's business", { referrals: [referralRow(AMAN)] }, caseworker, {}],
  [
    "groups of several referrals join; the newest basis counts",
    {
      referrals: [
        referralRow(MWPS, { basis: "LEGAL_DUTY", grantedGroups: ["CASE_HEADER", "SERVICES_PLAN"] }),
        referralRow(MWPS, { sentAt: "2025-03-01T08:00:00Z", grantedGroups: ["SERVICES_PLAN"] }),
      ],
    },
    caseworker,
    { party: true, known: true, grantedGroups: ["CASE_HEADER", "SERVICES_PLAN"], basis: "CONSENT" },
  ],
  [
    "a consent counts for those it names",
    { consents: [consentRow(MWPS)] },
    caseworker,
    { consentedGroups: ["SERVICES_PLAN"] },
  ],
  ["a consent for another society does not", { consents: [consentRow(AMAN)] }, caseworker, {}],
  [
    "a consent that runs out now has run out",
    { consents: [consentRow(MWPS, { validUntil: NOW })] },
    caseworker,
    {},
  ],
  [
    "a consent without an end has none",
    { consents: [consentRow(MWPS, { validUntil: null })] },
    caseworker,
    { consentedGroups: ["SERVICES_PLAN"] },
  ],
  [
    "a refusal never runs out",
    { consents: [consentRow(MWPS, { status: "REFUSED", validUntil: "2025-06-01T00:00:00Z" })] },
    caseworker,
    { refusedGroups: ["SERVICES_PLAN"] },
  ],
  [
    "a refusal beats a consent",
    {
      consents: [
        consentRow(MWPS, { fieldGroups: ["SERVICES_PLAN", "CONTACT"] }),
        consentRow(MWPS, { status: "WITHDRAWN" }),
      ],
    },
    caseworker,
    { consentedGroups: ["CONTACT"], refusedGroups: ["SERVICES_PLAN"] },
  ],
  [
    "a record that was replaced decides nothing",
    {
      consents: [
        consentRow(MWPS, { uid: "old", status: "REFUSED", replacedBy: "new" }),
        consentRow(MWPS, { uid: "new" }),
      ],
    },
    caseworker,
    { consentedGroups: ["SERVICES_PLAN"] },
  ],
  [
    "examples 6: a court order is a basis",
    {
      referrals: [
        referralRow(investigator.address, {
          purpose: "CRIMINAL_INVESTIGATION",
          grantedGroups: ["SCREENING"],
          basis: "COURT_ORDER",
        }),
      ],
      consents: [consentRow(investigator.address, { status: "REFUSED", fieldGroups: ["SCREENING"] })],
    },
    investigator,
    {
      party: true,
      known: true,
      grantedGroups: ["SCREENING"],
      refusedGroups: ["SCREENING"],
      basis: "COURT_ORDER",
    },
  ],
  ["the centre knows of every case", {}, screener, { known: true }],
  ["statisticians know of every case", {}, statistician, { known: true }],
  [
    "residence officers know of none",
    {
      referrals: [
        referralRow(residence.address, { purpose: "STATUS_REGULARISATION", grantedGroups: ["IMMIGRATION"] }),
      ],
    },
    residence,
    { party: true, grantedGroups: ["IMMIGRATION"], basis: "CONSENT" },
  ],
  [
    "owning the agency's case is not holding it",
    { assignments: [worker(EPC, "owner", "somebody-else")] },
    screener,
    { known: true },
  ],
  [
    "a reviewer holds the case",
    { assignments: [{ member: EPC, staffId: "reader-1", capacity: "reviewer", side: "owner" }] },
    screener,
    {
      holder: true,
      party: true,
      known: true,
      grantedGroups: expect.arrayContaining(["IDENTITY_CORE", "SUSPECT", "CASE_HEADER"]),
    },
  ],
  [
    "another agency may be assigned the case",
    { assignments: [worker(investigator.address, "owner")] },
    investigator,
    { holder: true, party: true, known: true, grantedGroups: expect.arrayContaining(["INVESTIGATION_FILE"]) },
  ],
  [
    "a namesake in another organisation holds nothing",
    { assignments: [worker(EPC, "owner")] },
    caseworker,
    {},
  ],
  [
    "a receiver that put somebody else on the case",
    { assignments: [worker(MWPS, "receiver", "somebody-else")] },
    caseworker,
    { assigned: false },
  ],
  [
    "a receiver that put the reader on the case",
    { assignments: [worker(MWPS, "receiver", "somebody-else"), worker(MWPS, "receiver")] },
    caseworker,
    { assigned: true },
  ],
  ["the court before the charge", {}, judge, {}],
  [
    "example 17: the court after the charge",
    { overlays: { ...NO_OVERLAYS, charged: true, courtGroups: ["SCREENING"] } },
    judge,
    { known: true, charged: true, courtGroups: ["SCREENING"] },
  ],
  ["sealed", { overlays: { ...NO_OVERLAYS, sealed: true } }, judge, { sealed: true }],
  [
    "a suspect who works for the reader's organisation",
    { overlays: { ...NO_OVERLAYS, officialSuspect: [investigator.address] } },
    investigator,
    { officialSuspect: true },
  ],
  [
    "a suspect who works for another organisation",
    { overlays: { ...NO_OVERLAYS, officialSuspect: [MWPS] } },
    investigator,
    {},
  ],
  [
    "a party to whom the reader is linked",
    { overlays: { ...NO_OVERLAYS, staffConflict: ["reader-1"] } },
    screener,
    { known: true, staffConflict: true },
  ],
  ["a victim who was a child", { parties: [party("VICTIM", true)] }, screener, { known: true, child: true }],
  ["a witness who was a child", { parties: [party("WITNESS", true)] }, screener, { known: true }],
  [
    "another embassy's referral",
    { referrals: [referralRow("PH/EXT/EMB/consular", { purpose: "CONSULAR_ASSISTANCE" })] },
    consul,
    {},
  ],
];

function party(role: "VICTIM" | "WITNESS", isChild: boolean) {
  return {
    uid: `party-${role}`,
    person: `person-${role}`,
    role,
    traffickingStatus: null,
    statusDecidedBy: null,
    ageWhenTrafficked: null,
    relationshipToTrafficker: null,
    documentsHeldBy: null,
    code: null,
    from: "2025-01-01",
    until: null,
    isChild,
    holders: ["EPC"],
  } as const;
}

describe("Case.access", () => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await testLedger(worldOf(table.map(([, row], i) => caseRow(`case-${i}`, row))));
  });
  afterAll(() => ledger.close());

  it.each(table.map(([name, , who, facts], i) => ({ name, who, facts, uid: `case-${i}` })))(
    "$name",
    async ({ uid, who, facts }) => {
      const [row] = await ledger.entities<{ access: object }>("spine", who, "Case", [uid], ACCESS);
      expect(row?.access).toEqual({ ...NOTHING, ...facts });
    },
  );

  it("costs one statement for all cases of a request, and a second one for the cases", async () => {
    ledger.journal.clear();
    const uids = table.map((_, i) => `case-${i}`);
    const rows = await ledger.entities<object>("spine", screener, "Case", uids, ACCESS);
    expect(rows).toHaveLength(uids.length);
    expect(ledger.journal.statements).toHaveLength(2);
  });

  it("is the case's for a party of it and for a referral", async () => {
    const uid = `case-${table.findIndex(([name]) => name === "a victim who was a child")}`;
    const [parent] = await ledger.entities<{ access: object }>("spine", screener, "Case", [uid], ACCESS);
    const [child] = await ledger.entities<{ access: object }>(
      "spine",
      screener,
      "CaseParty",
      ["party-VICTIM"],
      ACCESS,
    );
    expect(child).toEqual(parent);
  });

  it("tells the overlays of a person who is read from a register", async () => {
    const [unknown] = await ledger.entities<{ access: object }>(
      "spine",
      screener,
      "Person",
      ["nobody"],
      "access(reader: $reader) { child officialSuspect staffConflict } caseParties { uid }",
    );
    expect(unknown).toEqual({
      access: { child: false, officialSuspect: false, staffConflict: false },
      caseParties: [],
    });
  });
});
