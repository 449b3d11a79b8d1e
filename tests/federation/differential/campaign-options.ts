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

/** Of the short run, so that what it says depends on the code alone; the long one draws its own. */
const SHORT_SEED = 20_261_125;

export function setup({ config, provide }: TestProject): void {
  const isLong = config.mode === "differential";
  const isNamed = process.argv.some((argument) => argument.startsWith("--sequence.seed"));
  provide("campaign", { seed: isLong || isNamed ? config.sequence.seed : SHORT_SEED, isLong });
}
