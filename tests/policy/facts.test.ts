/** Referrals and consents fold into facts as the procedure defines them (rules §1 and §3). */
import { describe, expect, it } from "vitest";
import type { Domain } from "../../src/policy/domain.ts";
import {
  type CaseRecords,
  type ConsentFact,
  type FactReader,
  type Folding,
  factsFromAccess,
  foldCase,
  foldFacts,
  type ReferralFact,
} from "../../src/policy/facts.ts";
import { DOMAIN } from "./shipped.ts";

const NOW = 1000;
const FOLDING: Folding = { domain: DOMAIN, now: NOW };
const MEMBER = "BH/NGO/MWPS/assist";
const reader: FactReader = { agency: "NGO", purpose: "SHELTER_CARE", recipient: MEMBER };
const referral: ReferralFact = {
  status: "ACCEPTED",
  expiresAt: 2000,
  purpose: "SHELTER_CARE",
  groups: ["SERVICES_PLAN"],
  basis: "CONSENT",
};
const consent: ConsentFact = {
  status: "GIVEN",
  validUntil: 2000,
  recipients: [MEMBER],
  groups: ["SERVICES_PLAN", "IDENTITY_CORE"],
};
const fold = (records: Partial<CaseRecords>, as: FactReader = reader) =>
  foldCase({ holder: false, referrals: [], consents: [], charged: false, ...records }, as, FOLDING);

describe("a referral", () => {
  it("makes its receiver a party that knows of the case, with the groups that it grants", () => {
    expect(fold({ referrals: [referral] })).toMatchObject({
      party: true,
      known: true,
      grantedGroups: ["SERVICES_PLAN"],
      basis: "CONSENT",
    });
  });

  it.each<[string, Partial<ReferralFact>, boolean]>([
    ["that has expired leaves knowledge only", { expiresAt: NOW }, true],
    ["for another purpose leaves knowledge only", { purpose: "LEGAL_AID" }, true],
    ["that is done leaves nothing", { status: "DONE" }, false],
    ["that was only sent leaves nothing", { status: "SENT" }, false],
  ])("%s", (_, change, known) => {
    expect(fold({ referrals: [{ ...referral, ...change }] })).toMatchObject({
      party: false,
      known,
      grantedGroups: [],
      basis: null,
    });
  });

  it("lasts until the instant before its end", () => {
    expect(fold({ referrals: [{ ...referral, expiresAt: NOW + 1 }] }).party).toBe(true);
  });

  it("gives the basis of the newest one by which the reader reads", () => {
    const older = { ...referral, basis: "LEGAL_DUTY" };
    expect(
      fold({ referrals: [older, referral, { ...referral, status: "DONE", basis: "COURT_ORDER" }] }).basis,
    ).toBe("CONSENT");
  });
});

describe("a consent", () => {
  it.each<[string, ConsentFact[], string[], string[]]>([
    ["is given for its groups", [consent], ["SERVICES_PLAN", "IDENTITY_CORE"], []],
    ["runs out", [{ ...consent, validUntil: NOW }], [], []],
    ["names its recipients only", [{ ...consent, recipients: ["BH/NGO/AMAN/shelter"] }], [], []],
    [
      "is beaten by a refusal of the same group, which never runs out",
      [consent, { ...consent, status: "REFUSED", validUntil: 0, groups: ["SERVICES_PLAN"] }],
      ["IDENTITY_CORE"],
      ["SERVICES_PLAN"],
    ],
    [
      "that was withdrawn is a refusal",
      [{ ...consent, status: "WITHDRAWN" }],
      [],
      ["SERVICES_PLAN", "IDENTITY_CORE"],
    ],
    ["that ran out by itself is neither", [{ ...consent, status: "EXPIRED" }], [], []],
  ])("%s", (_, consents, consentedGroups, refusedGroups) => {
    expect(fold({ consents })).toMatchObject({ consentedGroups, refusedGroups });
  });
});

