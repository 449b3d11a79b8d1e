/** Cores by number, where `taskset` and a second core are there: what is measured gets the first to itself, the rest the second. */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";

export interface Cores {
  readonly gateway: number;
  readonly rest: number;
}

export function cores(): Cores | null {
  if (availableParallelism() < 2) return null;
  try {
    execFileSync("taskset", ["-V"], { stdio: "ignore" });
    return { gateway: 0, rest: 1 };
  } catch {
    return null;
  }
}

/** A command that runs on that core alone, with everything that it starts. */
export const pinned = (core: number | null, command: readonly string[]): readonly string[] =>
  core === null ? command : ["taskset", "-c", String(core), ...command];

/** All threads of this process, and what it starts from now on. */
export function pinSelf(core: number | null): void {
  if (core !== null)
    execFileSync("taskset", ["-acp", String(core), String(process.pid)], { stdio: "ignore" });
}
