/**
 * Fetches entities by representation: one request to one subgraph, whatever the number of rows and places.
 *
 * Every place (an alias of a BatchFetch, or the one place of a flattened Fetch) collects its targets through the gates. Where rows are
 * decided it prunes its selection per row, and rows with the same selection share one `_entities` field; where nothing is, the
 * planner's text is sent as it is. Equal representations are sent once.
 */
import { Kind, type SelectionSetNode } from "graphql";
import type { SubgraphName } from "../kernel/brands.ts";
import type { BatchAlias, BatchFetchNode, FetchNode, PathSegment } from "../plan/fetch-plan.ts";
import type { Position } from "../plan/internal-operation.ts";
import type { Plan } from "../plan/plan.ts";
import { type Asked, ask, headOf, variableMembers } from "./ask.ts";
import { entityField, keysOf, operationOf, prunedText, variableTypes } from "./entity-request.ts";
import { copy, isObject, merge } from "./merge.ts";
import { markKeys, type ReplyPath } from "./missing.ts";
import { compilePrune, type Prune } from "./prune.ts";
import { placeErrors } from "./reply-errors.ts";
import { compileRepresent, type Represent, requiresOf } from "./represent.ts";
import { compileRestore, type Restore } from "./restore.ts";
import type { Data, Run, Step } from "./run.ts";
import { type CompiledPath, compilePath, type Target } from "./walk.ts";

type Types = Plan["types"];

interface PlacePath {
  readonly at: CompiledPath;
  /** By type; null where nothing is decided. */
  readonly prunes: ReadonlyMap<string, Prune> | null;
}

interface Place {
  readonly responseKey: string;
  readonly variable: string;
  readonly paths: readonly PlacePath[];
  readonly wants: (type: string) => boolean;
  readonly represent: Represent;
  readonly restore: Restore | null;
  /** What it brings. */
  readonly keys: readonly string[];
}

/** Representations of one variable, each once. */
class Representations {
  text = "";
  readonly #indexOf = new Map<string, number>();

  add(representation: string): number {
    let index = this.#indexOf.get(representation);
    if (index === undefined) {
      index = this.#indexOf.size;
      this.#indexOf.set(representation, index);
      this.text += index === 0 ? representation : `,${representation}`;
    }
    return index;
  }

  get size(): number {
    return this.#indexOf.size;
  }
}

/** Rows of one place that ask for the same fields. */
interface Group {
  readonly place: Place;
  readonly representations: Representations;
  readonly targets: Target[];
  /** Path of the place that each target was found by, and the index of its representation. */
  readonly found: { readonly path: number; readonly index: number }[];
}

export function flattenedFetch(
  node: FetchNode,
  path: readonly PathSegment[],
  root: Position,
  types: Types,
): Step {
  const alias: BatchAlias = {
    ...node,
    alias: "_entities",
    representationsVariableName: "representations",
    paths: [path],
    requires: node.requires ?? [],
  };
  return entityStep(node, [alias], root, types);
}

export const batchFetch = (node: BatchFetchNode, root: Position, types: Types): Step =>
  entityStep(node, node.entityBatch.aliases, root, types);

function entityStep(
  node: FetchNode | BatchFetchNode,
  aliases: readonly BatchAlias[],
  root: Position,
  types: Types,
): Step {
  const operation = operationOf(node.operation);
  const places = aliases.map((alias) =>
    compilePlace(alias, entityField(operation, alias.alias).selectionSet as SelectionSetNode, root, types),
  );
  const isPlain = places.every(({ paths }) => paths.every(({ prunes }) => prunes === null));
  const askFor = isPlain ? plannedRequest(node) : prunedRequest(node, variableTypes(operation));
  const first = places[0]?.paths[0]?.at.field ?? null;
  const path = first && !first.underList ? first.responsePath : null;
  const subgraph = node.serviceName as SubgraphName;
  return (run) => {
    const sent = askFor(run, places, path);
    if (sent === null) return undefined;
    return sent.asked.then((asked) => {
      if ("fault" in asked) fail(run, sent.groups, asked.fault);
      else deliver(run, sent.groups, asked.reply, { subgraph, path });
    });
  };
}

