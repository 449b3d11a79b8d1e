/**
 * Random cases, and what the rules say of each for a reader: recorded in the world's rows and, beside, as the row that
 * the oracle of the rules decides. Few values, so that ties, limits and contradictions are common.
 */

import type { Reader } from "../../ledger/reader.ts";
import type { CaseSpineRow, ConsentRow, ReferralRow } from "../../sandbox/synth/types.ts";
import { type OracleRow, oracle } from "../support/rules-oracle.ts";
import type { Seeded } from "../support/seeded.ts";
import { AMAN, caseRow, consentRow, EPC, MWPS, NOW, reader, referralRow } from "./support.ts";

/** Every third of the cases that `pages.test.ts` draws. */
const BROKEN = Array.from({ length: 50 }, (_, i) => `case-${3 * i}`);
const inEmergency = (who: Reader): Reader => ({ ...who, brokenGlass: BROKEN });

export const READERS: readonly Reader[] = [
  reader(EPC, "screener", "IDENTIFICATION_SCREENING"),
  reader(EPC, "dataSteward", "SYSTEM_OPERATION"),
  reader(MWPS, "caseworker", "SHELTER_CARE"),
  reader(MWPS, "legal", "REDRESS"),
  reader(AMAN, "caseworker", "SHELTER_CARE"),
  reader("BH/GOV/LMRA/labour", "inspector", "LABOUR_INSPECTION"),
  reader("BH/GOV/MOI/atd", "investigator", "CRIMINAL_INVESTIGATION"),
  reader("BH/JUD/PPO/tip", "prosecutor", "PROSECUTION"),
  reader("BH/JUD/COURTS/criminal", "judge", "ADJUDICATION"),
  reader("BH/GOV/NPRA/residence", "residenceOfficer", "IMMIGRATION_ENFORCEMENT"),
  reader("BH/GOV/NPRA/residence", "residenceOfficer", "STATUS_REGULARISATION"),
  reader("BH/GOV/IGA/population", "registrar", "SYSTEM_OPERATION"),
  reader("BH/GOV/NCCTIP/committee", "statistician", "STATISTICS_REPORTING"),
  reader("BH/GOV/NCCTIP/committee", "coordinator", "NATIONAL_COORDINATION"),
  reader("IN/EXT/EMB/consular", "consul", "CONSULAR_ASSISTANCE"),
  reader("JO/EXT/NCHT/nrm", "foreignNrm", "INTERNATIONAL_COOPERATION"),
  reader("BH/GOV/MOSD/care", "careWorker", "SHELTER_CARE"),
  reader(MWPS, "caseworker", "CRIMINAL_INVESTIGATION"),
  inEmergency(reader(MWPS, "caseworker", "EMERGENCY_PROTECTION")),
  inEmergency(reader("BH/GOV/MOI/atd", "officer", "EMERGENCY_PROTECTION")),
  inEmergency(reader(EPC, "caseWorker", "EMERGENCY_PROTECTION")),
  // Opens nothing for another purpose.
  inEmergency(reader(AMAN, "caseworker", "SHELTER_CARE")),
];

/** Past, this very instant, future: in the rows, and on the oracle's clock. */
const INSTANTS = [
  ["2025-12-31T23:59:59Z", 500],
  [NOW, 1000],
  ["2099-01-01T00:00:00Z", 2000],
] as const;
const BASES = ["CONSENT", "LEGAL_DUTY", "COURT_ORDER", "VITAL_INTEREST", "CHILD_INTEREST"] as const;
const OPENED = ["2025-01-01T08:00:00Z", "2025-01-01T08:00:00.001Z", "2025-02-01T20:30:00Z"];

