/**
 * A Federation subgraph over HTTP as a backend (GraphQL over HTTP: POST, JSON).
 *
 * Told     what `tell` says, per call: the outbound token and a request id. Tokens of clients are never relayed.
 * Shared   equal questions under way of callers to whom the agency may give the same answer are sent once; mutations never are.
 * Reply    data without prototypes; errors keep their path and lose their message. A code is kept when `keepCodes` lists it:
 *          for services of our own (the ledger's BAD_CURSOR), never for agencies.
 * Errors   those of `http-exchange.ts`; AGENCY_BAD_REPLY for what is no GraphQL response.
 */
import type { Backend, SubgraphReply, SubgraphRequest } from "../execute/backend.ts";
import type { SubgraphName } from "../kernel/brands.ts";
import type { ErrorCode } from "../kernel/errors.ts";
import { DEFAULT_AGENCY_MAX_BYTES, DEFAULT_AGENCY_TIMEOUT_MS, MAX_AGENCY_STREAMS } from "../kernel/limits.ts";
import { bodyOf } from "../kernel/prepared-body.ts";
import { SharedWork } from "../kernel/shared-work.ts";
import { Addresses } from "./addresses.ts";
import { type KeptCodes, readReply } from "./graphql-reply.ts";
import { type EventSource, sseSubscriptions } from "./graphql-sse.ts";
import { wsSubscriptions } from "./graphql-ws.ts";
import { type Answer, badReply, createExchange, type ExchangeOptions } from "./http-exchange.ts";
import { createSubscribe } from "./subscription.ts";

export interface GraphqlHttpOptions extends ExchangeOptions {
  readonly subgraph: SubgraphName;
  readonly tell: (request: SubgraphRequest) => Promise<Told>;
  readonly keepCodes?: KeptCodes;
  /** How subscriptions are asked for; by SSE at the same URL when left out. */
  readonly subscriptions?: SubscriptionProtocol | undefined;
  /** At a time; `MAX_AGENCY_STREAMS` when left out. */
  readonly maxSubscriptions?: number;
}

export interface SubscriptionProtocol {
  readonly protocol: "sse" | "ws";
  /** When it is not the base URL, with a scheme of the protocol's. */
  readonly url?: string | undefined;
}

/** What an agency is told beside the question. */
export interface Told {
  /** Equal for callers to whom the agency may give the same answer. */
  readonly identity: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpBackend extends Required<Backend> {
  close(): Promise<void>;
}

const JSON_HEADERS = {
  accept: "application/graphql-response+json, application/json",
  "content-type": "application/json",
};
const MEDIA_TYPES = /^application\/(graphql-response\+json|json)\s*(;|$)/;

export function graphqlHttp(options: GraphqlHttpOptions): HttpBackend {
  const { agency, subgraph, tell, keepCodes = new Set<ErrorCode>() } = options;
  const exchange = createExchange(options);
  const underWay = new SharedWork<Answer>();

  const send = ({ headers }: Told, body: string, signal: AbortSignal): Promise<Answer> =>
    exchange.ask({ method: "POST", path: "", headers: { ...headers, ...JSON_HEADERS }, body, signal });

  const fetch = async (request: SubgraphRequest): Promise<SubgraphReply> => {
    const told = await tell(request);
    const body = bodyOf(request);
    const answer =
      request.kind === "mutation"
        ? await send(told, body, request.signal)
        : await underWay.share(`${told.identity}\n${body}`, request.signal, (signal) =>
            send(told, body, signal),
          );
    if (answer.status !== 200) throw badReply(agency, `an answer with status ${answer.status}`);
    if (!MEDIA_TYPES.test(answer.header("content-type") ?? ""))
      throw badReply(agency, "an answer that is no JSON");
    const reply = readReply(answer.text, keepCodes);
    if (!reply) throw badReply(agency, "an answer that is no GraphQL response");
    return reply;
  };
  const events = eventsOf(options, keepCodes);
  const { timeoutMs = DEFAULT_AGENCY_TIMEOUT_MS, maxSubscriptions = MAX_AGENCY_STREAMS } = options;
  const bounds = { agency, timeoutMs, guard: exchange.guard, maxStreams: maxSubscriptions };
  return {
    ...{ subgraph, fetch },
    subscribe: createSubscribe(bounds, events.open),
    close: async () => void (await Promise.all([exchange.close(), events.close()])),
  };
}

function eventsOf(options: GraphqlHttpOptions, keepCodes: KeptCodes): EventSource {
  const { agency, tell, subscriptions } = options;
  const { timeoutMs = DEFAULT_AGENCY_TIMEOUT_MS, maxReplyBytes = DEFAULT_AGENCY_MAX_BYTES } = options;
  const url = new URL(subscriptions?.url ?? options.baseUrl);
  const isWebSocket = subscriptions?.protocol === "ws" || /^wss?:$/.test(url.protocol);
  const { addresses = new Addresses() } = options;
  const common = { agency, tell, keepCodes, timeoutMs, addresses, maxEventBytes: maxReplyBytes };
  return isWebSocket ? wsSubscriptions({ ...common, url }) : sseSubscriptions({ ...common, url });
}