function compilePlace(alias: BatchAlias, set: SelectionSetNode, root: Position, types: Types): Place {
  return {
    responseKey: alias.alias,
    variable: alias.representationsVariableName,
    paths: alias.paths.map((path) => {
      const at = compilePath(path, root, types);
      return { at, prunes: at.end.isPlain ? null : compilePrunes(set, at.end) };
    }),
    wants: requiresOf(alias.requires, types),
    represent: compileRepresent(alias.requires, alias.inputRewrites ?? [], types),
    restore: compileRestore(alias.outputRewrites ?? [], types),
    keys: keysOf(set),
  };
}

function compilePrunes(set: SelectionSetNode, end: Position): ReadonlyMap<string, Prune> {
  const prunes = new Map<string, Prune>();
  for (const selection of set.selections) {
    if (selection.kind !== Kind.INLINE_FRAGMENT || !selection.typeCondition) continue;
    const type = selection.typeCondition.name.value;
    const position = end.byType?.get(type) ?? end;
    if (position.type === type) prunes.set(type, compilePrune(selection.selectionSet, position));
  }
  return prunes;
}

interface Sent {
  /** By response key of the reply. */
  readonly groups: ReadonlyMap<string, Group>;
  readonly asked: Promise<Asked>;
}

type Request = (run: Run, places: readonly Place[], path: readonly string[] | null) => Sent | null;

/** The planner's own text; places that share a variable share its representations. */
function plannedRequest({
  operation,
  serviceName,
  variableUsages = [],
}: FetchNode | BatchFetchNode): Request {
  const head = headOf(operation);
  const subgraph = serviceName as SubgraphName;
  return (run, places, path) => {
    const groups = new Map<string, Group>();
    const byVariable = new Map<string, Representations>();
    for (const place of places) {
      const known = byVariable.get(place.variable);
      const group = newGroup(place, known);
      byVariable.set(place.variable, group.representations);
      collect(run, place, () => group);
      groups.set(place.responseKey, group);
    }
    let variables = variableMembers(run, variableUsages);
    let isSome = false;
    for (const [name, { text, size }] of byVariable) {
      isSome ||= size > 0;
      variables += `${variables === "" ? "" : ","}"${name}":[${text}]`;
    }
    if (!isSome) return null;
    const question = { subgraph, query: operation, head, kind: "query" as const, variables, path };
    return { groups, asked: ask(run, question) };
  };
}

/** A text for what the rows at hand may be asked; texts are kept by what they select. */
function prunedRequest(node: FetchNode | BatchFetchNode, types: ReadonlyMap<string, string>): Request {
  const subgraph = node.serviceName as SubgraphName;
  const names = [...types.keys()];
  const texts = new Map<string, { readonly query: string; readonly head: string }>();
  return (run, places, path) => {
    const groups = new Map<string, Group>();
    const selections: string[] = [];
    for (const place of places) {
      const bySelection = new Map<string, Group>();
      collect(run, place, (target, { prunes }) => {
        const selection = prunes?.get(target.position.type)?.(run, target);
        if (!selection) return null;
        let group = bySelection.get(selection);
        if (!group) {
          group = newGroup(place);
          bySelection.set(selection, group);
        }
        return group;
      });
      for (const [selection, group] of bySelection) {
        if (group.representations.size === 0) continue;
        groups.set(`e${selections.push(selection) - 1}`, group);
      }
    }
    if (groups.size === 0) return null;
    const signature = selections.join("\n");
    let text = texts.get(signature);
    if (text === undefined) {
      const query = prunedText(selections, types);
      text = { query, head: headOf(query) };
      texts.set(signature, text);
    }
    const members = [...groups.values()].map(({ representations }, i) => `"r${i}":[${representations.text}]`);
    const passed = variableMembers(run, names);
    const variables = (passed === "" ? members : [passed, ...members]).join(",");
    return { groups, asked: ask(run, { subgraph, ...text, kind: "query", variables, path }) };
  };
}

