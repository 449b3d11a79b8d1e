/**
 * Preloaded into a measured Node process (`--import`): watches its event loop between two SIGUSR2, or profiles it.
 *
 * In      IHALA_BENCH_MONITOR, a directory; a file `<pid>.profile` in it asks for a profile too.
 * Out     `<pid>.json` there, a `LoopDelay`, written after the profile `<pid>.cpuprofile`.
 * Cost    nothing before the first signal.
 */
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** How much later than due a timer of 10 ms ran; milliseconds. */
export interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const RESOLUTION_MS = 10;
const SAMPLING_US = 200;
const NS_PER_MS = 1_000_000;

const directory = process.env["IHALA_BENCH_MONITOR"] ?? ".";
const file = (ending: string) => join(directory, `${process.pid}.${ending}`);
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
let watching = false;
let inspector: Session | null = null;

process.on("SIGUSR2", () => {
  watching = !watching;
  void (watching ? begin() : end());
});

async function begin(): Promise<void> {
  if (existsSync(file("profile"))) {
    inspector = new Session();
    inspector.connect();
    await inspector.post("Profiler.enable");
    await inspector.post("Profiler.setSamplingInterval", { interval: SAMPLING_US });
    await inspector.post("Profiler.start");
  }
  delay.reset();
  delay.enable();
}

async function end(): Promise<void> {
  delay.disable();
  const late = (ns: number) => Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);
  const measured: LoopDelay = {
    p50Ms: late(delay.percentile(50)),
    p99Ms: late(delay.percentile(99)),
    maxMs: late(delay.max),
  };
  if (inspector) {
    const { profile } = await inspector.post("Profiler.stop");
    inspector.disconnect();
    inspector = null;
    writeFileSync(file("cpuprofile"), JSON.stringify(profile));
  }
  writeFileSync(file("new"), JSON.stringify(measured));
  renameSync(file("new"), file("json"));
}
