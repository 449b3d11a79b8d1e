/**
 * Where key sets come from: a JWKS file, or a URL of the configuration (5 s deadline, 64 kB, no redirects).
 */
import { readFile } from "node:fs/promises";
import type { KeySource } from "./key-set.ts";

const DEADLINE_MS = 5_000;
const MAX_BYTES = 65_536;

export const keysFromFile =
  (file: string): KeySource =>
  async () =>
    JSON.parse(await readFile(file, "utf8"));

export const keysFromUrl =
  (url: string): KeySource =>
  async () => {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const response = await fetch(url, { redirect: "error", signal, headers: { accept: "application/json" } });
    if (!response.ok || !response.body) throw new Error(`the key server answered ${response.status}`);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > MAX_BYTES) throw new Error("the key document is too large");
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  };
