/**
 * Subscriptions at a subgraph over Server-Sent Events (GraphQL over SSE, distinct connections mode).
 *
 * Told     as by `graphql-http.ts`: a POST with the agency's own token.
 * Pull     the body is read when the next event is asked for: a slow reader slows the agency down, and nothing piles up here.
 * Errors   as `http-exchange.ts` for what is not a stream; AGENCY_BAD_REPLY for an event that is no GraphQL response or too large;
 *          AGENCY_UNAVAILABLE for a body that ends without `complete`.
 */
import { Pool } from "undici";
import type { SubgraphReply, SubgraphRequest } from "../execute/backend.ts";
import type { AgencyCode } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { bodyOf } from "../kernel/prepared-body.ts";
import type { Addresses } from "./addresses.ts";
import { EventTooLarge, readEvents } from "./event-stream.ts";
import type { Told } from "./graphql-http.ts";
import { type KeptCodes, readReply } from "./graphql-reply.ts";
import { badReply, unavailable } from "./http-exchange.ts";
import { brokenOff, type Open } from "./subscription.ts";

export interface EventSourceOptions {
  readonly agency: AgencyCode;
  readonly url: URL;
  readonly addresses: Addresses;
  readonly tell: (request: SubgraphRequest) => Promise<Told>;
  readonly keepCodes: KeptCodes;
  readonly timeoutMs: number;
  readonly maxEventBytes: number;
}

export interface EventSource {
  readonly open: Open;
  /** Ends whatever still runs. */
  close(): Promise<void>;
}

const EVENT_STREAM = /^text\/event-stream\s*(;|$)/i;

export function sseSubscriptions(options: EventSourceOptions): EventSource {
  const { agency, url, tell, timeoutMs } = options;
  // A connection for each stream, apart from those that fetches share.
  const pool = new Pool(url.origin, {
    connections: null,
    pipelining: 1,
    connect: options.addresses.connector(timeoutMs),
    headersTimeout: timeoutMs,
    bodyTimeout: 0,
  });

  const open: Open = async (request, signal) => {
    const { headers } = await tell(request);
    const reply = await pool
      .request({
        method: "POST",
        path: url.pathname + url.search,
        headers: { ...headers, accept: "text/event-stream", "content-type": "application/json" },
        body: bodyOf(request),
        signal,
      })
      .catch((cause: unknown) => Promise.reject(unavailable(agency, cause)));
    const header = (name: string) => [reply.headers[name]].flat()[0] ?? "";
    const problem = problemOf(agency, reply.statusCode, header);
    if (!problem) return repliesIn(reply.body, options);
    reply.body.on("error", () => {}).destroy();
    throw problem;
  };
  return { open, close: () => pool.destroy() };
}

function problemOf(
  agency: AgencyCode,
  status: number,
  header: (name: string) => string,
): GatewayError | null {
  if (status >= 500 || status === 429) return unavailable(agency, status);
  if (status !== 200) return badReply(agency, `an answer with status ${status}`);
  if (!EVENT_STREAM.test(header("content-type")))
    return badReply(agency, "an answer that is no event stream");
  if (!["", "identity", "none"].includes(header("content-encoding")))
    return badReply(agency, "an encoded answer");
  return null;
}

async function* repliesIn(
  body: AsyncIterable<Uint8Array>,
  { agency, keepCodes, maxEventBytes }: EventSourceOptions,
): AsyncGenerator<SubgraphReply> {
  try {
    for await (const { event, data } of readEvents(body, maxEventBytes)) {
      if (event === "complete") return;
      if (event !== "next") continue;
      const reply = readReply(data, keepCodes);
      if (!reply) throw badReply(agency, "an event that is no GraphQL response");
      yield reply;
    }
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    if (error instanceof EventTooLarge) throw badReply(agency, "an event that is too large", error);
    throw brokenOff(agency, error);
  }
  throw brokenOff(agency);
}
