/**
 * Keeps Cedar's WebAssembly compiled as long as the process lives (Vitest setup file). V8 shares its code by its bytes while anybody
 * holds it, and policies are compiled in threads that end with the compilation: without this, each would begin by compiling Cedar.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const kept = globalThis as unknown as {
  readonly WebAssembly: { compile(bytes: Buffer): Promise<object> };
  cedarOfTests?: object;
};
const nodejs = dirname(createRequire(import.meta.url).resolve("@cedar-policy/cedar-wasm/nodejs"));
kept.cedarOfTests ??= await kept.WebAssembly.compile(readFileSync(join(nodejs, "cedar_wasm_bg.wasm")));
