/**
 * Fetches entities by representation: one request to one subgraph, whatever the number of rows and places.
 *
 * Every place (an alias of a BatchFetch, or the one place of a flattened Fetch) collects its targets through the
 * gates, prunes its selection per row, and rows with the same selection share one `_entities` field.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  visit,
} from "graphql";
import type { SubgraphName } from "../kernel/brands.ts";
import type { BatchAlias, BatchFetchNode, FetchNode, PathSegment } from "../plan/fetch-plan.ts";
import type { Position } from "../plan/internal-operation.ts";
import { ask, pick } from "./ask.ts";
import { copy, isObject, merge } from "./merge.ts";
import { compilePrune, type Prune } from "./prune.ts";
import { compileRepresent, compileRestore, type Represent } from "./represent.ts";
import type { Data, Run, Step } from "./run.ts";
import { type CompiledPath, compilePath, type Target } from "./walk.ts";

interface Place {
  readonly paths: readonly { readonly at: CompiledPath; readonly prunes: ReadonlyMap<string, Prune> }[];
  readonly represent: Represent;
  readonly restore: (reply: Data) => void;
}

/** Rows of one place that ask for the same fields. */
interface Group {
  readonly selection: string;
  readonly representations: Data[];
  readonly indexOf: Map<string, number>;
  readonly targets: { readonly object: Data; readonly index: number }[];
  readonly restore: (reply: Data) => void;
}

export function flattenedFetch(node: FetchNode, path: readonly PathSegment[], root: Position): Step {
  const operation = operationOf(node.operation);
  const field = operation.selectionSet.selections[0] as FieldNode;
  const alias: BatchAlias = {
    ...node,
    alias: "_entities",
    representationsVariableName: "",
    paths: [path],
    requires: node.requires ?? [],
  };
  return entityStep(node.serviceName, operation, [compilePlace(alias, field, root)]);
}

export function batchFetch(node: BatchFetchNode, root: Position): Step {
  const operation = operationOf(node.operation);
  const places = node.entityBatch.aliases.map((alias) => {
    const field = operation.selectionSet.selections.find(
      (selection) => selection.kind === Kind.FIELD && selection.alias?.value === alias.alias,
    ) as FieldNode;
    return compilePlace(alias, field, root);
  });
  return entityStep(node.serviceName, operation, places);
}

/** The one operation of a fetch; the planner shares repeated selections as fragments, which are written out here. */
function operationOf(text: string): OperationDefinitionNode {
  const { definitions } = parse(text, { noLocation: true });
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const operation = definitions.find(
    (node) => node.kind === Kind.OPERATION_DEFINITION,
  ) as OperationDefinitionNode;
  return visit(operation, {
    FragmentSpread: ({ name }) => {
      const { typeCondition, selectionSet } = fragments.get(name.value) as FragmentDefinitionNode;
      return { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet };
    },
  });
}

function compilePlace(alias: BatchAlias, field: FieldNode, root: Position): Place {
  const byType = new Map<string, SelectionSetNode>();
  for (const selection of field.selectionSet?.selections ?? []) {
    if (selection.kind === Kind.INLINE_FRAGMENT && selection.typeCondition) {
      byType.set(selection.typeCondition.name.value, selection.selectionSet);
    }
  }
  return {
    paths: alias.paths.map((path) => {
      const at = compilePath(path, root);
      const prunes = new Map<string, Prune>();
      for (const [type, set] of byType) {
        const position = at.end.byType?.get(type) ?? at.end;
        if (position.type === type) prunes.set(type, compilePrune(set, position));
      }
      return { at, prunes };
    }),
    represent: compileRepresent(alias.requires, alias.inputRewrites),
    restore: compileRestore(alias.outputRewrites),
  };
}

function entityStep(service: string, operation: OperationDefinitionNode, places: readonly Place[]): Step {
  const subgraph = service as SubgraphName;
  const types = new Map(
    operation.variableDefinitions?.map((node) => [node.variable.name.value, print(node.type)]),
  );
  const texts = new Map<string, string>();
  const first = places[0]?.paths[0]?.at.field ?? null;
  const path = first && !first.underList ? first.responsePath : null;
  return (run) => {
    const groups = places.flatMap((place) => [...groupsOf(run, place)]);
    if (groups.length === 0) return undefined;
    const signature = groups.map(({ selection }) => selection).join("\n");
    let query = texts.get(signature);
    if (query === undefined) {
      query = requestText(groups, types);
      texts.set(signature, query);
    }
    const variables = pick(run.variables, types.keys());
    groups.forEach(({ representations }, i) => {
      variables[`r${i}`] = representations;
    });
    return ask(run, { subgraph, query, kind: "query", variables, path }).then((data) => {
      if (data) for (const [i, group] of groups.entries()) deliver(group, data[`e${i}`]);
    });
  };
}

function groupsOf(run: Run, place: Place): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const { at, prunes } of place.paths) {
    const found: Target[] = [];
    at.walk(run, found);
    for (const target of found) {
      const { type } = target.position;
      const selection = prunes.get(type)?.(run, target);
      if (!selection) continue;
      const representation = place.represent(target.object, type);
      if (!representation) continue;
      addTo(groupFor(groups, selection, place), representation, target.object);
    }
  }
  return groups.values();
}

function groupFor(groups: Map<string, Group>, selection: string, place: Place): Group {
  let group = groups.get(selection);
  if (!group) {
    group = { selection, representations: [], indexOf: new Map(), targets: [], restore: place.restore };
    groups.set(selection, group);
  }
  return group;
}

function addTo(group: Group, representation: Data, object: Data): void {
  const key = JSON.stringify(representation);
  let index = group.indexOf.get(key);
  if (index === undefined) {
    index = group.representations.push(representation) - 1;
    group.indexOf.set(key, index);
  }
  group.targets.push({ object, index });
}

function requestText(groups: readonly Group[], types: ReadonlyMap<string, string>): string {
  const fields = groups
    .map(({ selection }, i) => `e${i}:_entities(representations:$r${i}){${selection}}`)
    .join(" ");
  const used = new Set(
    [...fields.matchAll(/\$([_A-Za-z][_0-9A-Za-z]*)/g)].map((match) => match[1] as string),
  );
  const passed = [...types].flatMap(([name, type]) => (used.has(name) ? [`$${name}:${type}`] : []));
  const declared = [...passed, ...groups.map((_, i) => `$r${i}:[_Any!]!`)];
  return `query(${declared.join(" ")}){${fields}}`;
}

/** Gives each target its entity; a second target of the same entity gets a copy, for its gates may differ. */
function deliver(group: Group, entities: unknown): void {
  if (!Array.isArray(entities)) return;
  group.restore({ _entities: entities });
  const given = new Set<number>();
  for (const { object, index } of group.targets) {
    const entity: unknown = entities[index];
    if (!isObject(entity)) continue;
    merge(object, given.has(index) ? copy(entity as Data) : (entity as Data));
    given.add(index);
  }
}
