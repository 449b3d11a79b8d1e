/**
 * Every kind of row that no case leads to, as far as a decision can tell them apart: few enough to ask about each.
 *
 * In      the facts that the decision reads; the facts of such a row; whose row it is, if the schema tells; whether it belongs to a
 *         person, who may be a child or have an official among the suspects wherever she is met.
 * Out     at most 16 rows.
 */
import type { FactName, Facts } from "../policy/verdict.ts";

interface RegisterRow {
  readonly facts: Facts;
  readonly own: boolean;
}

const OF_PERSONS = ["child", "officialSuspect", "staffConflict"] as const;

export function registerRows(
  reads: ReadonlySet<FactName>,
  facts: Facts,
  { own, isPerson }: { readonly own: boolean | "row"; readonly isPerson: boolean },
): readonly RegisterRow[] {
  const owners = own !== "row" ? [own] : reads.has("own") ? [true, false] : [false];
  const open = isPerson ? OF_PERSONS.filter((name) => reads.has(name)) : [];
  const all = open.reduce<readonly Facts[]>(
    (rows, name) => rows.flatMap((row) => [true, false].map((is) => ({ ...row, [name]: is }))),
    [facts],
  );
  return owners.flatMap((owner) => all.map((row) => ({ facts: row, own: owner })));
}
