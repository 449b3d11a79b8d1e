/**
 * Small federations for tests: subgraphs from SDL and plain rows, composed as a deployment's are, asked through a
 * development gateway, with a note of everything that each subgraph was asked.
 *
 * Rows    plain objects; a field that is a function is called with the field's arguments. Rows of abstract types carry
 *         `__typename`.
 */
import {
  type DocumentNode,
  execute,
  type GraphQLSchema,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Backend, SubgraphReply, SubgraphRequest } from "../../src/execute/backend.ts";
import type { SubgraphName } from "../../src/kernel/brands.ts";
import { compose } from "../../src/supergraph/compose.ts";
import { type DevGateway, openDevGateway, type Question } from "./dev-gateway.ts";
import { executableSubgraph } from "./executable-subgraph.ts";

type Row = Readonly<Record<string, unknown>>;

export interface Double {
  /** With Federation directives; `@link` to Federation 2.5 is added when there is none. */
  readonly sdl: string;
  readonly query?: Row;
  readonly mutation?: Row;
  /** Finds a row by its representation, by type. */
  readonly entities?: Readonly<Record<string, (representation: Representation) => unknown>>;
}

export interface Representation {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

/** Finds the row of which every named field is equal to the representation's. */
export const byKey =
  <T extends Row>(rows: readonly T[], ...names: readonly string[]) =>
  (representation: Representation): T | null =>
    rows.find((row) => names.every((name) => row[name] === representation[name])) ?? null;

export interface Asked extends Pick<SubgraphRequest, "query" | "variables" | "kind"> {
  readonly subgraph: string;
}

export interface Outcome {
  readonly data: unknown;
  /** `CODE agency path.to.field`, in the order of the answer. */
  readonly errors: readonly string[];
  /** `subgraph[representations] Type.field …`, sorted. */
  readonly calls: readonly string[];
  readonly asked: readonly Asked[];
  readonly text: string;
}

/** Stands between the gateway and a subgraph. */
export type Interception = (
  request: SubgraphRequest,
  go: (request: SubgraphRequest) => Promise<SubgraphReply>,
) => Promise<SubgraphReply>;

export interface Federation {
  readonly gateway: DevGateway;
  ask(question: string | Question): Promise<Outcome>;
  /** Everything that was asked so far. */
  readonly asked: readonly Asked[];
  /** Until the next call for the same subgraph. */
  intercept(subgraph: string, interception: Interception | null): void;
  close(): Promise<void>;
}

type Options = Omit<Parameters<typeof openDevGateway>[0], "supergraphSdl" | "backends">;

export async function startFederation(
  doubles: Readonly<Record<string, Double>>,
  options: Options = {},
  open = openDevGateway,
): Promise<Federation> {
  const parts = Object.entries(doubles).map(([name, double]) => ({
    name,
    complete: parse(linked(double.sdl)),
  }));
  const { sdl, problems } = compose(parts);
  if (sdl === null) throw new Error(problems.join("\n"));
  return startFederationOf(sdl, doubles, options, open);
}

/** The same over a finished supergraph. `open`: another gateway than the development one, which decides nothing. */
export async function startFederationOf(
  supergraphSdl: string,
  doubles: Readonly<Record<string, Double>>,
  options: Options = {},
  open = openDevGateway,
): Promise<Federation> {
  const asked: Asked[] = [];
  const interceptions = new Map<string, Interception>();
  const schemas = new Map<string, GraphQLSchema>();
  const backends = new Map<SubgraphName, Backend>();
  for (const [name, double] of Object.entries(doubles)) {
    const schema = executableSubgraph(double.sdl);
    schemas.set(name, schema);
    const go = (request: SubgraphRequest): Promise<SubgraphReply> => run(schema, double, request);
    const fetch: Backend["fetch"] = (request) => {
      const { query, variables, kind } = request;
      asked.push({ subgraph: name, query, variables, kind });
      const interception = interceptions.get(name);
      return interception ? interception(request, go) : go(request);
    };
    backends.set(name as SubgraphName, { subgraph: name as SubgraphName, fetch });
  }
  const gateway = await open({ ...options, supergraphSdl, backends });
  return {
    ...{ gateway, asked },
    async ask(question) {
      const from = asked.length;
      const text = await gateway.ask(typeof question === "string" ? { query: question } : question);
      const { data, errors = [] } = JSON.parse(text) as { data: unknown; errors?: readonly BodyError[] };
      const own = asked.slice(from);
      const calls = own.map((one) => outline(schemas.get(one.subgraph) as GraphQLSchema, one));
      return { data, errors: errors.map(errorText), calls: calls.sort(), asked: own, text };
    },
    intercept(subgraph, interception) {
      if (interception) interceptions.set(subgraph, interception);
      else interceptions.delete(subgraph);
    },
    close: () => gateway.close(),
  };
}

interface BodyError {
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly agency?: string };
}

