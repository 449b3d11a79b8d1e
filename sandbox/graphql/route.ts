/**
 * One route, `POST /graphql`, at which a Federation subgraph answers (GraphQL over HTTP, JSON).
 *
 * Context  what is made to go wrong: reference resolvers keep refused records to themselves.
 * Lying    `order`: entities in another order than asked; `records`: those of somebody else.
 */
import { type DocumentNode, execute, type GraphQLSchema, parse, validate } from "graphql";
import type { Representation } from "../../src/connectors/federated-schema.ts";
import { type Answer, ok, Refusal } from "../http/answer.ts";
import type { FaultState } from "../http/faults.ts";
import { type Call, type Route, route } from "../http/route.ts";
import { WIRE_KEY } from "./wire-sdl.ts";

export type GraphqlContext = Readonly<FaultState>;

export interface GraphqlRouteOptions {
  readonly schema: GraphQLSchema;
  /** Some own key of a type, for a lying agency to answer about. */
  readonly stranger: (type: string) => string | undefined;
}

export const GRAPHQL_PATH = "/graphql";

export function graphqlRoute(options: GraphqlRouteOptions): Route {
  return route(`POST ${GRAPHQL_PATH}`, (call) => answer(options, call));
}

/** A record, or an error in its place for one that this agency keeps to itself. */
export function given<Row>(ref: unknown, find: (ref: string) => Row | undefined, faults: GraphqlContext) {
  const key = String(ref);
  if (faults.refused.has(key)) throw new Error("this record is not given out");
  return find(key) ?? null;
}

async function answer({ schema, stranger }: GraphqlRouteOptions, { body, faults }: Call): Promise<Answer> {
  const { document, variables } = questionOf(body);
  if (!document) return { status: 400, body: { errors: [{ message: "the document cannot be read" }] } };
  const errors = validate(schema, document);
  if (errors.length > 0) return { status: 400, body: { errors } };
  const variableValues = mapValues(variables, (value) =>
    isRepresentations(value) ? told(value, faults, stranger) : value,
  );
  return ok(await execute({ schema, document, variableValues, contextValue: faults }));
}

interface Question {
  /** Null when it cannot be read. */
  readonly document: DocumentNode | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

function questionOf(body: unknown): Question {
  const { query, variables = {} } = (body ?? {}) as { query?: unknown; variables?: Record<string, unknown> };
  if (typeof query !== "string") throw new Refusal(400, "a body without a query");
  try {
    return { document: parse(query, { noLocation: true }), variables: variables ?? {} };
  } catch {
    return { document: null, variables: variables ?? {} };
  }
}

/** What is answered about, which is what was asked about unless the agency lies. */
function told(
  asked: readonly Representation[],
  { lying }: GraphqlContext,
  stranger: GraphqlRouteOptions["stranger"],
): readonly Representation[] {
  if (lying === "order") return asked.toReversed();
  if (lying === null) return asked;
  return asked.map(({ __typename }) => ({ __typename, [WIRE_KEY]: stranger(__typename) }));
}

const isRepresentations = (value: unknown): value is readonly Representation[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item?.__typename === "string");

const mapValues = (record: Readonly<Record<string, unknown>>, change: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
