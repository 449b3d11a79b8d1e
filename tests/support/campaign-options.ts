/**
 * What the command line says about random tests (Vitest global setup): `--sequence.seed` draws other cases or brings a run back;
 * `--mode differential` makes the differential test long, `--mode faults` the faults.
 */
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    readonly campaign: { readonly seed: number; readonly isLong: boolean };
  }
}

/** Of `npm test`, so that what it says depends on the code alone; the long run draws its own. */
const SHORT_SEED = 20_261_125;

const LONG_MODES: ReadonlySet<string> = new Set(["differential", "faults"]);

export function setup({ config, provide }: TestProject): void {
  const isLong = LONG_MODES.has(config.mode ?? "");
  const isNamed = process.argv.some((argument) => argument.startsWith("--sequence.seed"));
  provide("campaign", { seed: isLong || isNamed ? config.sequence.seed : SHORT_SEED, isLong });
}
