/**
 * Reads on what is still on its way after a refusal, so that the refusal is read and not lost to a reset.
 *
 * Bounds  8 MiB and 2 s; beyond either, the connection closes.
 */
import type { IncomingMessage } from "node:http";

const DISCARD_BYTES = 8 * 1_048_576;
const DISCARD_MS = 2_000;

export function discardBody(request: IncomingMessage): Promise<void> {
  if (request.destroyed) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const patience = setTimeout(() => request.destroy(), DISCARD_MS);
  const done = (): void => {
    clearTimeout(patience);
    resolve();
  };
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > DISCARD_BYTES) request.destroy();
  });
  // An error means that the caller hung up; `close` follows it.
  request
    .on("error", () => {})
    .on("end", done)
    .on("close", done)
    .resume();
  return promise;
}
