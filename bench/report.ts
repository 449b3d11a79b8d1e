/** What was measured, as a table for people and as a file for comparisons: medians over the rounds, each round in the file. */
import type { Scale } from "./deployment.ts";
import type { Effort, Measured, Round } from "./measure.ts";
import { median } from "./median.ts";
import { type Surroundings, surroundings } from "./surroundings.ts";
import { markdownTable } from "./table.ts";

export interface Report extends Surroundings {
  readonly scale: Scale;
  readonly effort: Effort;
  readonly operations: readonly ReturnType<typeof summary>[];
}

export async function reportOf(scale: Scale, effort: Effort, measured: readonly Measured[]): Promise<Report> {
  return {
    ...(await surroundings()),
    ...{ scale, effort },
    operations: measured.map(summary),
  };
}

function summary({ operation, gateway, bare, ...about }: Measured) {
  const { name, what, role, purpose } = operation;
  const ratio =
    median(gateway, (round) => round.cpuUsPerRequest) / median(bare, (round) => round.cpuUsPerRequest);
  return {
    ...{ name, what, role, purpose, ...about, ratio },
    gateway: { ...mediansOf(gateway), rounds: gateway },
    bare: { ...mediansOf(bare), rounds: bare },
  };
}

function mediansOf(rounds: readonly Round[]) {
  const cpuUsPerRequest = median(rounds, (round) => round.cpuUsPerRequest);
  return {
    cpuUsPerRequest,
    requestsPerCpuSecond: 1_000_000 / cpuUsPerRequest,
    childCpuUsPerRequest: median(rounds, (round) => round.childCpuUsPerRequest ?? 0),
    peakRssBytes: Math.max(...rounds.map(({ peakRssBytes }) => peakRssBytes)),
    childRssBytes: Math.max(...rounds.map(({ childRssBytes }) => childRssBytes ?? 0)),
    p50Ms: median(rounds, ({ p50Ms }) => p50Ms),
    p99Ms: median(rounds, ({ p99Ms }) => p99Ms),
  };
}

const HEADS = [
  "operation",
  "",
  "CPU µs/request",
  "× bare",
  "requests/CPU-s",
  "peak RSS MB",
  "p50 ms",
  "p99 ms",
];

/** GitHub's form of a table, which reads well in a terminal too. */
export function tableOf({ operations }: Report): string {
  const rows = operations.flatMap(({ name, ratio, gateway, bare }) => [
    [name, "gateway", ...cells(gateway, ratio)],
    ["", "bare Node", ...cells(bare, 1)],
    ["", "planner", whole(gateway.childCpuUsPerRequest), "", "", megabytes(gateway.childRssBytes), "", ""],
  ]);
  return markdownTable(HEADS, rows, 2);
}

function cells(side: ReturnType<typeof mediansOf>, ratio: number): readonly string[] {
  return [
    whole(side.cpuUsPerRequest),
    ratio.toFixed(2),
    whole(side.requestsPerCpuSecond),
    megabytes(side.peakRssBytes),
    ...[side.p50Ms, side.p99Ms].map((ms) => ms.toFixed(1)),
  ];
}

const whole = (number: number) => Math.round(number).toString();
const megabytes = (bytes: number) => whole(bytes / 1_000_000);

/** What one request of each operation asks. */
export function callsOf({ operations }: Report): string {
  return operations
    .map(({ name, role, answerBytes, agencies, httpCalls, statements, waves }) =>
      [
        `${name}: ${role}, ${answerBytes} bytes, ${httpCalls} HTTP calls and ${statements} SQL statements`,
        `in ${waves} waves to ${agencies.join(", ")}`,
      ].join(" "),
    )
    .join("\n");
}
