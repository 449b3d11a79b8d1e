/**
 * When a row is there at all for the reader, and which lookups, filters and orders it must not be found by.
 *
 * Rule    a case exists when `Case.id` is shown; a person, a worker and an employer likewise; any other row of a root
 *         field when any of its fields is (domain rules §5). To look up, filter or order by a field needs ALLOW on it.
 */
import { coordinate } from "../kernel/brands.ts";
import { filtersOf } from "./arguments.ts";
import { type Carrier, type GateMaker, recordFields, settleEarly } from "./gates.ts";
import type { ArgumentSlot, Existence, Lookup } from "./internal-operation.ts";
import { hasInput } from "./policy-inputs.ts";
import { isWrapper, type Way } from "./way.ts";

/** Types whose existence the domain decides by the group of their `id`. */
const DECIDED_BY_ID: ReadonlySet<string> = new Set(["Case", "Person", "Worker", "Employer"]);

/** Null for objects that an edge has decided already, and for what carries no grouped field. */
export function existenceOf(type: string, way: Way, within: Carrier & GateMaker): Existence | null {
  const { supergraph, profile, caseBound } = within;
  if (isWrapper(type) || (type !== "Case" && !way.rootRow)) return null;
  const asked = DECIDED_BY_ID.has(type) ? [coordinate(type, "id")] : recordFields(supergraph, type);
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
    filtersOf(slot, gates.supergraph).map(({ coordinate: where, used }) => {
      const caseBound = where.startsWith("Case.") || returned.startsWith("Referral");
      const verdict = gates.profile.verdict({ coordinate: where, caseBound });
      return {
        coordinate: where,
        used,
        verdict: settleEarly(verdict, { caseBound, constant: !caseBound }, gates),
      };
    }),
  );
}
