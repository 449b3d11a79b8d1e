/**
 * One concrete situation, as a question of `policy decide` and in words.
 *
 * In      a model of z3, or a row.
 * Out     the row whose fold has those facts, at the time that questions are asked at; the engine's answer on it.
 * Rule    a situation is always tried out on the engine: what a proof claims and the engine does not do is a fault.
 */

import type { Coordinate } from "../../kernel/brands.ts";
import { GatewayError } from "../../kernel/errors.ts";
import { DECIDE_NOW, type DecideQuestion } from "../decide.ts";
import type { DomainField } from "../domain.ts";
import { type Language, PHRASES } from "../explain/phrases.ts";
import { factsFromAccess, foldFacts } from "../facts.ts";
import type { PolicySet, ProfileReader } from "../policy-set.ts";
import type { Facts, Outcome } from "../verdict.ts";
import type { SituationValues } from "./situations.ts";

type Row = NonNullable<DecideQuestion["row"]>;

export interface Situation {
  readonly row: Row;
  readonly now: number;
  /** The ledger did not answer: facts are the most restrictive ones, whatever the row says. */
  readonly unanswered: boolean;
}

const LATER_MS = 1000;

function situationOf(values: SituationValues, reader: ProfileReader, caseBound: boolean): Situation {
  const { agency, purpose, certificates } = reader;
  const inCase = <T>(value: T, without: T): T => (caseBound ? value : without);
  const { now } = values;
  const groups = (name: Parameters<SituationValues["groups"]>[0]) =>
    inCase(values.groups(name), []).filter((group) => group !== "caseData" && group !== "personData");
  const referral = {
    status: "ACCEPTED",
    expiresAt: now + LATER_MS,
    purpose,
    groups: groups("granted"),
  };
  const consent = (status: string, about: readonly string[]) =>
    about.length === 0
      ? []
      : [{ status, validUntil: now + LATER_MS, recipients: [agency], groups: [...about] }];
  const holder = inCase(values.flag("holder"), false);
  const party = inCase(values.flag("party"), false) && !holder;
  const known = inCase(values.flag("known"), false) && !holder && !party;
  const row: Row = {
    caseBound,
    own: values.flag("own"),
    owner: holder,
    assigned: values.flag("assigned"),
    referrals: party ? [referral] : known ? [{ ...referral, expiresAt: 0, groups: [] }] : [],
    consents: [...consent("GIVEN", groups("consented")), ...consent("REFUSED", groups("refused"))],
    basis: inCase(values.basis, "NONE"),
    charged: inCase(values.flag("charged"), false),
    courtGroups: groups("courtGroups"),
    child: values.flag("child"),
    sealed: values.flag("sealed"),
    officialSuspect: values.flag("officialSuspect"),
    staffConflict: values.flag("staffConflict"),
    certificates: [...certificates],
    breakGlass: caseBound && values.breakGlassUntil > 0 ? { until: values.breakGlassUntil } : null,
  };
  return { row, now, unanswered: values.unanswered };
}

export function factsIn(
  { row, now, unanswered }: Situation,
  reader: ProfileReader,
  domain: PolicySet["domain"],
): Facts {
  const caseBound = row.caseBound ?? true;
  const { groups } = domain;
  if (unanswered) return factsFromAccess(null, { caseBound, breakGlassUntil: 0, now, groups });
  return foldFacts(row, reader, { domain, now });
}

export function outcomeIn(
  policySet: PolicySet,
  reader: ProfileReader,
  field: DomainField,
  situation: Situation,
): Outcome {
  const coordinate = field.coordinate as Coordinate;
  const verdict = policySet
    .profile(reader)
    .verdict({ coordinate, caseBound: situation.row.caseBound ?? true });
  if (verdict.kind === "settled") return verdict.outcome;
  return verdict.decide(factsIn(situation, reader, policySet.domain), situation.row.own ?? false);
}

/**
 * What z3 found, if the engine finds it too: brought to the time of `policy decide` where that changes nothing, and without
 * whatever does not matter to it.
 */
