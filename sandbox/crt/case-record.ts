/** Trials, the victims' entries in them, parties and employers, as the court registry writes them. */
import type {
  CrtCaseRow,
  CrtEmployerRow,
  CrtPersonRow,
  CrtTrialRow,
  Money,
  TravelOrderRow,
} from "../synth/types.ts";

const SOURCE = { COURT: "C", FUND: "F", SETTLEMENT: "S" } as const;
const ORDER = { TRAVEL_BAN: "BAN", DEPORTATION: "REMOVAL" } as const;
const FINDING = {
  CONVICTED: "guilty",
  ACQUITTED: "not guilty",
  CONVICTED_LESSER: "guilty of another",
  DISMISSED: "inadmissible",
} as const;

export const entryRecord = ({ ref, courtNumber, compensation }: CrtCaseRow): object => ({
  entry: ref,
  case_no: courtNumber,
  awards: compensation.map(({ ref: award, source, amount }) => ({
    award,
    source: SOURCE[source],
    sum: sum(amount),
  })),
});

export const trialRecord = (row: CrtTrialRow): object => ({
  case_no: row.courtNumber,
  bench: row.court,
  sealed: row.sealed,
  sessions: sessionsOf(row),
  judgments: row.verdicts.map(({ defendant, outcome, sentenceMonths, fine, final }) => ({
    accused: { ref: defendant.ref, party: defendant.personRef, standing: defendant.role.toLowerCase() },
    finding: FINDING[outcome],
    months: sentenceMonths,
    fine: fine && sum(fine),
    final,
  })),
});

export const sessionsOf = ({ hearings }: CrtTrialRow) =>
  hearings.map(({ on, kind, closed }) => ({ at: on, type: kind.toLowerCase(), in_camera: closed }));

export const partyRecord = ({ ref, deportationOrder }: CrtPersonRow): object => ({
  party: ref,
  removal: deportationOrder && orderRecord(deportationOrder),
});

export const employerRecord = ({ ref, finalConvictions }: CrtEmployerRow): object => ({
  employer: ref,
  convictions: finalConvictions.map(({ court, year, article }) => ({ bench: court, year, article })),
});

const orderRecord = ({ kind, authority, from, until }: TravelOrderRow) => ({
  type: ORDER[kind],
  by: `${authority.code}:${authority.address}`,
  from,
  until,
});

const sum = ({ amount, currency }: Money) => `${currency} ${amount}`;
