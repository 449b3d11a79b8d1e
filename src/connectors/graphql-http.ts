/**
 * A Federation subgraph over HTTP as a backend (GraphQL over HTTP: POST, JSON).
 *
 * Told     what `tell` says, per call: the outbound token and a request id. Tokens of clients are never relayed.
 * Reply    data without prototypes; errors keep their path and lose their message. A code is kept when `keepCodes` lists it:
 *          for services of our own (the ledger's BAD_CURSOR), never for agencies.
 * Errors   those of `http-exchange.ts`; AGENCY_BAD_REPLY for what is no GraphQL response.
 */
import type { Backend, SubgraphReply, SubgraphRequest } from "../execute/backend.ts";
import type { SubgraphName } from "../kernel/brands.ts";
import type { ErrorCode } from "../kernel/errors.ts";
import { badReply, createExchange, type ExchangeOptions } from "./http-exchange.ts";
import { parseJson } from "./parse-json.ts";

export interface GraphqlHttpOptions extends ExchangeOptions {
  readonly subgraph: SubgraphName;
  readonly tell: (request: SubgraphRequest) => Promise<Told>;
  readonly keepCodes?: ReadonlySet<ErrorCode>;
}

/** What an agency is told beside the question. */
export interface Told {
  /** Equal for callers to whom the agency may give the same answer. */
  readonly identity: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpBackend extends Backend {
  close(): Promise<void>;
}

const MEDIA_TYPES = /^application\/(graphql-response\+json|json)\s*(;|$)/;
const MASKED = "the agency reported an error";
const MAX_ERRORS = 100;

export function graphqlHttp(options: GraphqlHttpOptions): HttpBackend {
  const { agency, subgraph, tell, keepCodes = new Set<ErrorCode>() } = options;
  const exchange = createExchange(options);

  const fetch = async (request: SubgraphRequest): Promise<SubgraphReply> => {
    const { headers } = await tell(request);
    const answer = await exchange.ask({
      method: "POST",
      path: "",
      headers: {
        ...headers,
        accept: "application/graphql-response+json, application/json",
        "content-type": "application/json",
      },
      body: JSON.stringify({ query: request.query, variables: request.variables }),
      signal: request.signal,
    });
    if (answer.status !== 200) throw badReply(agency, `an answer with status ${answer.status}`);
    if (!MEDIA_TYPES.test(answer.header("content-type") ?? ""))
      throw badReply(agency, "an answer that is no JSON");
    const reply = readReply(answer.text, keepCodes);
    if (!reply) throw badReply(agency, "an answer that is no GraphQL response");
    return reply;
  };
  return { subgraph, fetch, close: exchange.close };
}

function readReply(text: string, keepCodes: ReadonlySet<ErrorCode>): SubgraphReply | null {
  const reply = tryParse(text);
  if (!isRow(reply)) return null;
  const { data = null, errors = [] } = reply;
  if (!Array.isArray(errors) || !(data === null || isRow(data))) return null;
  if (data === null && errors.length === 0) return null;
  return { data, errors: errors.slice(0, MAX_ERRORS).map((error: unknown) => masked(error, keepCodes)) };
}

function tryParse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

function masked(error: unknown, keepCodes: ReadonlySet<ErrorCode>): SubgraphReply["errors"][number] {
  const { path, extensions } = isRow(error) ? error : {};
  const code = isRow(extensions) ? (extensions["code"] as ErrorCode) : undefined;
  return {
    message: MASKED,
    ...(isPath(path) ? { path } : {}),
    ...(code && keepCodes.has(code) ? { code } : {}),
  };
}

const isPath = (path: unknown): path is readonly (string | number)[] =>
  Array.isArray(path) && path.every((step) => typeof step === "string" || Number.isSafeInteger(step));

const isRow = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
