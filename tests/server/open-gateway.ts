/** A gateway that permits everything, over one small schema with the real operation stage; and a server in front of it. */
import { buildSchema, execute, parse, printSchema } from "graphql";
import { DEFAULT_MAX_BODY_BYTES, DEFAULT_MAX_TOKENS } from "../../src/kernel/limits.ts";
import { coerceVariables } from "../../src/operation/coerce.ts";
import { createPrepare } from "../../src/operation/prepare.ts";
import { prepareDocuments } from "../../src/operation/prepare-documents.ts";
import { Body } from "../../src/respond/answer.ts";
import type { GatewayPort, GatewayRequest } from "../../src/server/gateway-port.ts";
import { type HttpServerOptions, startHttpServer } from "../../src/server/http-server.ts";
import { createLog } from "../../src/telemetry/log.ts";

const schema = buildSchema("type Query { hello(name: String): String! } type Mutation { act: Boolean }");
const limits = { maxTokens: DEFAULT_MAX_TOKENS, maxDepth: 10, maxAliases: 30, maxSelections: 500 };
const prepare = createPrepare(schema, limits, new Set(["mutation"]));

export const openGateway: GatewayPort = {
  supergraph: { publicSchema: schema, publicSdl: printSchema(schema) },
  prepareDocuments: (documents) => prepareDocuments(prepare, documents),
  async answer({ query, operationName, variables }) {
    const operation = prepare(query, operationName);
    coerceVariables(schema, operation, variables);
    const rootValue = { hello: ({ name }: { name?: string }) => `hello ${name ?? "you"}` };
    const result = await execute({
      schema,
      document: parse(query),
      rootValue,
      operationName,
      variableValues: variables,
    });
    return { kind: "whole", body: new Body(JSON.stringify(result)) };
  },
};

export const answering = (answer: (request: GatewayRequest) => Promise<string>): GatewayPort => ({
  ...openGateway,
  answer: async (request) => ({ kind: "whole", body: new Body(await answer(request)) }),
});

/** As `answering`, and nothing in it is personal or decided for its reader. */
export const publicly = (answer: (request: GatewayRequest) => Promise<string>): GatewayPort => ({
  ...openGateway,
  answer: async (request) => ({ kind: "whole", body: new Body(await answer(request), true) }),
});

export async function serverFor(gateway: GatewayPort | null, overrides: Partial<HttpServerOptions> = {}) {
  const lines: string[] = [];
  const log = createLog("debug", { write: (line) => lines.push(line) });
  const server = await startHttpServer({
    host: "127.0.0.1",
    port: 0,
    maxBodyBytes: DEFAULT_MAX_BODY_BYTES,
    maxTokens: DEFAULT_MAX_TOKENS,
    drainMs: 2_000,
    mode: "sandbox",
    log,
    ...overrides,
  });
  if (gateway) await server.serve(gateway);
  const url = `${server.url}/graphql`;
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json",
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return { ...server, url, root: server.url, post, lines };
}
