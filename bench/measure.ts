/**
 * One operation, measured: gateway and bare Node in turn, several rounds, medians.
 *
 * Order   the gateway's first answer is checked; both are warmed up; the calls of a warm request are recorded and given to bare
 *         Node; then rounds. Every answer of both must equal the first to the byte.
 */
import { type TimedCall, wavesOf } from "./calls.ts";
import type { Deployment } from "./deployment.ts";
import type { LoadResult } from "./load.ts";
import type { Operation } from "./operations.ts";
import type { MeterQuestions, Usage } from "./usage.ts";
import type { Worker } from "./worker.ts";

export interface Effort {
  readonly rounds: number;
  /** Over the operations' own numbers of requests. */
  readonly share: number;
  readonly connections: number;
}

export interface Round {
  readonly cpuUsPerRequest: number;
  /** Of the planner; null where it cannot be read. */
  readonly childCpuUsPerRequest: number | null;
  readonly peakRssBytes: number;
  readonly childRssBytes: number | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Measured {
  readonly operation: Operation;
  readonly requestsPerRound: number;
  readonly answerBytes: number;
  /** Asked by one request. */
  readonly agencies: readonly string[];
  /** How often each of them was; GW is the gateway's own database, which links uids to keys. */
  readonly calls: Readonly<Record<string, number>>;
  readonly httpCalls: number;
  readonly statements: number;
  readonly waves: number;
  readonly gateway: readonly Round[];
  readonly bare: readonly Round[];
}

/** Of the recorded requests the one with the fewest waves is played: chance only adds some. */
const RECORDED = 5;
/** Requests before each round, by connection: pools may have closed their own while the other side was measured. */
const LEAD_IN = 3;
const PATH = "/graphql";

export async function measure(on: Deployment, operation: Operation, effort: Effort): Promise<Measured> {
  const { gateway, bare } = on;
  const requestsPerRound = counted(operation.requests, effort);
  const warmUp = counted(operation.warmUp, effort);
  const ask = await asker(on, operation, effort);
  const answer = answerOf(await ask(gateway, 1, null));
  check(operation, answer);

  await ask(gateway, warmUp, answer);
  const calls = await recorded(gateway, () => ask(gateway, 1, answer));
  const waves = wavesOf(calls);
  await bare.ask("play", { waves, answer });
  await ask(bare, warmUp, answer);

  const round = async (side: Side): Promise<Round> => {
    await ask(side, LEAD_IN * effort.connections, answer);
    await side.ask("begin");
    const result = await ask(side, requestsPerRound, answer);
    return roundOf(await side.ask("end"), result, requestsPerRound);
  };
  const rounds: { readonly gateway: Round; readonly bare: Round }[] = [];
  for (let i = 0; i < effort.rounds; i++)
    rounds.push({ gateway: await round(gateway), bare: await round(bare) });

  const places = calls.map(({ call }) => on.agencyAt(call.kind === "http" ? call.origin : call.database));
  const httpCalls = calls.filter(({ call }) => call.kind === "http").length;
  return {
    ...{ operation, requestsPerRound, httpCalls },
    answerBytes: Buffer.byteLength(answer),
    agencies: [...new Set(places)].filter((code) => code !== "GW").toSorted(),
    calls: Object.fromEntries(
      [...Map.groupBy(places, (code) => code)].map(([code, { length }]) => [code, length]),
    ),
    statements: calls.length - httpCalls,
    waves: waves.length,
    gateway: rounds.map((one) => one.gateway),
    bare: rounds.map((one) => one.bare),
  };
}

/** Profiles the gateway, warm, under the load of one round. */
export async function profile(
  on: Deployment,
  operation: Operation,
  effort: Effort,
  file: string,
): Promise<void> {
  const ask = await asker(on, operation, effort);
  const answer = answerOf(await ask(on.gateway, counted(operation.warmUp, effort), null));
  await on.gateway.ask("profile");
  await ask(on.gateway, counted(operation.requests, effort), answer);
  await on.gateway.ask("profiled", file);
}

const counted = (usual: number, { share }: Effort): number => Math.max(1, Math.round(usual * share));

type Side = Worker<{ readonly url: string }, MeterQuestions>;
type Ask = (side: Side, requests: number, expected: string | null) => Promise<LoadResult>;

async function asker(on: Deployment, operation: Operation, { connections }: Effort): Promise<Ask> {
  const { headers, body } = await on.question(operation);
  return (side, requests, expected) =>
    on.load.ask("run", {
      ...{ url: side.ready.url, path: PATH, headers, connections, until: { requests } },
      questions: [{ body, expected }],
    });
}

const answerOf = ({ answers: [answer] }: LoadResult): string => answer ?? "";

function check({ name, isRight }: Operation, answer: string): void {
  const { data = null, errors } = JSON.parse(answer) as {
    readonly data?: Readonly<Record<string, unknown>> | null;
    readonly errors?: unknown;
  };
  if (errors !== undefined || !isRight(data)) throw new Error(`a wrong answer to \`${name}\`: ${answer}`);
}

async function recorded(
  gateway: Deployment["gateway"],
  askOnce: () => Promise<unknown>,
): Promise<readonly TimedCall[]> {
  const heard: (readonly TimedCall[])[] = [];
  for (let i = 0; i < RECORDED; i++) {
    await gateway.ask("listen");
    await askOnce();
    heard.push(await gateway.ask("heard"));
  }
  const [best = []] = heard.toSorted((a, b) => wavesOf(a).length - wavesOf(b).length);
  return best;
}

function roundOf(
  { cpuUs, peakRssBytes, children }: Usage,
  { p50Ms, p99Ms }: Pick<Round, "p50Ms" | "p99Ms">,
  requests: number,
): Round {
  return {
    cpuUsPerRequest: cpuUs / requests,
    childCpuUsPerRequest: children && children.cpuUs / requests,
    peakRssBytes,
    childRssBytes: children?.rssBytes ?? null,
    ...{ p50Ms, p99Ms },
  };
}