export function confirmed(
  values: SituationValues,
  reader: ProfileReader,
  caseBound: boolean,
  holds: (situation: Situation) => boolean,
): Situation {
  const found = situationOf(values, reader, caseBound);
  if (!holds(found)) {
    const message = `the engine does not confirm what z3 found for ${reader.role}, ${reader.purpose}`;
    throw new GatewayError("PROVER_UNAVAILABLE", message);
  }
  const now = atDecideNow(found);
  return shrink(holds(now) ? now : found, holds);
}

/** The same at the time of `policy decide`. */
function atDecideNow({ row, now, unanswered }: Situation): Situation {
  const shift = (time: number | null | undefined) => Math.max(0, (time ?? 0) - now + DECIDE_NOW);
  return {
    now: DECIDE_NOW,
    unanswered,
    row: {
      ...row,
      referrals: (row.referrals ?? []).map((each) => ({
        ...each,
        expiresAt: each.expiresAt ? shift(each.expiresAt) : 0,
      })),
      consents: (row.consents ?? []).map((each) => ({ ...each, validUntil: shift(each.validUntil) })),
      breakGlass: row.breakGlass ? { until: shift(row.breakGlass.until) } : null,
    },
  };
}

/**
 * Leaves out of a situation whatever does not matter: as long as the test still holds, parts are dropped one by one.
 */
function shrink(situation: Situation, holds: (smaller: Situation) => boolean): Situation {
  let current = situation;
  for (let changed = true; changed; ) {
    changed = false;
    for (const row of smallerRows(current.row)) {
      const smaller = { ...current, row };
      if (!holds(smaller)) continue;
      current = smaller;
      changed = true;
      break;
    }
  }
  return current;
}

const NEUTRAL: Row = {
  own: false,
  owner: false,
  assigned: true,
  basis: "NONE",
  charged: false,
  child: false,
  sealed: false,
  officialSuspect: false,
  staffConflict: false,
  breakGlass: null,
};

function* smallerRows(row: Row): Generator<Row> {
  for (const [name, neutral] of Object.entries(NEUTRAL))
    if (row[name as keyof Row] !== neutral) yield { ...row, [name]: neutral };
  const lists = ["referrals", "consents"] as const;
  for (const name of lists) {
    const list = row[name] ?? [];
    for (const [index, item] of list.entries()) {
      yield { ...row, [name]: list.toSpliced(index, 1) };
      for (const group of item.groups ?? [])
        yield {
          ...row,
          [name]: list.with(index, { ...item, groups: item.groups!.filter((each) => each !== group) }),
        };
    }
  }
  for (const group of row.courtGroups ?? [])
    yield { ...row, courtGroups: row.courtGroups!.filter((each) => each !== group) };
}

/** What is so in the situation; empty when nothing is out of the ordinary. */
export function situationWords(
  { row, unanswered }: Situation,
  { agency }: ProfileReader,
  language: Language,
): readonly string[] {
  const { situation: words, flags: flagWords, sets, is, comma, nothing } = PHRASES[language];
  if (unanswered) return [words.unanswered];
  const groups = (names: readonly string[] | null | undefined) =>
    names && names.length > 0 ? names.join(comma) : nothing;
  const flags = (["own", "charged", "child", "sealed", "officialSuspect", "staffConflict"] as const).filter(
    (name) => row[name] === true,
  );
  const { basis, courtGroups } = row;
  return [
    ...(row.caseBound === false ? [flagWords["caseBound"]![1]] : []),
    ...(row.owner ? [flagWords["holder"]![0]] : []),
    ...(row.assigned === false ? [flagWords["assigned"]![1]] : []),
    ...(row.referrals ?? []).map(({ expiresAt, groups: granted }) =>
      expiresAt === 0 ? words.oldReferral(agency) : words.referral(agency, groups(granted)),
    ),
    ...(row.consents ?? []).map(({ status, groups: about }) =>
      (status === "GIVEN" ? words.agreed : words.refused)(groups(about), agency),
    ),
    ...(basis && basis !== "NONE" ? [is("basis", basis)[0]] : []),
    ...flags.map((name) => flagWords[name]![0]),
    ...((courtGroups ?? []).length > 0 ? [sets["court"]!(groups(courtGroups))[0]] : []),
    ...(row.breakGlass ? [words.opened] : []),
  ];
}
