/**
 * A condition on a situation as officers write it in `policies/invariants.yaml`: `{ own: true, consented: false }`.
 *
 * Out     the same condition twice: as a term of a proof, and on the facts of one row. `granted`, `consented`, `refused`
 *         and `court` speak of the group of the field; `register` says that the group is one that the reader's agency keeps.
 */
import { z } from "zod";
import { type Domain, isRegister } from "../domain.ts";
import type { Facts } from "../verdict.ts";
import type { Situations } from "./situations.ts";
import { FALSE, type Term, TRUE } from "./terms.ts";

const CASE_FLAGS = ["holder", "party", "known", "charged"] as const;
const ROW_FLAGS = ["own", "assigned", "child", "sealed", "officialSuspect", "staffConflict"] as const;
const SET_FACTS = {
  granted: "granted",
  consented: "consented",
  refused: "refused",
  court: "courtGroups",
} as const;
const SET_NAMES = ["granted", "consented", "refused", "court"] as const;
const flag = z.boolean().optional();

export const conditionSchema = z
  .strictObject({
    caseBound: flag,
    register: flag,
    breakGlass: flag,
    basis: z.array(z.string()).min(1).optional(),
    holder: flag,
    party: flag,
    known: flag,
    charged: flag,
    own: flag,
    assigned: flag,
    child: flag,
    sealed: flag,
    officialSuspect: flag,
    staffConflict: flag,
    granted: flag,
    consented: flag,
    refused: flag,
    court: flag,
  })
  .readonly();

export type Condition = z.infer<typeof conditionSchema>;

/** About whom and what the condition is. */
export interface About {
  readonly agency: string;
  readonly group: string;
  readonly caseBound: boolean;
  readonly domain: Domain;
}

export function conditionTerm(condition: Condition, situations: Situations, about: About): Term {
  const { terms } = situations;
  const { agency, group, caseBound, domain } = about;
  const inCase = (term: Term) => (caseBound ? term : FALSE);
  const parts: Term[] = [];
  const want = (wanted: boolean | undefined, term: Term) => {
    if (wanted !== undefined) parts.push(wanted ? term : terms.not(term));
  };
  want(condition.caseBound, caseBound ? TRUE : FALSE);
  want(condition.register, isRegister(domain.cell(group, agency)) ? TRUE : FALSE);
  for (const name of CASE_FLAGS) want(condition[name], inCase(situations.flag(name)));
  for (const name of ROW_FLAGS) want(condition[name], situations.flag(name));
  for (const name of SET_NAMES) {
    const fact = SET_FACTS[name];
    want(
      condition[name],
      inCase(
        terms.or(
          situations.has(fact, group),
          aboveOf(domain.kindOf(group), (above) => situations.has(fact, above)),
        ),
      ),
    );
  }
  const open = terms.integers(">", [situations.time("breakGlassUntil"), situations.time("now")], "Bool");
  want(condition.breakGlass, inCase(open));
  const bases = condition.basis?.map((basis) => situations.basis(basis)) ?? [TRUE];
  const none = condition.basis?.includes("NONE") === false ? FALSE : TRUE;
  return terms.and(...parts, caseBound ? terms.or(...bases) : none);
}

export function conditionHolds(condition: Condition, facts: Facts, own: boolean, about: About): boolean {
  const { agency, group, domain } = about;
  const matches = (wanted: boolean | undefined, is: boolean) => wanted === undefined || wanted === is;
  const has = (groups: readonly string[]) => groups.includes(group) || groups.includes(domain.kindOf(group));
  return (
    matches(condition.caseBound, facts.caseBound) &&
    matches(condition.register, isRegister(domain.cell(group, agency))) &&
    matches(condition.own, own) &&
    [...CASE_FLAGS, ...ROW_FLAGS.filter((name) => name !== "own")].every((name) =>
      matches(condition[name], facts[name as keyof Facts] === true),
    ) &&
    SET_NAMES.every((name) => matches(condition[name], has(facts[SET_FACTS[name]]))) &&
    matches(condition.breakGlass, facts.breakGlassUntil > facts.now) &&
    (condition.basis?.includes(facts.basis) ?? true)
  );
}

function aboveOf(kind: ReturnType<Domain["kindOf"]>, has: (above: "caseData" | "personData") => Term): Term {
  return kind === "commonData" ? FALSE : has(kind);
}
