/**
 * A result as tables: what a request costs each side; what it costs as something grows; how late the event loop is.
 *
 * Others  are the processes of a side that do not serve: planner, launcher, shell.
 */
import { markdownTable } from "../table.ts";
import type { FederationReport, ScenarioReport, SideReport } from "./report.ts";
import type { Group } from "./scenarios.ts";
import { BARE } from "./sides.ts";

export function tablesOf({ scenarios }: FederationReport): string {
  const groups = Map.groupBy(scenarios, ({ group }) => group);
  const taken = (...wanted: readonly Group[]) => wanted.flatMap((group) => groups.get(group) ?? []);
  return [
    throughput(taken("standard", "standard-shared", "distinct")),
    latency(taken("waves")),
    growth(taken("growth-rows"), ["rows", "µs/row", "µs/further row"], byRow),
    growth(taken("growth-agencies"), ["agencies"], () => []),
    lateness(taken("event-loop")),
  ]
    .filter((table) => table !== "")
    .join("\n\n");
}

type Cells = (side: SideReport, bare: SideReport | undefined) => readonly string[];

/** One row for each side of each scenario; none at all without scenarios. */
function table(scenarios: readonly ScenarioReport[], heads: readonly string[], cells: Cells): string {
  if (scenarios.length === 0) return "";
  const rows = scenarios.flatMap(({ name, sides }) => {
    const bare = sides.find((side) => side.name === BARE);
    return sides.map((side, at) => [at === 0 ? name : "", side.name, ...cells(side, bare)]);
  });
  return markdownTable(["scenario", "", ...heads], rows, 2);
}

const THROUGHPUT = [
  ...["requests/CPU-s", "× bare", "CPU µs/request", "of others", "calls, under load"],
  ...["peak RSS MB", "× bare", "of others", "p50 ms", "p99 ms"],
];

const throughput = (scenarios: readonly ScenarioReport[]): string =>
  table(scenarios, THROUGHPUT, (side, bare) => [
    whole(side.requestsPerCpuSecond),
    ratio(side.requestsPerCpuSecond, bare?.requestsPerCpuSecond),
    whole(side.cpuUsPerRequest),
    whole(side.othersCpuUsPerRequest),
    `${sum(Object.values(side.calls))}, ${side.callsUnderLoad.toFixed(2)}`,
    megabytes(side.peakRssBytes),
    ratio(side.peakRssBytes, bare?.peakRssBytes),
    megabytes(side.othersRssBytes),
    ...[side.p50Ms, side.p99Ms].map(tenths),
  ]);

const latency = (scenarios: readonly ScenarioReport[]): string =>
  table(scenarios, ["p50 ms", "over bare", "p99 ms", "calls"], (side, bare) => [
    tenths(side.p50Ms),
    bare ? tenths(side.p50Ms - bare.p50Ms) : "",
    tenths(side.p99Ms),
    String(sum(Object.values(side.calls))),
  ]);

/** What one more row costs: the difference to the size before. */
const byRow: Points = ({ size, cpuUs }, before) => [
  hundredths(cpuUs / size),
  before ? hundredths((cpuUs - before.cpuUs) / (size - before.size)) : "",
];

interface Point {
  readonly size: number;
  readonly cpuUs: number;
}
type Points = (point: Point, before: Point | undefined) => readonly string[];

/** Each side from its smallest size to its largest. */
function growth(scenarios: readonly ScenarioReport[], heads: readonly string[], cells: Points): string {
  if (scenarios.length === 0) return "";
  const names = [...new Set(scenarios.flatMap(({ sides }) => sides.map(({ name }) => name)))];
  const pointsOf = (name: string): readonly Point[] =>
    scenarios.flatMap(({ size, sides }) =>
      sides.filter((side) => side.name === name).map((side) => ({ size, cpuUs: side.cpuUsPerRequest })),
    );
  const bare = new Map(pointsOf(BARE).map(({ size, cpuUs }) => [size, cpuUs]));
  const rows = names.flatMap((name) =>
    pointsOf(name).map((point, at, points) => [
      ...[at === 0 ? name : "", String(point.size), whole(point.cpuUs)],
      ...[ratio(point.cpuUs, bare.get(point.size)), ratio(point.cpuUs, points[0]?.cpuUs)],
      ...cells(point, points[at - 1]),
    ]),
  );
  const [what = "", ...more] = heads;
  return markdownTable(["", what, "CPU µs/request", "× bare", "× smallest", ...more], rows, 1);
}

const lateness = (scenarios: readonly ScenarioReport[]): string =>
  table(scenarios, ["loop delay p99 ms", "max ms", "p50 ms", "p99 ms"], (side) =>
    [side.loopDelayP99Ms, side.loopDelayMaxMs, side.p50Ms, side.p99Ms].map(tenths),
  );

const ratio = (value: number, to: number | undefined): string =>
  to === undefined ? "" : hundredths(value / to);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const whole = (number: number): string => Math.round(number).toString();
const tenths = (number: number): string => number.toFixed(1);
const hundredths = (number: number): string => number.toFixed(2);
const megabytes = (bytes: number): string => whole(bytes / 1_000_000);
