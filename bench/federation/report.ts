/** What was measured, as a file for comparisons: medians over the rounds, and each round. `tables.ts` shows it to people. */
import { median } from "../median.ts";
import { type Surroundings, surroundings } from "../surroundings.ts";
import type { Effort, Measured, MeasuredSide } from "./measure.ts";
import type { Round } from "./round.ts";

export interface FederationReport extends Surroundings {
  readonly effort: Effort;
  readonly scenarios: readonly ScenarioReport[];
}

export type ScenarioReport = ReturnType<typeof scenarioReport>;
export type SideReport = ReturnType<typeof sideReport>;

export async function reportOf(effort: Effort, measured: readonly Measured[]): Promise<FederationReport> {
  return { ...(await surroundings()), effort, scenarios: measured.map(scenarioReport) };
}

function scenarioReport({ scenario, sides }: Measured) {
  const { questions, ...about } = scenario;
  return { ...about, questions: questions().length, sides: sides.map(sideReport) };
}

function sideReport({ rounds, command, ...about }: MeasuredSide) {
  const of = (value: (round: Round) => number) => median(rounds, value);
  const cpuUsPerRequest = of((round) => round.cpuUsPerRequest);
  return {
    ...about,
    command: withoutFolders(command),
    cpuUsPerRequest,
    requestsPerCpuSecond: 1_000_000 / cpuUsPerRequest,
    othersCpuUsPerRequest: of((round) => round.othersCpuUsPerRequest),
    requestsPerSecond: of(({ requests, seconds }) => requests / seconds),
    peakRssBytes: Math.max(...rounds.map(({ peakRssBytes }) => peakRssBytes)),
    othersRssBytes: Math.max(...rounds.map(({ othersRssBytes }) => othersRssBytes)),
    callsUnderLoad: of(({ callsPerRequest }) => callsPerRequest),
    p50Ms: of(({ p50Ms }) => p50Ms),
    p99Ms: of(({ p99Ms }) => p99Ms),
    loopDelayP99Ms: of(({ loopDelay }) => loopDelay?.p99Ms ?? 0),
    loopDelayMaxMs: Math.max(...rounds.map(({ loopDelay }) => loopDelay?.maxMs ?? 0)),
    rounds,
  };
}

/** Results are kept: where somebody's folders are is nobody's business. */
const withoutFolders = (command: string): string => command.replace(/(?<![\w.}])~?\/(?:[^\s/]+\/)*/g, "");