const errorText = ({ path, extensions }: BodyError): string =>
  [extensions?.code, extensions?.agency, path?.join(".")].filter((part) => part !== undefined).join(" ");

const EVERYTHING = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable",
  "@external", "@requires", "@provides", "@override", "@inaccessible", "@interfaceObject", "@extends"])`;

const linked = (sdl: string): string => (/@link|# federation 1/.test(sdl) ? sdl : `${EVERYTHING}\n${sdl}`);

async function run(schema: GraphQLSchema, double: Double, request: SubgraphRequest): Promise<SubgraphReply> {
  const { query, mutation, entities } = double;
  const entity = async (representation: Representation): Promise<unknown> => {
    const found = await entities?.[representation.__typename]?.(representation);
    if (typeof found !== "object" || found === null || found instanceof Error) return found ?? null;
    return { __typename: representation.__typename, ...found };
  };
  const rootValue = {
    ...(request.kind === "mutation" ? mutation : query),
    _entities: ({ representations }: { readonly representations: readonly Representation[] }) =>
      representations.map(entity),
  };
  const document = parse(request.query);
  const { data, errors = [] } = await execute({
    schema,
    document,
    rootValue,
    variableValues: request.variables,
  });
  return {
    data: data ?? null,
    errors: errors.map(({ message, path }) => ({ message, ...(path ? { path } : {}) })),
  };
}

/** Which fields a subgraph was asked for, and how many representations it was sent. */
function outline(schema: GraphQLSchema, { subgraph, query, variables }: Asked): string {
  const info = new TypeInfo(schema);
  const fields = new Set<string>();
  const document: DocumentNode = parse(query);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: ({ name: { value } }) => {
        if (value !== "_entities" && value !== "__typename")
          fields.add(`${info.getParentType()?.name}.${value}`);
      },
    }),
  );
  const sent = Object.values(variables).filter(
    (value): value is readonly unknown[] =>
      Array.isArray(value) &&
      value.some((item) => typeof item === "object" && item !== null && "__typename" in item),
  );
  const count = sent.reduce((sum, list) => sum + list.length, 0);
  return [`${subgraph}${count > 0 ? `[${count}]` : ""}`, ...[...fields].sort()].join(" ");
}

export interface Case {
  readonly it: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly data: unknown;
  readonly errors?: readonly string[];
  readonly calls: readonly string[];
}

/** A table of questions to one federation: each asserts data, errors and every call. */
export function federationSuite(
  title: string,
  doubles: Readonly<Record<string, Double>>,
  cases: readonly Case[],
): void {
  describe(title, () => {
    let federation: Federation;
    beforeAll(async () => {
      federation = await startFederation(doubles);
    });
    afterAll(() => federation?.close());

    it.each(cases.map((one) => [one.it, one] as const))(
      "%s",
      async (_, { query, variables = {}, ...expected }) => {
        const { data, errors, calls } = await federation.ask({ query, variables });
        expect({ data, errors, calls }).toEqual({
          data: expected.data,
          errors: expected.errors ?? [],
          calls: [...expected.calls].sort(),
        });
        expect(JSON.stringify(data)).toBe(JSON.stringify(expected.data));
      },
    );
  });
}
