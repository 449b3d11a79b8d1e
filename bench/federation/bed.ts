/**
 * Where one scenario is measured: its subgraphs and the load generator on one core, every side on the other; the sides are there
 * together and take turns.
 *
 * Order   the truth of every question first (graphql-js, one process); each side then answers every question, equal to it, and its
 *         own words are what each later answer must be, to the byte.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Running } from "../../src/cli/running.ts";
import type { LoadResult, Question } from "../load.ts";
import type { LoadQuestions } from "../load-process.ts";
import { cores } from "../pin.ts";
import { startWorker, type Worker } from "../worker.ts";
import { scoreOf } from "./bare-score.ts";
import { fragmentBomb } from "./fragment-bomb.ts";
import type { Scenario } from "./scenarios.ts";
import { PATH, type RunningSide, type Side, startSide } from "./side.ts";
import type { SubgraphsOptions, SubgraphsQuestions, SubgraphsReady } from "./subgraphs-process.ts";
import { type Planned, supergraphOf, trueAnswer } from "./workload.ts";
import { workloadNamed } from "./workloads.ts";

export interface Bed {
  readonly scenario: Scenario;
  readonly directory: string;
  readonly subgraphs: Worker<SubgraphsReady, SubgraphsQuestions>;
  readonly sides: readonly Contender[];
}

/** A side that has answered everything right once. */
export interface Contender extends RunningSide {
  readonly command: string;
  readonly answerBytes: number;
  ask(until: Until): Promise<LoadResult>;
  /** Sends documents that must be refused. */
  bomb(seconds: number, perSecond: number): Promise<LoadResult>;
}

export type Until = { readonly requests: number } | { readonly seconds: number };

export interface BedOptions {
  readonly scenario: Scenario;
  readonly sides: readonly Side[];
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly load: Worker<null, LoadQuestions>;
  readonly running: Running;
}

const ASKED_FIRST = 8;
const BOMBERS = 20;
const HEADERS = { "content-type": "application/json", accept: "application/json" };
const stop = (one: { stop(): Promise<unknown> }) => one.stop();

export async function openBed({ scenario, sides, directory, env, load, running }: BedOptions): Promise<Bed> {
  const workload = workloadNamed(scenario.workload);
  const { gateway: gatewayCore, rest: core } = cores() ?? { gateway: null, rest: null };
  const subgraphsOptions: SubgraphsOptions = { workload: scenario.workload, core };
  const subgraphs = await running.add(
    startWorker<SubgraphsReady, SubgraphsQuestions>({
      module: "federation/subgraphs-process",
      options: subgraphsOptions,
    }),
    stop,
  );
  const { origin } = subgraphs.ready;
  const planned = await Promise.all(
    scenario.questions().map(async (one) => ({ ...one, answer: await trueAnswer(workload, one.operation) })),
  );
  const values = {
    supergraph: join(directory, "supergraph.graphql"),
    score: join(directory, "score.json"),
    flags: scenario.flags,
  };
  await mkdir(directory, { recursive: true });
  await writeFile(values.supergraph, supergraphOf(workload, origin));
  await writeFile(values.score, JSON.stringify(scoreOf(origin, planned)));

  const contenders: Contender[] = [];
  for (const side of sides) {
    const started = await running.add(startSide({ side, directory, core: gatewayCore, values, env }), stop);
    const target = { url: started.url, path: PATH, headers: HEADERS };
    const ask = (questions: readonly Question[], connections: number, until: Until) =>
      load.ask("run", { ...target, questions, connections, until });
    const blank = planned.map(({ operation }) => ({ body: JSON.stringify(operation), expected: null }));
    const { answers } = await ask(blank, ASKED_FIRST, { requests: blank.length });
    const questions = planned.map((one, at) => ({
      body: JSON.stringify(one.operation),
      expected: checked(side, one, answers[at] ?? ""),
    }));
    contenders.push({
      ...started,
      command: side.command,
      answerBytes: Buffer.byteLength(answers[0] ?? ""),
      ask: (until) => ask(questions, scenario.connections, until),
      bomb: (seconds, perSecond) =>
        load.ask("run", {
          ...{ ...target, perSecond, until: { seconds }, refused: true, connections: BOMBERS },
          questions: bombs(Math.ceil(seconds * perSecond)),
        }),
    });
  }
  await subgraphs.ask("delay", scenario.delayMs);
  return { scenario, directory, subgraphs, sides: contenders };
}

/** Ours must have the truth's order of keys too: the GraphQL specification asks for it. */
function checked({ name }: Side, { answer }: Planned & { readonly answer: string }, text: string): string {
  const given: unknown = JSON.parse(text);
  const right =
    name === OURS ? JSON.stringify(given) === answer : isDeepStrictEqual(given, JSON.parse(answer));
  if (!right) throw new Error(`${name} gives another answer than graphql-js: ${text.slice(0, 2_000)}`);
  return text;
}

/** Counted on from one attack to the next. */
let bombsMade = 0;
const bombs = (count: number): readonly Question[] =>
  Array.from({ length: count }, () => ({
    body: JSON.stringify({ query: fragmentBomb(bombsMade++) }),
    expected: null,
  }));

export const OURS = "ours";
