/**
 * `npm run bench:log`: what the disclosure log costs, called directly, since nothing switches it off (docs/performance.md).
 *
 * In      appenders that each append for ever, with and without a request's CPU before each append.
 * Out     a table: appends a second, CPU µs and records a sync; and for requests, the throughput with the log over that without.
 * Ships   with `--ship`, the log to a PostgreSQL that is started for it, while it is measured; records that were not there at its
 *         end are told.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { parseArgs } from "node:util";
import { BlindIndex } from "../src/audit/blind-index.ts";
import { type AppendHandle, type Files, realFiles } from "../src/audit/files.ts";
import { type DisclosureLog, type LogShipping, openDisclosureLog } from "../src/audit/log.ts";
import type { Disclosure } from "../src/audit/record.ts";
import { startPostgres } from "../src/connectors/embedded-postgres.ts";
import { createPool } from "../src/connectors/pg-pool.ts";
import { createLogCopy } from "../src/disclosures/log-copy.ts";
import { usageMeter } from "./usage.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    appenders: { type: "string", default: "1,10,50" },
    /** CPU of a request without its log. */
    requestUs: { type: "string", default: "0,300" },
    directory: { type: "string", default: tmpdir() },
    ship: { type: "boolean", default: false },
  },
});

/** One record, as an answer about one case makes it. */
const DISCLOSURE: Disclosure = {
  time: "2026-11-25T08:00:00.000Z",
  gateway: "bh-sandbox",
  reader: "staff-0042",
  member: "BH/NGO/MWPS/assist",
  role: "NGO.caseworker",
  purpose: "SHELTER_CARE",
  issue: "018f4e7a-6a55-7c20-9d3f-0242ac120002",
  operationHash: "ab".repeat(32),
  policyVersion: "cd".repeat(32),
  withheldCount: 2,
  refusals: { R10: 1 },
  subjects: [
    {
      type: "Case",
      uid: "018f4e7a-6a55-7c20-9d3f-0242ac120002",
      groups: [{ group: "CASE_HEADER", level: "clear" }],
    },
  ],
};

type Append = DisclosureLog["append"];

interface Result {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly perSync: number;
  /** Records that were not in the copy at the end. */
  readonly behind?: number;
}

/** Of the configuration. */
const SHIP_WITHIN_MS = 1_000;

const meter = usageMeter();
let syncs = 0;
const countedFiles: Files = {
  ...realFiles,
  async open(file): Promise<AppendHandle> {
    const handle = await realFiles.open(file);
    const datasync = () => {
      syncs += 1;
      return handle.datasync();
    };
    return { ...handle, datasync };
  },
};

/** As large as the answer about one case. */
const ANSWER = Buffer.alloc(4_096, "a");

async function measured(append: Append, appenders: number, requestUs: number): Promise<Result> {
  await underLoad(append, appenders, requestUs, 500);
  syncs = 0;
  meter.begin();
  const began = performance.now();
  const appends = await underLoad(append, appenders, requestUs, Number(options.seconds) * 1_000);
  const seconds = (performance.now() - began) / 1_000;
  return { perSecond: appends / seconds, cpuUs: meter.end().cpuUs / appends, perSync: appends / syncs };
}

async function underLoad(append: Append, appenders: number, requestUs: number, ms: number): Promise<number> {
  const end = performance.now() + ms;
  let appends = 0;
  const appender = async () => {
    while (performance.now() < end) {
      if (requestUs > 0) await work(requestUs);
      await append(DISCLOSURE, ANSWER);
      appends += 1;
    }
  };
  await Promise.all(Array.from({ length: appenders }, appender));
  return appends;
}

/** A request's own work: CPU for so long, in two turns of the event loop. */
async function work(us: number): Promise<void> {
  for (let part = 0; part < 2; part += 1) {
    const until = performance.now() + us / 2_000;
    while (performance.now() < until);
    await nextTurn();
  }
}

interface Copied {
  readonly shipping: LogShipping;
  stop(): Promise<void>;
}

async function openCopy(): Promise<Copied> {
  const directory = await mkdtemp(join(options.directory, "ihala-bench-copy-"));
  const postgres = await startPostgres({ dataDir: directory });
  await postgres.ensureDatabase("gateway");
  const pool = createPool({ url: postgres.url("gateway"), connections: 2 });
  const copy = createLogCopy(pool);
  await copy.migrate();
  const blind = new BlindIndex(randomBytes(32));
  return {
    shipping: { copy, blind, durability: "disk", withinMs: SHIP_WITHIN_MS },
    async stop() {
      await pool.end();
      await postgres.stop();
      await rm(directory, { recursive: true });
    },
  };
}

async function withLog(appenders: number, requestUs: number, copied: Copied | null): Promise<Result> {
  const directory = await mkdtemp(join(options.directory, "ihala-bench-log-"));
  const protection = {
    name: "bench",
    keysDirectory: join(directory, "keys"),
    secrets: { subjects: { wrapping: randomBytes(32), index: randomBytes(32) }, signing: randomBytes(32) },
    ...(copied && { shipping: copied.shipping }),
  };
  const log = await openDisclosureLog(join(directory, "audit"), { protection, files: countedFiles });
  const result = await measured((disclosure, answer) => log.append(disclosure, answer), appenders, requestUs);
  const behind = log.lag?.().records ?? 0;
  await log.close();
  await rm(directory, { recursive: true });
  return { ...result, behind };
}

/** The event loop turns, as it does while a disk is waited for. */
async function withoutLog(): Promise<{ readonly sequence: number }> {
  await nextTurn();
  return { sequence: 0 };
}

const numbers = (list: string): readonly number[] => list.split(",").map(Number);
const line = (cells: readonly (string | number)[]) => process.stdout.write(`| ${cells.join(" | ")} |\n`);
const whole = (number: number) => Math.round(number).toString();

const copied = options.ship ? await openCopy() : null;
const HEADS = [
  ...["request CPU µs", "appenders", "appends/s", "CPU µs/append", "records/sync"],
  ...["without: /s", "CPU µs", "ratio"],
  ...(copied ? ["records behind"] : []),
];
line(HEADS);
line(HEADS.map(() => "--:"));
for (const requestUs of numbers(options.requestUs)) {
  for (const appenders of numbers(options.appenders)) {
    const without = await measured(withoutLog, appenders, requestUs);
    const { perSecond, cpuUs, perSync, behind } = await withLog(appenders, requestUs, copied);
    line([
      ...[requestUs, appenders, whole(perSecond), cpuUs.toFixed(1), perSync.toFixed(1)],
      ...[whole(without.perSecond), without.cpuUs.toFixed(1), (perSecond / without.perSecond).toFixed(2)],
      ...(copied ? [behind ?? 0] : []),
    ]);
  }
}
process.stdout.write(`\nload ${loadavg()[0]?.toFixed(1)}\n`);
await copied?.stop();
