/**
 * One round of one side: a span of load, and what the side used meanwhile.
 *
 * Bombs   of a scenario that has them arrive beside its questions, and the event loop is watched.
 */
import type { LoadResult } from "../load.ts";
import type { Bed, Contender } from "./bed.ts";
import type { GroupUsage } from "./group-meter.ts";
import type { LoopDelay } from "./monitor.ts";
import { watch } from "./watch.ts";

export interface Round {
  readonly requests: number;
  readonly seconds: number;
  /** Of the whole process group. */
  readonly cpuUsPerRequest: number;
  /** Of it, by processes that do not serve: planner, launcher. */
  readonly othersCpuUsPerRequest: number;
  readonly peakRssBytes: number;
  readonly othersRssBytes: number;
  readonly callsPerRequest: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the serving process's event loop, where it is watched. */
  readonly loopDelay: LoopDelay | null;
}

export async function round(bed: Bed, side: Contender, seconds: number): Promise<Round> {
  const { subgraphs, directory } = bed;
  await subgraphs.ask("counted");
  side.meter.begin();
  const load = () => underLoad(bed, side, seconds);
  const { done, delay } = isWatched(bed)
    ? await watch({ pid: side.meter.busiest(), directory, doing: load })
    : { done: await load(), delay: null };
  const usage = side.meter.end();
  const calls = Object.values(await subgraphs.ask("counted")).reduce((sum, count) => sum + count, 0);
  return roundOf(done, usage, calls, delay);
}

export const isWatched = ({ scenario }: Pick<Bed, "scenario">): boolean => scenario.group === "event-loop";

/** The scenario's questions as fast as they are answered, and its bombs. */
export async function underLoad({ scenario }: Bed, side: Contender, seconds: number): Promise<LoadResult> {
  const { bombsPerSecond } = scenario;
  const bombs = bombsPerSecond > 0 ? side.bomb(seconds, bombsPerSecond) : null;
  const [result] = await Promise.all([side.ask({ seconds }), bombs]);
  return result;
}

/** Calls of one request alone, by subgraph. */
export async function callsOf(
  { subgraphs }: Bed,
  side: Contender,
): Promise<Readonly<Record<string, number>>> {
  await subgraphs.ask("counted");
  await side.ask({ requests: 1 });
  return subgraphs.ask("counted");
}

function roundOf(
  { requests, seconds, p50Ms, p99Ms }: LoadResult,
  { cpuUs, peakRssBytes, others }: GroupUsage,
  calls: number,
  loopDelay: LoopDelay | null,
): Round {
  return {
    ...{ requests, seconds, p50Ms, p99Ms, peakRssBytes, loopDelay },
    cpuUsPerRequest: (cpuUs + others.cpuUs) / requests,
    othersCpuUsPerRequest: others.cpuUs / requests,
    othersRssBytes: others.rssBytes,
    callsPerRequest: calls / requests,
  };
}
