/** The two sides that are compared: one process over the merged schema, and subgraphs as the gateway's backends. */
import {
  buildASTSchema,
  buildSchema,
  type DocumentNode,
  executeSync,
  type GraphQLSchema,
  parse,
  validate,
} from "graphql";
import type { Backend, SubgraphReply } from "../../../src/execute/backend.ts";
import type { SubgraphName } from "../../../src/kernel/brands.ts";
import type { Answer } from "./compare.ts";
import type { Model } from "./model.ts";
import type { Operation } from "./random-operation.ts";
import { resolversOf } from "./resolvers.ts";
import { subgraphSdl } from "./sdl.ts";
import type { World } from "./world.ts";

/** Executes an operation over the merged schema: what GraphQL itself says the answer is. */
export function singleProcess(
  model: Model,
  schema: GraphQLSchema,
): (operation: Operation, world: World) => Answer {
  const resolvers = resolversOf(model, null);
  return ({ text, operationName, variables }, world) => {
    const { data, errors = [] } = executeSync({
      ...{ schema, document: parse(text), variableValues: variables, contextValue: world, ...resolvers },
      ...(operationName === undefined ? {} : { operationName }),
    });
    return { data, errors: errors.map(({ path }) => ({ path })) };
  };
}

/** Subgraphs over one world at a time. */
export interface Subgraphs {
  readonly backends: ReadonlyMap<SubgraphName, Backend>;
  world: World | null;
  /** Documents that a subgraph was sent and that do not fit its schema. */
  readonly invalid: string[];
}

export function subgraphsOf(model: Model): Subgraphs {
  const subgraphs: Subgraphs = { world: null, invalid: [], backends: new Map() };
  for (const name of model.subgraphs) {
    const backend = backendOf(model, name, subgraphs);
    (subgraphs.backends as Map<SubgraphName, Backend>).set(backend.subgraph, backend);
  }
  return subgraphs;
}

function backendOf(model: Model, name: string, subgraphs: Subgraphs): Backend {
  const schema = buildASTSchema(parse(subgraphSdl(model, name).executable), { assumeValid: true });
  const resolvers = resolversOf(model, name);
  const documents = new Map<string, DocumentNode>();
  const documentOf = (text: string): DocumentNode => {
    const known = documents.get(text);
    if (known) return known;
    const document = parse(text);
    for (const { message } of validate(schema, document))
      subgraphs.invalid.push(`${name}: ${message}\n${text}`);
    documents.set(text, document);
    return document;
  };
  const answer = (text: string, variableValues: Readonly<Record<string, unknown>>): SubgraphReply => {
    const { data, errors = [] } = executeSync({
      ...{ schema, document: documentOf(text), variableValues, contextValue: subgraphs.world, ...resolvers },
    });
    return {
      data: data ?? null,
      errors: errors.map(({ message, path }) => ({ message, ...(path ? { path } : {}) })),
    };
  };
  return {
    subgraph: name as SubgraphName,
    async fetch({ query, variables }) {
      // Replies come in any order, but always in the same one.
      for (let turn = query.length % 4; turn > 0; turn--)
        await new Promise((resolve) => setImmediate(resolve));
      return answer(query, variables);
    },
  };
}

export const mergedSchema = (publicSdl: string): GraphQLSchema => buildSchema(publicSdl);
