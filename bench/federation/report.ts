/** What was measured, as a file for comparisons and as tables for people: medians over the rounds, each round in the file. */
import { median } from "../median.ts";
import { type Surroundings, surroundings } from "../surroundings.ts";
import { markdownTable } from "../table.ts";
import type { Effort, Measured, MeasuredSide, Round } from "./measure.ts";
import { BARE } from "./sides.ts";

export interface FederationReport extends Surroundings {
  readonly effort: Effort;
  readonly scenarios: readonly ScenarioReport[];
}

type ScenarioReport = ReturnType<typeof scenarioReport>;
type SideReport = ReturnType<typeof sideReport>;

export async function reportOf(effort: Effort, measured: readonly Measured[]): Promise<FederationReport> {
  return { ...(await surroundings()), effort, scenarios: measured.map(scenarioReport) };
}

function scenarioReport({ scenario, sides }: Measured) {
  const { name, what, connections, delayMs } = scenario;
  return { ...{ name, what, connections, delayMs }, sides: sides.map(sideReport) };
}

function sideReport({ rounds, ...about }: MeasuredSide) {
  const of = (value: (round: Round) => number) => median(rounds, value);
  const cpuUsPerRequest = of((round) => round.cpuUsPerRequest);
  return {
    ...about,
    cpuUsPerRequest,
    requestsPerCpuSecond: 1_000_000 / cpuUsPerRequest,
    othersCpuUsPerRequest: of((round) => round.othersCpuUsPerRequest),
    requestsPerSecond: of(({ requests, seconds }) => requests / seconds),
    peakRssBytes: Math.max(...rounds.map(({ peakRssBytes }) => peakRssBytes)),
    othersRssBytes: Math.max(...rounds.map(({ othersRssBytes }) => othersRssBytes)),
    callsUnderLoad: of(({ callsPerRequest }) => callsPerRequest),
    p50Ms: of(({ p50Ms }) => p50Ms),
    p99Ms: of(({ p99Ms }) => p99Ms),
    rounds,
  };
}

const HEADS = [
  ...["scenario", "side", "requests/CPU-s", "× bare", "CPU µs/request", "others' CPU", "calls, under load"],
  ...["peak RSS MB", "× bare", "others' RSS", "p50 ms", "p99 ms", "p50 over bare"],
];

export function tablesOf({ scenarios }: FederationReport): string {
  const rows = scenarios.flatMap((scenario) =>
    scenario.sides.map((side, at) => [at === 0 ? scenario.name : "", side.name, ...cells(side, scenario)]),
  );
  return markdownTable(HEADS, rows, 2);
}

function cells(side: SideReport, { sides }: ScenarioReport): readonly string[] {
  const bare = sides.find(({ name }) => name === BARE);
  const over = (of: (side: SideReport) => number) => (bare ? (of(side) / of(bare)).toFixed(2) : "");
  const calls = Object.values(side.calls).reduce((sum, count) => sum + count, 0);
  return [
    whole(side.requestsPerCpuSecond),
    over(({ requestsPerCpuSecond }) => requestsPerCpuSecond),
    whole(side.cpuUsPerRequest),
    whole(side.othersCpuUsPerRequest),
    `${calls}, ${side.callsUnderLoad.toFixed(2)}`,
    megabytes(side.peakRssBytes),
    over(({ peakRssBytes }) => peakRssBytes),
    megabytes(side.othersRssBytes),
    ...[side.p50Ms, side.p99Ms].map((ms) => ms.toFixed(1)),
    bare ? (side.p50Ms - bare.p50Ms).toFixed(1) : "",
  ];
}

const whole = (number: number) => Math.round(number).toString();
const megabytes = (bytes: number) => whole(bytes / 1_000_000);