const newGroup = (place: Place, representations = new Representations()): Group => ({
  place,
  representations,
  targets: [],
  found: [],
});

function collect(run: Run, place: Place, groupFor: (target: Target, path: PlacePath) => Group | null): void {
  for (const [at, path] of place.paths.entries()) {
    const targets: Target[] = [];
    path.at.walk(run, targets);
    for (const target of targets) {
      const type = typeOf(target);
      if (type === undefined || !place.wants(type)) continue;
      const group = groupFor(target, path);
      const representation = group && place.represent(target.object, type);
      if (!representation) continue;
      group.targets.push(target);
      group.found.push({ path: at, index: group.representations.add(representation) });
    }
  }
}

/** Where nothing is decided, only an object that says its type can be asked about. */
function typeOf({ object, position }: Target): string | undefined {
  if (!position.isPlain) return position.type;
  const type = object["__typename"];
  return typeof type === "string" ? type : undefined;
}

function deliver(
  run: Run,
  groups: Sent["groups"],
  { data, errors }: Extract<Asked, { readonly reply: unknown }>["reply"],
  context: Parameters<typeof placeErrors>[2],
): void {
  if (errors.length > 0) placeErrors(run, errors, context, (path) => rootsOf(groups, data, path));
  for (const [responseKey, group] of groups) {
    const entities = data?.[responseKey];
    if (Array.isArray(entities)) mergeEntities(group, entities);
  }
}

/**
 * Gives each target its entity. Targets found by one path are one selection of one entity and share it; at another place, or where rows
 * are decided one by one, a second target gets a copy.
 */
function mergeEntities({ place, targets, found }: Group, entities: readonly unknown[]): void {
  place.restore?.({ [place.responseKey]: entities, _entities: entities });
  const givenBy = new Map<number, number>();
  for (let i = 0; i < targets.length; i++) {
    const { object, position } = targets[i] as Target;
    const { path, index } = found[i] as Group["found"][number];
    const entity: unknown = entities[index];
    if (!isObject(entity)) continue;
    const before = givenBy.get(index);
    if (before === undefined) givenBy.set(index, path);
    const isShared = before === undefined || (before === path && position.isPlain);
    merge(object, (isShared ? entity : copy(entity)) as Data);
  }
}

/** The objects that an error at `[_entities, 3, name]` is about: the entity itself, or the rows that wait for it. */
function rootsOf(
  groups: Sent["groups"],
  data: Data | null,
  [responseKey, index, ...rest]: ReplyPath,
): ReturnType<Parameters<typeof placeErrors>[3]> {
  const group = groups.get(String(responseKey));
  if (!group || typeof index !== "number") return null;
  const entities = data?.[String(responseKey)];
  const entity: unknown = Array.isArray(entities) ? entities[index] : null;
  const rows = group.targets.filter((_, i) => group.found[i]?.index === index);
  const roots = isObject(entity)
    ? rows.slice(0, 1).map(({ position }) => ({ object: entity as Data, position }))
    : rows;
  return { roots, rest };
}

/** The fetch has been told; its rows only say that there is nothing more to tell about them. */
function fail(
  run: Run,
  groups: Sent["groups"],
  fault: Extract<Asked, { readonly fault: unknown }>["fault"],
): void {
  const mark = run.missing.mark(fault, [], false);
  for (const { place, targets } of groups.values())
    for (const { object, position } of targets)
      markKeys(
        object,
        position.isPlain ? place.keys : place.keys.filter((key) => position.fields.has(key)),
        mark,
      );
}
