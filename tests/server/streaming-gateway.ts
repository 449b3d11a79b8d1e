/**
 * A gateway whose subscriptions and deferred answers a test feeds by hand, over the real operation stage's bounds.
 *
 * `subscription { ticks }` is what the test pushes; `{ hello ... @defer { later } }` is answered in pieces where they can be carried.
 */
import { buildSchema, execute, getOperationAST, parse, printSchema, validate } from "graphql";
import { GatewayError } from "../../src/kernel/errors.ts";
import { checkBounds } from "../../src/operation/bounds.ts";
import { Body } from "../../src/respond/answer.ts";
import { type Endable, endable } from "../../src/respond/endable.ts";
import type { GatewayPort, GatewayRequest } from "../../src/server/gateway-port.ts";
import { Source } from "../support/source.ts";

const schema = buildSchema(`
  directive @defer(label: String, if: Boolean! = true) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  type Query { hello: String later: String }
  type Mutation { act: String }
  type Subscription { ticks: Int }`);

const limits = { maxTokens: 2_000, maxDepth: 10, maxAliases: 30, maxSelections: 500 };

export interface Stream {
  readonly request: GatewayRequest;
  readonly source: Source<Body>;
  /** Ends it as a revocation would. */
  readonly end: Endable["end"];
}

export class StreamingGateway implements GatewayPort {
  readonly supergraph = { publicSchema: schema, publicSdl: printSchema(schema) };
  readonly asked: GatewayRequest[] = [];
  readonly #streams: Stream[] = [];
  #arrived: (() => void) | null = null;

  async answer(request: GatewayRequest): ReturnType<GatewayPort["answer"]> {
    this.asked.push(request);
    if (request.headers.get("authorization") === "Bearer bad")
      throw new GatewayError("UNAUTHENTICATED", "a valid access token is required");
    const { query, operationName, variables, carries } = request;
    const document = parse(query);
    checkBounds(document, limits);
    const cause = validate(schema, document);
    if (cause[0]) throw new GatewayError("GRAPHQL_VALIDATION_FAILED", cause[0].message, { cause });
    const kind = getOperationAST(document, operationName)?.operation;
    if (kind === "subscription") {
      if (!carries?.events) throw new GatewayError("BAD_REQUEST", "a subscription needs a stream");
      const source = new Source<Body>();
      const { answer, end } = endable(source);
      this.#add({ request, source, end });
      return answer;
    }
    if (query.includes("@defer") && carries?.incremental) {
      const source = new Source<Body>();
      this.#add({ request, source, end: (error) => source.fail(error) });
      return { kind: "incremental", bodies: source };
    }
    const rootValue = { hello: "you", later: "then", act: "done" };
    const result = execute({ schema, document, rootValue, operationName, variableValues: variables });
    return { kind: "whole", body: new Body(JSON.stringify(result)) };
  }

  /** The streams that were opened, when there are as many. */
  async streams(count: number): Promise<readonly Stream[]> {
    while (this.#streams.length < count) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    return this.#streams;
  }

  async stream(): Promise<Stream> {
    const [first] = await this.streams(1);
    return first as Stream;
  }

  #add(stream: Stream): void {
    this.#streams.push(stream);
    this.#arrived?.();
  }
}

export const tick = (ticks: number, padding = 0): Body =>
  new Body(JSON.stringify({ data: { ticks }, ...(padding && { extensions: { pad: "x".repeat(padding) } }) }));
