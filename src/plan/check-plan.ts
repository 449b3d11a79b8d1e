/**
 * Refuses a plan that would be silently wrong: one that asks a subgraph for what it does not answer, or leaves out what was asked.
 *
 * In      the plan; the canonical text that was planned; what each subgraph serves.
 * Rule    a subgraph answers for its own fields; for an input, a key or another's field only where it is a key or was brought along
 *         (`@provides`); for a field with inputs (`@requires`) only of an entity that it was given.
 *         Every field outside of type conditions is asked of somebody. (Below one the planner may know that no object is of the type.)
 * Errors  PLANNER_UNAVAILABLE.
 * Cost    one walk over the texts of a plan, once for each plan.
 */
import { type FieldNode, Kind, type SelectionSetNode } from "graphql";
import type { SubgraphName } from "../kernel/brands.ts";
import { keyOf, operationOf } from "../kernel/fetch-text.ts";
import type { Served, ServedField, ServedType } from "../supergraph/served.ts";
import type { FetchPlan } from "./fetch-plan.ts";
import { type FetchPlace, planFetches } from "./plan-fetches.ts";
import { unavailable } from "./planner-process.ts";

const ROOT_TYPE = { query: "Query", mutation: "Mutation", subscription: "Subscription" } as const;

export function checkPlan(plan: FetchPlan, text: string, served: Served): void {
  const brought = new Keys();
  for (const { fetch, places } of planFetches(plan)) {
    const types = served.get(fetch.serviceName as SubgraphName);
    for (const place of places) {
      brought.add(place);
      const root = place.requires ? null : ROOT_TYPE[fetch.operationKind];
      const wrong = types
        ? unanswered(place.set, { type: root, isGiven: true, brings: [], types })
        : "anything";
      if (wrong) throw unavailable(`the plan asks \`${fetch.serviceName}\` for \`${wrong}\``);
    }
  }
  const missing = brought.missing(operationOf(text).selectionSet);
  if (missing) throw unavailable(`the plan asks nobody for \`${missing}\``);
}

interface Object {
  /** Null where only a type condition can tell: among entities. */
  readonly type: string | null;
  /** An entity that was sent, with the inputs of its fields. */
  readonly isGiven: boolean;
  /** What is brought along here. */
  readonly brings: readonly SelectionSetNode[];
  readonly types: ReadonlyMap<string, ServedType>;
}

/** The first field that the subgraph does not answer for, `Type.field`. */
function unanswered({ selections }: SelectionSetNode, at: Object): string | null {
  for (const selection of selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
    const wrong =
      selection.kind === Kind.FIELD
        ? unansweredField(selection, at)
        : unanswered(selection.selectionSet, {
            ...at,
            type: selection.typeCondition?.name.value ?? at.type,
            brings: at.brings.flatMap((set) => [set, ...fragmentsIn(set)]),
          });
    if (wrong) return wrong;
  }
  return null;
}

function unansweredField(node: FieldNode, { type, isGiven, brings, types }: Object): string | null {
  const name = node.name.value;
  if (name.startsWith("__")) return null;
  const served = types.get(type ?? "");
  const field = served?.fields.get(name);
  const along = [...brings, ...(served?.keys ?? [])].flatMap((set) => fieldsNamed(set, name));
  if (!field || !answers(field, isGiven, along.length > 0)) return `${type}.${name}`;
  if (!node.selectionSet) return null;
  const below = [
    ...along.flatMap(({ selectionSet }) => selectionSet ?? []),
    ...(field.provides ? [field.provides] : []),
  ];
  return unanswered(node.selectionSet, { type: field.returns, isGiven: false, brings: below, types });
}

const answers = ({ onlyKnown, hasInputs }: ServedField, isGiven: boolean, isBrought: boolean): boolean =>
  onlyKnown ? isBrought : isGiven || !hasInputs;

const fieldsNamed = ({ selections }: SelectionSetNode, name: string): readonly FieldNode[] =>
  selections.flatMap((selection) =>
    selection.kind === Kind.FIELD && selection.name.value === name ? [selection] : [],
  );

const fragmentsIn = ({ selections }: SelectionSetNode): readonly SelectionSetNode[] =>
  selections.flatMap((selection) =>
    selection.kind === Kind.INLINE_FRAGMENT ? [selection.selectionSet] : [],
  );

/** Keys under which values will be there, by place. */
class Keys {
  readonly #below = new Map<string, Keys>();

  add({ path, set, rewrites }: FetchPlace): void {
    const here = path.reduce((keys: Keys, key) => keys.#at(key), this);
    here.#addSet(set);
    for (const {
      KeyRenamer: { path: way, renameKeyTo },
    } of rewrites) {
      const keys = way.flatMap(({ Key }) => Key ?? []);
      const parent = keys.slice(0, -1).reduce((found: Keys, key) => found.#at(key), here);
      parent.#below.set(renameKeyTo, parent.#at(keys.at(-1) ?? ""));
    }
  }

  /** The first field outside of type conditions that is not there, as a path of keys. */
  missing({ selections }: SelectionSetNode): string | null {
    for (const selection of selections) {
      if (selection.kind !== Kind.FIELD || selection.name.value.startsWith("__")) continue;
      const key = keyOf(selection);
      const below = this.#below.get(key);
      if (!below) return selection.name.value;
      const missing = selection.selectionSet && below.missing(selection.selectionSet);
      if (missing) return `${selection.name.value}.${missing}`;
    }
    return null;
  }

  #at(key: string): Keys {
    let keys = this.#below.get(key);
    if (!keys) {
      keys = new Keys();
      this.#below.set(key, keys);
    }
    return keys;
  }

  #addSet({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) this.#addSet(selection.selectionSet);
      if (selection.kind !== Kind.FIELD) continue;
      const below = this.#at(keyOf(selection));
      if (selection.selectionSet) below.#addSet(selection.selectionSet);
    }
  }
}
