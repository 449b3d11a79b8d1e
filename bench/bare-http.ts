/** HTTP as bare Node does it, in and out: the body of a request, and a call with its answer parsed. */
import type { IncomingMessage } from "node:http";
import type { Dispatcher, Pool } from "undici";
import type { HttpCall } from "./calls.ts";

export type Exchange = Omit<HttpCall, "kind" | "origin">;

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** `dispatch` is the cheapest way that undici has. */
export function exchange(pool: Pool, { method, path, headers, body }: Exchange): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => {},
      onResponseStart: (_, statusCode) => {
        status = statusCode;
      },
      onResponseData: (_, chunk) => {
        chunks.push(chunk);
      },
      onResponseEnd: () => {
        if (status >= 400) reject(new Error(`${method} ${path}: status ${status}`));
        else resolve(chunks.length === 0 ? null : JSON.parse(joined(chunks).toString("utf8")));
      },
      onResponseError: (_, error) => reject(error),
    };
    pool.dispatch({ method, path, headers, body }, handler);
  });
}

const joined = (chunks: readonly Buffer[]): Buffer =>
  chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
