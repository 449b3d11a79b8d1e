/**
 * The other side of `monitor.ts`: has a process watched, or profiled, while something is done.
 *
 * In      the process, preloaded with `monitorEnv`.
 * Out     what was done, and what the monitor saw meanwhile.
 */
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LoopDelay } from "./monitor.ts";

export interface Watching<Done> {
  readonly pid: number;
  readonly directory: string;
  readonly doing: () => Promise<Done>;
}

const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const MONITOR = new URL(`./monitor${EXTENSION}`, import.meta.url);
const POLL_MS = 50;
const PATIENCE_MS = 60_000;

export const monitorEnv = (directory: string): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import=${MONITOR.href}`,
  IHALA_BENCH_MONITOR: directory,
});

/** The delay of its event loop. */
export async function watch<Done>(
  watching: Watching<Done>,
): Promise<{ readonly done: Done; readonly delay: LoopDelay }> {
  const file = join(watching.directory, `${watching.pid}.json`);
  const done = await between(watching, file);
  return { done, delay: JSON.parse(await readFile(file, "utf8")) as LoopDelay };
}

/** The file of its CPU profile. */
export async function profile(watching: Watching<unknown>): Promise<string> {
  const { pid, directory } = watching;
  const wish = join(directory, `${pid}.profile`);
  await writeFile(wish, "");
  await between(watching, join(directory, `${pid}.json`));
  await rm(wish);
  return join(directory, `${pid}.cpuprofile`);
}

/** Signals before and after; what was done, once the monitor has written the file. */
async function between<Done>({ pid, doing }: Watching<Done>, file: string): Promise<Done> {
  await rm(file, { force: true });
  process.kill(pid, "SIGUSR2");
  const done = await doing();
  process.kill(pid, "SIGUSR2");
  const deadline = performance.now() + PATIENCE_MS;
  while (!existsSync(file)) {
    if (performance.now() > deadline) throw new Error(`process ${pid} does not say what it saw`);
    await sleep(POLL_MS);
  }
  return done;
}
