/**
 * Where one scenario is measured: its subgraphs and the load generator on one core, every side on the other, warm; the sides are
 * there together and take turns.
 *
 * Order   the truth of every question first (graphql-js, one process); each side then answers every question, equal to it, and its
 *         own words are what each later answer must be, to the byte.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Running } from "../../src/cli/running.ts";
import type { LoadResult, Question } from "../load.ts";
import type { LoadOptions, LoadQuestions } from "../load-process.ts";
import { cores } from "../pin.ts";
import { startWorker, type Worker } from "../worker.ts";
import { scoreOf } from "./bare-score.ts";
import type { Scenario } from "./scenarios.ts";
import { PATH, type RunningSide, type Side, startSide } from "./side.ts";
import type { SubgraphsOptions, SubgraphsQuestions, SubgraphsReady } from "./subgraphs-process.ts";
import { type Planned, supergraphOf, trueAnswer } from "./workload.ts";
import { workloadNamed } from "./workloads.ts";

export interface Bed {
  readonly subgraphs: Worker<SubgraphsReady, SubgraphsQuestions>;
  readonly sides: readonly Contender[];
}

/** A side that has answered everything right once. */
export interface Contender extends RunningSide {
  readonly answerBytes: number;
  ask(until: Until): Promise<LoadResult>;
}

export type Until = { readonly requests: number } | { readonly seconds: number };

export interface BedOptions {
  readonly scenario: Scenario;
  readonly sides: readonly Side[];
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly running: Running;
}

const HEADERS = { "content-type": "application/json", accept: "application/json" };
const stop = (one: { stop(): Promise<unknown> }) => one.stop();

export async function openBed({ scenario, sides, directory, env, running }: BedOptions): Promise<Bed> {
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
  const loadOptions: LoadOptions = { core };
  const load = await running.add(
    startWorker<null, LoadQuestions>({ module: "load-process", options: loadOptions }),
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
    const ask = (questions: readonly Question[], connections: number, until: Until) =>
      load.ask("run", { url: started.url, path: PATH, headers: HEADERS, questions, connections, until });
    const blank = planned.map(({ operation }) => ({ body: JSON.stringify(operation), expected: null }));
    const { answers } = await ask(blank, 1, { requests: blank.length });
    const questions = planned.map((one, at) => ({
      body: JSON.stringify(one.operation),
      expected: checked(side, one, answers[at] ?? ""),
    }));
    contenders.push({
      ...started,
      answerBytes: Buffer.byteLength(answers[0] ?? ""),
      ask: (until) => ask(questions, scenario.connections, until),
    });
  }
  await subgraphs.ask("delay", scenario.delayMs);
  return { subgraphs, sides: contenders };
}

/** Ours must have the truth's order of keys too: the GraphQL specification asks for it. */
function checked({ name }: Side, { answer }: Planned & { readonly answer: string }, text: string): string {
  const given: unknown = JSON.parse(text);
  const right =
    name === OURS ? JSON.stringify(given) === answer : isDeepStrictEqual(given, JSON.parse(answer));
  if (!right) throw new Error(`${name} gives another answer than graphql-js: ${text.slice(0, 2_000)}`);
  return text;
}

export const OURS = "ours";
