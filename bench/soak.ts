/**
 * `npm run bench:soak -- --minutes 30`: whether the gateway's memory grows under a steady mixed load (docs/operations.md, F12).
 *
 * Load    the national deployment's operations in three roles, documents that are refused, subscriptions that open and end, each at a
 *         pace of its own; schema and policies are taken up anew between spans of the load. Every answer must equal the first.
 * Out     one table: requests, subscriptions, reloads; resident memory after the warm-up and at the end; its slope by least squares
 *         over the samples after the warm-up, the first third.
 */
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { onInterrupt, positive } from "./command.ts";
import { type Deployment, openDeployment } from "./deployment.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { processes } from "./processes.ts";
import { type Sample, slopeOf } from "./slope.ts";
import { markdownTable } from "./table.ts";

const { values: options } = parseArgs({ options: { minutes: { type: "string", default: "30" } } });

/** Requests a second, by operation: about a fifth of what one core can do. */
const PACES: Readonly<Record<string, number>> = { overview: 12, workers: 6, hidden: 60, refused: 30 };
const REFUSED: Operation = {
  ...{ name: "refused", what: "a field that there is not", issue: null, requests: 0, warmUp: 0 },
  ...{
    role: "LMRA.inspector",
    purpose: "LABOUR_INSPECTION",
    query: "{ workers(first: 3) { edges { wage } } }",
  },
  isRight: () => false,
};
const NOTICES: Operation = {
  ...{ name: "notices", what: "told of emergency access", issue: null, requests: 0, warmUp: 0 },
  ...{ role: "NCC.auditor", purpose: "AUDIT_OVERSIGHT" },
  query: "subscription { breakGlassOpened { text { en } } }",
  isRight: () => false,
};
const CONNECTIONS = 4;
const STREAMS = 8;
const STREAM_MS = 2_000;
/** Between two reloads; tokens are minted anew each time. */
const SPAN_MS = 60_000;
const SPANS_AT_LEAST = 3;
const SAMPLE_MS = 500;
const PATH = "/graphql";

interface Counts {
  requests: number;
  subscriptions: number;
  reloads: number;
}

async function span(on: Deployment, seconds: number, answers: Map<string, string | null>): Promise<number> {
  const runs = [...OPERATIONS, REFUSED].map(async (operation) => {
    const { name } = operation;
    const { headers, body } = await on.question(operation);
    const result = await on.load.ask("run", {
      ...{ url: on.gateway.ready.url, path: PATH, headers, connections: CONNECTIONS, until: { seconds } },
      ...{ questions: [{ body, expected: answers.get(name) ?? null }], perSecond: PACES[name] ?? 1 },
      ...(operation === REFUSED && { refused: true }),
    });
    if (operation !== REFUSED) answers.set(name, result.answers[0] ?? null);
    return result.requests;
  });
  return (await Promise.all(runs)).reduce((sum, requests) => sum + requests, 0);
}

/** Opened, listened to for a while, and left, until it is over. */
async function subscribe(on: Deployment, until: number, counts: Counts): Promise<void> {
  while (performance.now() < until) {
    const { headers, body } = await on.question(NOTICES);
    const leave = new AbortController();
    const url = new URL(PATH, on.gateway.ready.url);
    const accept = { ...headers, accept: "text/event-stream" };
    const stream = await fetch(url, { method: "POST", headers: accept, body, signal: leave.signal });
    if (!stream.ok) throw new Error(`no subscription: status ${stream.status}: ${await stream.text()}`);
    counts.subscriptions += 1;
    await sleep(Math.min(STREAM_MS, Math.max(0, until - performance.now())));
    leave.abort();
  }
}

async function soak(on: Deployment, minutes: number): Promise<void> {
  const { pid } = on.gateway.ready;
  const samples: Sample[] = [];
  const began = performance.now();
  const until = began + minutes * 60_000;
  const timer = setInterval(() => {
    const bytes = processes().find((one) => one.pid === pid)?.rssBytes;
    if (bytes !== undefined) samples.push({ ms: performance.now() - began, bytes });
  }, SAMPLE_MS);
  const counts: Counts = { requests: 0, subscriptions: 0, reloads: 0 };
  const answers = new Map<string, string | null>();
  const spanMs = Math.min(SPAN_MS, (minutes * 60_000) / SPANS_AT_LEAST);
  const readers = async () => {
    while (performance.now() < until) {
      counts.requests += await span(on, Math.min(spanMs, until - performance.now()) / 1_000, answers);
      await on.gateway.ask("reload");
      counts.reloads += 1;
    }
  };
  try {
    await Promise.all([readers(), ...Array.from({ length: STREAMS }, () => subscribe(on, until, counts))]);
  } finally {
    clearInterval(timer);
  }
  const warm = samples.filter(({ ms }) => ms > (minutes * 60_000) / 3);
  const whole = (bytes = 0) => (bytes / 1_048_576).toFixed(0);
  const heads = [
    "minutes",
    "requests",
    "subscriptions",
    "reloads",
    "RSS MB, warm",
    "at the end",
    "MB in 10 minutes",
    "load",
  ];
  const row = [
    ...[String(minutes), String(counts.requests), String(counts.subscriptions), String(counts.reloads)],
    ...[
      whole(warm[0]?.bytes),
      whole(warm.at(-1)?.bytes),
      slopeOf(warm).toFixed(2),
      (loadavg()[0] ?? 0).toFixed(1),
    ],
  ];
  process.stdout.write(`${markdownTable(heads, [row], 0)}\n`);
}

const minutes = positive(options.minutes);
const on = await openDeployment("tiny");
onInterrupt(() => on.close());
try {
  await soak(on, minutes);
} finally {
  await on.close();
}
