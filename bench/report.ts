/** What was measured, as a table for people and as a file for comparisons: medians over the rounds, each round in the file. */
import { readFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/config/package-root.ts";
import type { Scale } from "./deployment.ts";
import type { Effort, Measured, Round } from "./measure.ts";

/** Packages whose version says something about a result. */
const PACKAGES = ["@apollo/server", "graphql", "undici", "pg", "kysely", "jose", "type-graphql", "zod"];

export interface Report {
  readonly date: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGiB: number };
  readonly node: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly scale: Scale;
  readonly effort: Effort;
  readonly operations: readonly ReturnType<typeof summary>[];
}

export async function reportOf(scale: Scale, effort: Effort, measured: readonly Measured[]): Promise<Report> {
  return {
    date: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 1_024 ** 3),
    },
    node: process.version,
    packages: await versions(),
    ...{ scale, effort },
    operations: measured.map(summary),
  };
}

async function versions(): Promise<Record<string, string>> {
  const text = await readFile(join(PACKAGE_ROOT, "package.json"), "utf8");
  const { dependencies } = JSON.parse(text) as { readonly dependencies: Readonly<Record<string, string>> };
  return Object.fromEntries(PACKAGES.map((name) => [name, dependencies[name] ?? "unknown"]));
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

function median(rounds: readonly Round[], of: (round: Round) => number): number {
  const sorted = rounds.map(of).toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
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
  const widths = HEADS.map((head, at) =>
    Math.max(...[head, ...rows.map((row) => row[at] ?? "")].map(length)),
  );
  const line = (texts: readonly string[]) =>
    `| ${texts.map((text, at) => (at < 2 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width, at) => (at < 2 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [line(HEADS), rule, ...rows.map(line)].join("\n");
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

const length = (text: string) => text.length;
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
