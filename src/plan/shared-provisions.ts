/**
 * Fields whose `@provides` the planner would believe too widely.
 *
 * Why     in one subgraph it keeps what is brought along by type, not by way: with `Query.q: E @provides(fields: "a")` and
 *         `H.e: E @provides(fields: "b")` it asks that subgraph for `q { b }`, and the answer is silently null. Fields of one parent it
 *         tells apart.
 * Out     fields that must do without: that bring along other values of a type than another parent's field, or than themselves elsewhere.
 * Rule    a type without a key in that subgraph keeps what it has: there may be no other way to its values.
 */
import { Kind, type SelectionSetNode } from "graphql";
import type { ServedType } from "../supergraph/served.ts";

/** Values of one type that are brought along at one place. */
interface Brought {
  readonly type: string;
  readonly values: string;
}

/** `Type.field` of one subgraph. */
export function sharedProvisions(types: ReadonlyMap<string, ServedType>): ReadonlySet<string> {
  const dropped = new Set<string>();
  const kept: (Brought & { readonly parent: string })[] = [];
  for (const { name: parent, fields } of types.values())
    for (const [name, { returns, provides }] of fields) {
      if (provides === null) continue;
      const brought = [...broughtIn(provides, returns, types)];
      const others = kept.filter((each) => each.parent !== parent);
      const isShared = brought.some((one) =>
        [...others, ...brought].some((other) => isAmbiguous(one, other)),
      );
      const isReached = brought.every(({ type }) => (types.get(type)?.keys.length ?? 0) > 0);
      if (isShared && isReached) dropped.add(`${parent}.${name}`);
      else kept.push(...brought.map((each) => ({ ...each, parent })));
    }
  return dropped;
}

const isAmbiguous = (one: Brought, other: Brought): boolean =>
  one.type === other.type && one.values !== other.values;

function* broughtIn(
  { selections }: SelectionSetNode,
  type: string,
  types: ReadonlyMap<string, ServedType>,
): Iterable<Brought> {
  const fields = selections.filter((selection) => selection.kind === Kind.FIELD);
  const values = fields.flatMap(({ name, selectionSet }) => (selectionSet ? [] : name.value));
  if (fields.length > 0) yield { type, values: values.sort().join(" ") };
  for (const { name, selectionSet } of fields) {
    const field = types.get(type)?.fields.get(name.value);
    if (selectionSet && field) yield* broughtIn(selectionSet, field.returns, types);
  }
  for (const selection of selections)
    if (selection.kind === Kind.INLINE_FRAGMENT)
      yield* broughtIn(selection.selectionSet, selection.typeCondition?.name.value ?? type, types);
}
