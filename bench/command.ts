/** What the commands of the benchmark share: numbers, interruption, results. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/config/package-root.ts";

/** Where results are kept, unless somebody says otherwise. */
export const RESULTS = join(PACKAGE_ROOT, "bench", "results");

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const INTERRUPTED = 130;

/** Stops what runs, then ends. */
export function onInterrupt(stop: () => Promise<unknown>): void {
  for (const signal of SIGNALS) process.once(signal, () => stop().finally(() => process.exit(INTERRUPTED)));
}

export function positive(text: string): number {
  const number = Number(text);
  if (number > 0) return number;
  throw new RangeError(`\`${text}\` is not a number above 0`);
}

/** Writes `<directory>/<day>-<name>.json` and returns its path. */
export async function writeResult(
  directory: string,
  name: string,
  result: { readonly date: string },
): Promise<string> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, `${result.date.slice(0, 10)}-${name}.json`);
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}
