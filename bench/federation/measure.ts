/**
 * One scenario, measured: every side warmed up, then rounds of each in turn.
 *
 * Out     each round of each side. With `profile`, our own side is profiled after the rounds, under the load of one more.
 */
import { copyFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Running } from "../../src/cli/running.ts";
import type { LoadResult } from "../load.ts";
import { type Bed, type Contender, OURS, openBed } from "./bed.ts";
import type { GroupUsage } from "./group-meter.ts";
import type { Scenario } from "./scenarios.ts";
import type { Side } from "./side.ts";
import { monitorEnv, watch } from "./watch.ts";

export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

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
}

export interface MeasuredSide {
  readonly name: string;
  readonly command: string;
  readonly answerBytes: number;
  /** By one request alone. */
  readonly calls: Readonly<Record<string, number>>;
  readonly rounds: readonly Round[];
}

export interface Measured {
  readonly scenario: Scenario;
  readonly sides: readonly MeasuredSide[];
}

export interface MeasureOptions {
  readonly scenario: Scenario;
  readonly sides: readonly Side[];
  readonly effort: Effort;
  /** For logs and data of the sides. */
  readonly directory: string;
  /** Where the profile is written; null for none. */
  readonly profile: string | null;
  /** Ended when the benchmark is interrupted. */
  readonly running: Running;
}

export async function measure(options: MeasureOptions): Promise<Measured> {
  const running = new Running();
  await options.running.add(Promise.resolve(running), () => running.stop());
  try {
    return await measureOn(options, running);
  } finally {
    await running.stop();
  }
}

async function measureOn(options: MeasureOptions, running: Running): Promise<Measured> {
  const { scenario, sides, effort, directory, profile } = options;
  const env = profile === null ? {} : monitorEnv(directory, true);
  const bed = await openBed({ scenario, sides, directory, env, running });
  for (const side of bed.sides) await side.ask({ seconds: effort.warmUpSeconds });
  const calls: Readonly<Record<string, number>>[] = [];
  for (const side of bed.sides) calls.push(await callsOf(bed, side));
  const rounds: (readonly Round[])[] = [];
  for (let i = 0; i < effort.rounds; i++) {
    const turn: Round[] = [];
    for (const side of bed.sides) turn.push(await round(bed, side, effort.seconds));
    rounds.push(turn);
  }
  if (profile !== null) await profileOurs(bed, effort, directory, profile);
  return {
    scenario,
    sides: bed.sides.map(({ name, answerBytes }, at) => ({
      ...{ name, answerBytes, command: sides[at]?.command ?? "", calls: calls[at] ?? {} },
      rounds: rounds.flatMap((turn) => turn[at] ?? []),
    })),
  };
}

async function callsOf({ subgraphs }: Bed, side: Contender): Promise<Readonly<Record<string, number>>> {
  await subgraphs.ask("counted");
  await side.ask({ requests: 1 });
  return subgraphs.ask("counted");
}

async function round({ subgraphs }: Bed, side: Contender, seconds: number): Promise<Round> {
  await subgraphs.ask("counted");
  side.meter.begin();
  const result = await side.ask({ seconds });
  const usage = side.meter.end();
  const calls = Object.values(await subgraphs.ask("counted")).reduce((sum, count) => sum + count, 0);
  return roundOf(result, usage, calls);
}

function roundOf(result: LoadResult, { cpuUs, peakRssBytes, others }: GroupUsage, calls: number): Round {
  const { requests, seconds, p50Ms, p99Ms } = result;
  return {
    ...{ requests, seconds, p50Ms, p99Ms, peakRssBytes },
    cpuUsPerRequest: (cpuUs + others.cpuUs) / requests,
    othersCpuUsPerRequest: others.cpuUs / requests,
    othersRssBytes: others.rssBytes,
    callsPerRequest: calls / requests,
  };
}

async function profileOurs(
  { sides }: Bed,
  { seconds }: Effort,
  directory: string,
  file: string,
): Promise<void> {
  const ours = sides.find(({ name }) => name === OURS);
  if (!ours) return;
  ours.meter.begin();
  await ours.ask({ seconds });
  const { pid } = ours.meter.end();
  const { profile } = await watch(pid, directory, () => ours.ask({ seconds }));
  await mkdir(dirname(file), { recursive: true });
  await copyFile(profile, file);
}
