/**
 * The other side of `monitor.ts`: has a process watched while something is done.
 *
 * In      the process, preloaded with `monitorEnv`.
 * Out     its event loop's delay; where its CPU profile is, if one was asked for.
 */
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LoopDelay } from "./monitor.ts";

export interface Watched {
  readonly delay: LoopDelay;
  readonly profile: string;
}

const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const MONITOR = new URL(`./monitor${EXTENSION}`, import.meta.url);
const POLL_MS = 50;
const PATIENCE_MS = 60_000;

export const monitorEnv = (directory: string, profile: boolean): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import=${MONITOR.href}`,
  IHALA_BENCH_MONITOR: directory,
  ...(profile ? { IHALA_BENCH_PROFILE: "1" } : {}),
});

export async function watch(pid: number, directory: string, doing: () => Promise<unknown>): Promise<Watched> {
  const file = join(directory, `${pid}.json`);
  await rm(file, { force: true });
  process.kill(pid, "SIGUSR2");
  await doing();
  process.kill(pid, "SIGUSR2");
  const deadline = performance.now() + PATIENCE_MS;
  while (!existsSync(file)) {
    if (performance.now() > deadline) throw new Error(`process ${pid} does not say what it saw`);
    await sleep(POLL_MS);
  }
  return {
    delay: JSON.parse(await readFile(file, "utf8")) as LoopDelay,
    profile: join(directory, `${pid}.cpuprofile`),
  };
}
