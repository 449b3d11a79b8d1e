/**
 * One group of scenarios, measured: every side of each warmed up, then rounds of all in turn, so that what else the machine does
 * meanwhile meets them alike.
 *
 * Out     each round of each side; of ours alone where documents are to be refused. With `profilesIn`, our own side is profiled after
 *         the rounds, under the load of one more.
 */
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Running } from "../../src/cli/running.ts";
import type { LoadOptions, LoadQuestions } from "../load-process.ts";
import { cores } from "../pin.ts";
import { startWorker } from "../worker.ts";
import { type Bed, OURS, openBed } from "./bed.ts";
import { callsOf, isWatched, type Round, round, underLoad } from "./round.ts";
import type { Scenario } from "./scenarios.ts";
import type { Side } from "./side.ts";
import { monitorEnv, profile } from "./watch.ts";

export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
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
  /** Of one group. */
  readonly scenarios: readonly Scenario[];
  readonly sides: readonly Side[];
  readonly effort: Effort;
  /** For logs and data of the sides. */
  readonly directory: string;
  /** Where profiles are written; null for none. */
  readonly profilesIn: string | null;
  /** Ended when the benchmark is interrupted. */
  readonly running: Running;
}

export async function measure(options: MeasureOptions): Promise<readonly Measured[]> {
  const running = new Running();
  await options.running.add(Promise.resolve(running), stop);
  try {
    return await measureOn(options, running);
  } finally {
    await running.stop();
  }
}

const stop = (one: { stop(): Promise<unknown> }) => one.stop();

async function measureOn(options: MeasureOptions, running: Running): Promise<readonly Measured[]> {
  const { effort, profilesIn } = options;
  const loadOptions: LoadOptions = { core: cores()?.rest ?? null };
  const load = await running.add(
    startWorker<null, LoadQuestions>({ module: "load-process", options: loadOptions }),
    stop,
  );
  const beds: Bed[] = [];
  for (const scenario of options.scenarios) {
    const directory = join(options.directory, scenario.name);
    const watched = isWatched({ scenario });
    const sides = options.sides.filter(({ name }) => !watched || name === OURS);
    const env = watched || profilesIn !== null ? monitorEnv(directory) : {};
    beds.push(await openBed({ scenario, sides, directory, env, load, running }));
  }

  const turns = beds.flatMap((bed) => bed.sides.map((side) => ({ bed, side, rounds: [] as Round[] })));
  for (const { bed, side } of turns) await underLoad(bed, side, effort.warmUpSeconds);
  for (let i = 0; i < effort.rounds; i++)
    for (const { bed, side, rounds } of turns) rounds.push(await round(bed, side, effort.seconds));

  const measured: Measured[] = [];
  for (const bed of beds) {
    const sides: MeasuredSide[] = [];
    for (const { side, rounds } of turns.filter((turn) => turn.bed === bed)) {
      const { name, command, answerBytes } = side;
      sides.push({ name, command, answerBytes, calls: await callsOf(bed, side), rounds });
    }
    measured.push({ scenario: bed.scenario, sides });
    if (profilesIn !== null) await profileOurs(bed, effort, profilesIn);
  }
  return measured;
}

async function profileOurs(bed: Bed, { seconds }: Effort, directory: string): Promise<void> {
  const ours = bed.sides.find(({ name }) => name === OURS);
  if (!ours) return;
  const doing = () => underLoad(bed, ours, seconds);
  const file = await profile({ pid: ours.meter.busiest(), directory: bed.directory, doing });
  await mkdir(directory, { recursive: true });
  await copyFile(file, join(directory, `${bed.scenario.name}.cpuprofile`));
}
