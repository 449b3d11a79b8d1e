/**
 * Passes on what the command line says about the differential test (Vitest global setup): `--sequence.seed` brings a run
 * back, `--mode differential` makes it long.
 */
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    readonly campaign: { readonly seed: number; readonly isLong: boolean };
  }
}

export function setup({ config, provide }: TestProject): void {
  provide("campaign", { seed: config.sequence.seed, isLong: config.mode === "differential" });
}
