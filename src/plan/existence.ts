/**
 * When a row is there at all for the reader, and which lookups, filters and orders it must not be found by.
 *
 * Rule    a case exists when `Case.id` is shown; subjects of registers (a person, a worker, an employer) likewise; any other row of a root
 *         field when any of its fields is (domain rules §5). To look up, filter or order by a field needs ALLOW on it.
 */
import { type Coordinate, coordinate } from "../kernel/brands.ts";
import type { Verdict } from "../policy/verdict.ts";
import { filtersOf } from "./arguments.ts";
import { type Carrier, type GateMaker, recordFields, settleEarly } from "./gates.ts";
import type { ArgumentSlot, Existence, Lookup } from "./internal-operation.ts";
import { hasInput } from "./policy-inputs.ts";
import { isWrapper, type Way } from "./way.ts";

/** Null for objects that an edge has decided already, and for what carries no grouped field. */
export function existenceOf(type: string, way: Way, within: Carrier & GateMaker): Existence | null {
  const { supergraph, profile, caseBound } = within;
  if (isWrapper(type) || (type !== "Case" && !way.rootRow)) return null;
  const isDecidedById = type === "Case" || supergraph.subjects.has(type);
  const asked = isDecidedById ? [coordinate(type, "id")] : recordFields(supergraph, type);
  if (asked.length === 0) return null;
  return {
    verdicts: asked.map((where) =>
      settleEarly(profile.verdict({ coordinate: where, caseBound }), within, within),
    ),
    own: hasInput(supergraph, type, "own") ? "row" : false,
    lookups: way.lookups.filter(({ verdict }) => verdict.kind === "residual"),
  };
}

/** What the arguments of a root field read of the rows that it returns. */
export function lookupsOf(
  slots: readonly ArgumentSlot[],
  returned: string,
  gates: GateMaker,
): readonly Lookup[] {
  return slots.flatMap((slot) =>
    filtersOf(slot, gates.supergraph).map(({ coordinate: where, used }) => ({
      coordinate: where,
      used,
      verdict: lookupVerdict(where, lookupIsCaseBound(where, returned), gates),
    })),
  );
}

/** Whether a case leads to what an argument of a root field reads. */
export const lookupIsCaseBound = (where: Coordinate, returned: string): boolean =>
  where.startsWith("Case.") || returned.startsWith("Referral");

export const lookupVerdict = (where: Coordinate, caseBound: boolean, gates: GateMaker): Verdict =>
  settleEarly(
    gates.profile.verdict({ coordinate: where, caseBound }),
    { caseBound, constant: !caseBound },
    gates,
  );

/** Whether any row may be searched by the field. It may still be absent: what a residual says of it, its existence asks again. */
export const mayAllow = (verdict: Verdict): boolean =>
  verdict.kind === "residual" ? verdict.allows : verdict.outcome.effect === "ALLOW";
