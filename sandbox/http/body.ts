/** Reads a request's body, at most 64 KB, and its JSON. Errors: 413 (the rest is read and dropped), 415, 400. */
import type { IncomingMessage } from "node:http";
import { Refusal } from "./answer.ts";

export const MAX_BODY_BYTES = 64 * 1024;

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) throw new Refusal(413, `at most ${MAX_BODY_BYTES} bytes`);
  return Buffer.concat(chunks).toString("utf8");
}

export function parseBody(request: IncomingMessage, text: string): unknown {
  if (request.method !== "POST") return null;
  if (!request.headers["content-type"]?.startsWith("application/json"))
    throw new Refusal(415, "a body is application/json");
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "a body that is no JSON");
  }
}
