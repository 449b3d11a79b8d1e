/**
 * Fetches entities by representation: one request to one subgraph, whatever the number of rows and places.
 *
 * Every place (an alias of a BatchFetch, or the one place of a flattened Fetch) collects its targets through the gates. Where rows are
 * decided it prunes its selection per row, and rows with the same selection share one `_entities` field; where nothing is, the
 * planner's text is sent as it is. Equal representations are sent once.
 */
import { Kind, print, type SelectionSetNode } from "graphql";
import type { SubgraphName } from "../kernel/brands.ts";
import { entityField, operationOf } from "../kernel/fetch-text.ts";
import type { BatchAlias, BatchFetchNode, FetchNode, PathSegment } from "../plan/fetch-plan.ts";
import type { Position } from "../plan/internal-operation.ts";
import type { Plan } from "../plan/plan.ts";
import { type Asked, ask, headOf, variableMembers } from "./ask.ts";
import { keysOf, prunedText, variableTypes } from "./entity-request.ts";
import { copy, isObject, merge } from "./merge.ts";
import { markKeys, type ReplyPath } from "./missing.ts";
import { compilePrune, type Prune } from "./prune.ts";
import { type ErrorRoot, placeErrors } from "./reply-errors.ts";
import { compileRepresent, type Represent, Representations, requiresOf } from "./represent.ts";
import { compileRestore, type Restore } from "./restore.ts";
import type { Data, Run, Step } from "./run.ts";
import { type CompiledPath, compilePath, Found, type Target } from "./walk.ts";

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
  /** All that it selects, for rows of which nothing is decided. */
  readonly whole: string;
  readonly types: Types;
  /** What it brings. */
  readonly keys: readonly string[];
  /** It brings values that hold no objects. */
  readonly isFlat: boolean;
}

/** Rows of one place that ask for the same fields. */
interface Group {
  readonly place: Place;
  readonly representations: Representations;
  /** The rows; of each, where it stands, the path of the place that found it, and the index of its representation. */
  readonly objects: Data[];
  readonly positions: Position[];
  readonly paths: number[];
  readonly indices: number[];
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
    whole: set.selections.map((selection) => print(selection)).join(" "),
    types,
    keys: keysOf(set),
    isFlat: !holdsObjects(set),
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

const holdsObjects = (set: SelectionSetNode): boolean =>
  set.selections.some((selection) =>
    selection.kind === Kind.FIELD
      ? selection.selectionSet !== undefined
      : selection.kind === Kind.INLINE_FRAGMENT && holdsObjects(selection.selectionSet),
  );

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
        const selection = prunes ? prunes.get(target.position.type)?.(run, target) : place.whole;
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
  ...{ objects: [], positions: [], paths: [], indices: [] },
});

function collect(
  run: Run,
  { paths, wants, represent }: Place,
  groupFor: (target: Target, path: PlacePath) => Group | null,
): void {
  for (let at = 0; at < paths.length; at++) {
    const path = paths[at] as PlacePath;
    const { end } = path.at;
    const found = new Found();
    path.at.walk(run, found);
    for (let i = 0; i < found.objects.length; i++) {
      const object = found.objects[i] as Data;
      const position = found.positions[i] ?? end;
      // Where nothing is decided, only an object that says its type can be asked about.
      const type = position.isPlain ? object["__typename"] : position.type;
      if (typeof type !== "string" || !wants(type)) continue;
      const group = groupFor({ object, position, facts: found.facts[i] ?? run.rows.outer }, path);
      const index = group ? represent(object, type, group.representations) : -1;
      if (group === null || index < 0) continue;
      group.objects.push(object);
      group.positions.push(position);
      group.paths.push(at);
      group.indices.push(index);
    }
  }
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
function mergeEntities(
  { place, objects, positions, paths, indices }: Group,
  entities: readonly unknown[],
): void {
  place.restore?.({ [place.responseKey]: entities, _entities: entities });
  const givenBy: number[] = [];
  for (let i = 0; i < objects.length; i++) {
    const index = indices[i] as number;
    const entity = entities[index];
    if (!isObject(entity)) continue;
    const path = paths[i] as number;
    const before = givenBy[index];
    if (before === undefined) givenBy[index] = path;
    const isShared = place.isFlat || before === undefined || (before === path && positions[i]?.isPlain);
    merge(objects[i] as Data, (isShared ? entity : copy(entity)) as Data, place.types);
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
  const rows = rowsOf(group).filter((_, i) => group.indices[i] === index);
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
  for (const group of groups.values()) {
    const { keys } = group.place;
    for (const { object, position } of rowsOf(group))
      markKeys(object, position.isPlain ? keys : keys.filter((key) => position.fields.has(key)), mark);
  }
}

const rowsOf = ({ objects, positions }: Group): readonly ErrorRoot[] =>
  objects.map((object, i) => ({ object, position: positions[i] as Position }));