export function randomCase(random: Seeded, uid: string): CaseSpineRow {
  const them = random.pick(READERS);
  const other = random.pick(READERS);
  const times = (count: number) => Array.from({ length: random.integer(0, count) });
  const referrals = times(3).map((_, i) => {
    const of = random.pick([them, them, other]);
    return referralRow(of.address, {
      purpose: of.purpose as ReferralRow["purpose"],
      status: random.pick(["ACCEPTED", "ACCEPTED", "ACCEPTED", "DONE", "SENT"] as const),
      expiresAt: random.pick(INSTANTS)[0],
      basis: random.pick(BASES),
      grantedGroups: random.some(["CASE_HEADER", "SERVICES_PLAN", "SCREENING"] as const, 2),
      sentAt: `2025-03-0${i + 1}T08:00:00Z`,
    });
  });
  const consents = times(2).map(() =>
    consentRow(random.pick([them, other]).address, {
      status: random.pick(["GIVEN", "REFUSED", "WITHDRAWN"] as const),
      fieldGroups: random.some(["CASE_HEADER", "SERVICES_PLAN"] as const, 2),
      validUntil: random.pick(INSTANTS)[0],
    }),
  );
  return caseRow(uid, {
    openedAt: random.pick(OPENED),
    riskLevel: random.pick(["LOW", "HIGH", "IMMINENT"] as const),
    referrals,
    consents: random.chance(0.2) ? replaced(consents) : consents,
    assignments: random.chance(0.3)
      ? [
          {
            member: them.address,
            staffId: random.pick(["reader-1", "reader-2"]),
            capacity: "worker",
            side: random.pick(["owner", "receiver"] as const),
          },
        ]
      : [],
    parties: [
      {
        uid: `party-${uid}`,
        person: random.pick(["person-1", "person-2"]),
        role: random.pick(["VICTIM", "WITNESS"] as const),
        isChild: random.chance(0.3),
        traffickingStatus: null,
        statusDecidedBy: null,
        ageWhenTrafficked: null,
        relationshipToTrafficker: null,
        documentsHeldBy: null,
        code: null,
        from: "2025-01-01",
        until: null,
        holders: ["EPC"],
      },
    ],
    overlays: {
      child: false,
      sealed: random.chance(0.1),
      charged: random.chance(0.4),
      courtGroups: random.chance(0.5) ? ["CASE_HEADER"] : [],
      officialSuspect: random.chance(0.1) ? [them.address] : [],
      staffConflict: random.chance(0.05) ? ["reader-1"] : [],
    },
  });
}

/** Every record but the last was replaced by it. */
const replaced = (consents: readonly ConsentRow[]): readonly ConsentRow[] =>
  consents.map((row, i) => ({
    ...row,
    replacedBy: i + 1 < consents.length ? (consents.at(-1)?.uid ?? null) : null,
  }));

/** Whether the case exists for the reader: rules §5, decided by the oracle. */
export const exists = (row: CaseSpineRow, reader: Reader): boolean => shows("Case.id", row, reader);

/** Whether the reader may find the case by what is in its header. */
export const headerReadable = (row: CaseSpineRow, reader: Reader): boolean =>
  exists(row, reader) && shows("Case.openedAt", row, reader);

function shows(field: string, row: CaseSpineRow, who: Reader): boolean {
  const { agency, address, role, purpose, staff } = who;
  const basis = row.referrals
    .filter((r) => r.to === address && r.status === "ACCEPTED" && r.purpose === purpose)
    .filter((r) => onOracleClock(r.expiresAt) > 1000)
    .at(-1)?.basis;
  const facts: OracleRow = {
    owner: row.assignments.some((a) => a.side === "owner" && a.member === address && a.staffId === staff),
    referrals: row.referrals
      .filter(({ to }) => to === address)
      .map((r) => ({ ...r, expiresAt: onOracleClock(r.expiresAt), groups: [...r.grantedGroups] })),
    consents: row.consents
      .filter(({ recipients, replacedBy }) => recipients.includes(address) && replacedBy === null)
      .map((k) => ({
        status: k.status,
        validUntil: onOracleClock(k.validUntil ?? ""),
        recipients: [agency],
        groups: [...k.fieldGroups],
      })),
    ...(basis ? { basis } : {}),
    charged: row.overlays.charged,
    courtGroups: [...row.overlays.courtGroups],
    child: row.parties.some(({ role: its, isChild }) => its === "VICTIM" && isChild),
    sealed: row.overlays.sealed,
    officialSuspect: row.overlays.officialSuspect.includes(address),
    staffConflict: row.overlays.staffConflict.includes(staff),
    ...(who.brokenGlass?.includes(row.uid) && { breakGlass: { until: 2000 } }),
  };
  return ["ALLOW", "MASK"].includes(oracle({ agency, role, purpose, field, row: facts }).effect);
}

const onOracleClock = (instant: string): number => INSTANTS.find(([its]) => its === instant)?.[1] ?? 2000;
