/**
 * Incremental delivery over HTTP as `multipart/mixed`: one part for each payload.
 *
 * Source  GraphQL over HTTP, rfcs/IncrementalDelivery.md: boundary `-`.
 * Rule    the boundary that ends a part is sent with it, so that nobody waits for the next part to read this one.
 */
import type { Framing } from "./stream-response.ts";

const BOUNDARY = "\r\n---";
const part = (text: string): string =>
  `\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${text}${BOUNDARY}`;

export const multipart = (incrementalSpec: string | null): Framing => ({
  contentType: `multipart/mixed; boundary="-"${incrementalSpec === null ? "" : `; incrementalSpec=${incrementalSpec}`}`,
  opening: BOUNDARY,
  body: part,
  /** `{"errors": …}` of a refusal, as the last payload. */
  failure: (text) => part(`${text.slice(0, -1)},"hasNext":false}`),
  closing: "--\r\n",
  ping: null,
});
