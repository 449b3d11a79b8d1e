/**
 * Where key sets come from: a JWKS file, looked at every five seconds of use, or a URL of the configuration, every five minutes
 * (5 s deadline, 64 kB, no redirects).
 */
import { readFile } from "node:fs/promises";
import type { KeySource } from "./key-set.ts";

const DEADLINE_MS = 5_000;
const MAX_BYTES = 65_536;
const FILE_FRESH_MS = 5_000;
const URL_FRESH_MS = 300_000;

export const keysFromFile = (file: string): KeySource => ({
  read: async () => JSON.parse(await readFile(file, "utf8")),
  freshMs: FILE_FRESH_MS,
});

/** `ask`: how it is reached. */
export const keysFromUrl = (url: string, ask: typeof fetch = fetch): KeySource => ({
  read: () => readUrl(url, ask),
  freshMs: URL_FRESH_MS,
});

async function readUrl(url: string, ask: typeof fetch): Promise<unknown> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const response = await ask(url, { redirect: "error", signal, headers: { accept: "application/json" } });
  if (!response.ok || !response.body) throw new Error(`the key server answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error("the key document is too large");
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
