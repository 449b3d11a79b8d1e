/**
 * The supergraph as the planner is given it: of the same meaning, written so that known faults of the planner do not show (decision 5).
 *
 * Names     it finds no way from an interface object to the interface's types unless the subgraph's name comes after the name of one that
 *           knows the interface. Subgraphs get names that sort so; plans name them as they are called.
 * Provided  `@provides` only ever saves a fetch, and is left out where it would be believed too widely (`shared-provisions.ts`).
 * Keys      it enters a subgraph for a field with inputs by the key listed last: the one that most subgraphs know comes last.
 */
import {
  type ArgumentNode,
  type ASTVisitor,
  type DirectiveNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  visit,
} from "graphql";
import type { SubgraphName } from "../kernel/brands.ts";
import { directivesNamed, textArgument } from "../supergraph/ast.ts";
import { subgraphNames } from "../supergraph/join.ts";
import { type Served, servedBy } from "../supergraph/served.ts";
import type { FetchPlan } from "./fetch-plan.ts";
import { namedBy } from "./named-by.ts";
import { sharedProvisions } from "./shared-provisions.ts";

export interface PlannerSupergraph {
  readonly sdl: string;
  /** A plan with the subgraphs' own names. */
  named(plan: FetchPlan): FetchPlan;
}

export function plannerSupergraph(sdl: string): PlannerSupergraph {
  const document = parse(sdl, { noLocation: true });
  const served = servedBy(document);
  const given = sortedNames(served);
  const graphs = subgraphNames(document);
  const rewritten = [
    withNames(given),
    withoutProvisions(served, graphs),
    withKeysInOrder(served, graphs),
  ].reduce((before, visitor) => visit(before, visitor), document);
  const own = new Map([...given].map(([name, other]) => [other, name]));
  return {
    sdl: rewritten === document ? sdl : print(rewritten),
    named: own.size === 0 ? (plan) => plan : (plan) => namedBy(plan, own),
  };
}

/** Other names for all subgraphs, that of an object after those of the interface; none when there is no interface object. */
function sortedNames(served: Served): ReadonlyMap<string, SubgraphName> {
  const ranks = new Map<SubgraphName, number>();
  const rankOf = (name: SubgraphName): number => ranks.get(name) ?? 0;
  const objects = [...served].flatMap(([name, types]) =>
    [...types.values()].flatMap((type) => (type.isInterfaceObject ? [{ name, type: type.name }] : [])),
  );
  // Subgraphs that know one another's interfaces as objects have no order: as many rounds as there are subgraphs end it.
  for (const _ of served)
    for (const { name, type } of objects) {
      const homes = [...served].filter(([, types]) => types.get(type)?.isInterfaceObject === false);
      const first = Math.min(...homes.map(([home]) => rankOf(home)));
      if (homes.length > 0) ranks.set(name, Math.max(rankOf(name), first + 1));
    }
  if (ranks.size === 0) return new Map();
  const sorted = (name: SubgraphName): string => `${String(rankOf(name)).padStart(4, "0")}_${name}`;
  return new Map([...served.keys()].map((name) => [name, sorted(name) as SubgraphName]));
}

/** Told by `@join__graph(name:)`, meant by `@join__field(override:)`. */
function withNames(given: ReadonlyMap<string, SubgraphName>): ASTVisitor {
  const argumentOf = new Map([
    ["join__graph", "name"],
    ["join__field", "override"],
  ]);
  return {
    Directive: (use: DirectiveNode) => {
      const argument = argumentOf.get(use.name.value) ?? "";
      const name = given.get(textArgument(use, argument) ?? "");
      return (
        name && withArguments(use, (each) => (each.name.value === argument ? texted(argument, name) : each))
      );
    },
  };
}

function withoutProvisions(served: Served, graphs: ReadonlyMap<string, SubgraphName>): ASTVisitor {
  const shared = new Map([...served].map(([name, types]) => [name, sharedProvisions(types)]));
  return {
    ObjectTypeDefinition: (node: ObjectTypeDefinitionNode) => {
      const isShared = (use: DirectiveNode, field: string): boolean => {
        const graph = graphs.get(textArgument(use, "graph") ?? "");
        return graph !== undefined && shared.get(graph)?.has(`${node.name.value}.${field}`) === true;
      };
      const isHere = node.fields?.some(({ name, directives }) =>
        directives?.some((use) => isShared(use, name.value)),
      );
      if (!isHere) return undefined;
      const fields = node.fields?.map((field) => ({
        ...field,
        directives: field.directives?.map((use) =>
          isShared(use, field.name.value)
            ? withArguments(use, (each) => (each.name.value === "provides" ? [] : each))
            : use,
        ),
      }));
      return { ...node, fields };
    },
  };
}

function withKeysInOrder(served: Served, graphs: ReadonlyMap<string, SubgraphName>): ASTVisitor {
  return {
    ObjectTypeDefinition: (node: ObjectTypeDefinitionNode) => {
      const uses = directivesNamed(node, "join__type");
      const keyOf = (use: DirectiveNode): string | null => textArgument(use, "key");
      const knowing = (use: DirectiveNode): number =>
        uses.filter((other) => keyOf(other) === keyOf(use)).length;
      const ofGraphs = Map.groupBy(uses, (use) => textArgument(use, "graph") ?? "");
      const sorted = [...ofGraphs].flatMap(([graph, own]) => {
        const type = served.get(graphs.get(graph) as SubgraphName)?.get(node.name.value);
        const hasInputs = [...(type?.fields.values() ?? [])].some((field) => field.hasInputs);
        return hasInputs ? own.toSorted((a, b) => knowing(a) - knowing(b)) : own;
      });
      if (sorted.every((use, i) => use === uses[i])) return undefined;
      const others = node.directives?.filter(({ name }) => name.value !== "join__type") ?? [];
      return { ...node, directives: [...sorted, ...others] };
    },
  };
}

const withArguments = (
  use: DirectiveNode,
  change: (argument: ArgumentNode) => ArgumentNode | readonly ArgumentNode[],
): DirectiveNode => ({ ...use, arguments: (use.arguments ?? []).flatMap(change) });

const texted = (name: string, value: string): ArgumentNode => ({
  kind: Kind.ARGUMENT,
  name: { kind: Kind.NAME, value: name },
  value: { kind: Kind.STRING, value },
});
