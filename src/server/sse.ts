/**
 * GraphQL over Server-Sent Events, distinct connections mode: one request, one stream of `next` events, then `complete`.
 *
 * Source  PROTOCOL.md of graphql-sse. Its handler is not used: it would parse and write anew what the gateway has written already,
 *         and queues without bound for a slow reader.
 * Rule    a JSON text is one `data` line: it holds no line break, and one that did would be split as the standard says.
 */
import type { Framing } from "./stream-response.ts";

const next = (text: string): string => `event: next\ndata: ${text.replaceAll(/\r\n|\r|\n/g, "\ndata: ")}\n\n`;

export const sse: Framing = {
  contentType: "text/event-stream; charset=utf-8",
  /** Some browsers count a stream as open only when its first bytes are there. */
  opening: ":\n\n",
  body: next,
  failure: next,
  closing: "event: complete\ndata: \n\n",
  ping: ":\n\n",
};