describe("an agency knows of a case", () => {
  it.each<[string, Partial<CaseRecords>, boolean]>([
    ["EPC", {}, true],
    ["NCC", {}, true],
    ["MOI", {}, false],
    ["MOI", { holder: true }, true],
    ["MOI", { referrals: [{ ...referral, expiresAt: 0, purpose: "OTHER", groups: [] }] }, true],
    ["CRT", { referrals: [referral] }, false],
    ["CRT", { charged: true }, true],
    ["NPRA", { referrals: [referral], holder: true }, false],
    ["unheard of", { holder: true }, false],
  ])("%s with %j: %s", (agency, records, known) => {
    expect(fold(records, { ...reader, agency }).known).toBe(known);
  });
});

it("folds by the tables that it is given, and by no others", () => {
  const header = { effect: "M", reason: "R7" } as const;
  const domain: Domain = {
    ...DOMAIN,
    agencies: [...DOMAIN.agencies, "HLT"],
    groups: new Map([...DOMAIN.groups, ["INSURANCE", "health insurance"]]),
    cell: (group, agency) => (agency === "HLT" ? header : DOMAIN.cell(group, agency)),
  };
  const row = { referrals: [{ ...referral, groups: ["INSURANCE", "SCREENING"] }] };
  const nurse = { agency: "HLT", purpose: "SHELTER_CARE" };
  expect(foldFacts(row, nurse, { domain, now: NOW })).toMatchObject({
    known: true,
    granted: ["INSURANCE", "SCREENING"],
  });
  expect(foldFacts(row, nurse, FOLDING)).toMatchObject({ known: false, granted: ["SCREENING"] });
});

describe("facts of a row", () => {
  const asked = { agency: "NGO", purpose: "SHELTER_CARE" };

  it("take what is missing as the procedure says", () => {
    expect(foldFacts({}, asked, FOLDING)).toEqual({
      caseBound: true,
      holder: false,
      party: false,
      known: false,
      granted: [],
      consented: [],
      refused: [],
      basis: "NONE",
      assigned: true,
      charged: false,
      courtGroups: [],
      child: false,
      sealed: false,
      officialSuspect: false,
      staffConflict: false,
      breakGlassUntil: 0,
      now: NOW,
    });
  });

  it("grant a holder every group of the case and of the person", () => {
    expect(foldFacts({ owner: true }, asked, FOLDING)).toMatchObject({
      holder: true,
      party: true,
      known: true,
      granted: ["caseData", "personData"],
    });
  });

  it("put nothing before the court until the charge", () => {
    expect(foldFacts({ courtGroups: ["SCREENING"] }, asked, FOLDING).courtGroups).toEqual([]);
    expect(foldFacts({ courtGroups: ["SCREENING"], charged: true }, asked, FOLDING).courtGroups).toEqual([
      "SCREENING",
    ]);
  });

  it("forget the case when no case leads to the row, and keep the overlays", () => {
    const row = {
      caseBound: false,
      owner: true,
      charged: true,
      basis: "LEGAL_DUTY",
      breakGlass: { until: 2000 },
      referrals: [referral],
      consents: [{ ...consent, recipients: ["NGO"], status: "REFUSED" }],
      child: true,
      sealed: true,
      officialSuspect: true,
      assigned: false,
    };
    expect(foldFacts(row, asked, FOLDING)).toEqual({
      ...foldFacts({ caseBound: false }, asked, FOLDING),
      child: true,
      sealed: true,
      officialSuspect: true,
      assigned: false,
    });
  });

  it("are the strictest when the ledger says nothing, and where it says nothing", () => {
    const strictest = factsFromAccess(null, {
      caseBound: true,
      breakGlassUntil: 2000,
      now: NOW,
      groups: DOMAIN.groups,
    });
    expect(strictest).toMatchObject({
      party: false,
      known: false,
      granted: [],
      refused: ["caseData", "personData"],
      assigned: false,
      child: true,
      sealed: true,
      officialSuspect: true,
      staffConflict: true,
      breakGlassUntil: 0,
    });
    const silent = factsFromAccess(
      { party: true },
      { caseBound: true, breakGlassUntil: 0, now: NOW, groups: DOMAIN.groups },
    );
    expect(silent).toMatchObject({
      assigned: false,
      child: true,
      staffConflict: true,
      refused: ["caseData", "personData"],
    });
  });
});
