/**
 * What the `ihala audit` commands over the database's copy do: `search`, `embargo` and `report`.
 *
 * Database  the configuration's; else the one that the sandbox of the data directory runs now, or, when it does not run, started for
 *           as long as the command takes.
 * Holders   all need the keys in the data directory: whoever may read them may read the log.
 * Errors    BAD_USER_INPUT for what cannot be understood; CONFIG_INVALID without a database in production.
 */
import { join } from "node:path";
import type pg from "pg";
import { loadSecrets } from "../assembly/secrets.ts";
import { BlindIndex } from "../audit/blind-index.ts";
import { decodeRecord } from "../audit/encode-record.ts";
import type { SubjectKeyring } from "../audit/subject-keys.ts";
import { migrateBreakGlass } from "../break-glass/migrations.ts";
import { openingsByReview } from "../break-glass/openings-by-review.ts";
import type { Config } from "../config/config.ts";
import { type DataDirectory, openDataDirectory } from "../config/data-directory.ts";
import { readSecret } from "../config/secret.ts";
import { externalPostgres, runningPostgres, startPostgres } from "../connectors/embedded-postgres.ts";
import { createPool } from "../connectors/pg-pool.ts";
import { Embargoes } from "../disclosures/embargo.ts";
import { createLogCopy } from "../disclosures/log-copy.ts";
import { type SearchQuery, searchCopy } from "../disclosures/search.ts";
import { transparencyReport } from "../disclosures/transparency.ts";
import { GatewayError } from "../kernel/errors.ts";
import { lookInto, openedPlace, refused, subjectOf } from "./audit-places.ts";
import type { Terminal } from "./terminal.ts";

/** Of a sandbox's server. */
const DATABASE = "gateway";

export interface SearchOptions extends Omit<SearchQuery, "subject"> {
  readonly subject?: string;
  readonly limit: string;
  readonly sealed?: boolean;
}

export async function auditSearch(
  config: Config,
  { subject, limit, sealed, from, to, ...query }: SearchOptions,
  terminal: Terminal,
): Promise<number> {
  const most = Number(limit);
  if (!Number.isSafeInteger(most) || most < 1) throw refused(`\`${limit}\` is no number of records`);
  const wanted: SearchQuery = {
    ...query,
    ...(subject === undefined ? {} : { subject: subjectOf(subject) }),
    ...(from === undefined ? {} : { from: instantOf(from).toISOString() }),
    ...(to === undefined ? {} : { to: instantOf(to).toISOString() }),
  };
  const keys = sealed ? null : await subjectKeys(config);
  await withCopy(config, async ({ pool, blind }) => {
    let printed = 0;
    for await (const { log, text } of searchCopy(pool, blind, wanted)) {
      terminal.out(`${JSON.stringify({ log, ...decodeRecord(Buffer.from(text), keys) })}\n`);
      printed += 1;
      if (printed === most) break;
    }
  });
  return 0;
}

interface OrderOptions {
  readonly subject: string;
  readonly by: string;
  readonly reason: string;
}

export async function auditEmbargoSet(
  config: Config,
  { subject, until, by, reason }: OrderOptions & { readonly until: string },
  terminal: Terminal,
): Promise<number> {
  const [whom, end] = [trackedOf(subject), instantOf(until)];
  await withCopy(config, ({ embargoes }) => embargoes.set(whom, end, { by, reason }, new Date()));
  terminal.out(`nothing of ${subject} is shown to her whose it is until ${end.toISOString()}\n`);
  return 0;
}

export async function auditEmbargoRelease(
  config: Config,
  { subject, by, reason }: OrderOptions,
  terminal: Terminal,
): Promise<number> {
  const [whom, now] = [trackedOf(subject), new Date()];
  await withCopy(config, ({ embargoes }) => embargoes.release(whom, { by, reason }, now));
  terminal.out(`what was recorded about ${subject} up to ${now.toISOString()} is released\n`);
  return 0;
}

export async function auditEmbargoList(
  config: Config,
  { subject }: { readonly subject?: string },
  terminal: Terminal,
): Promise<number> {
  const whom = subject === undefined ? null : trackedOf(subject);
  const orders = await withCopy(config, ({ embargoes }) => embargoes.list(whom));
  for (const order of orders) terminal.out(`${JSON.stringify(order)}\n`);
  return 0;
}

export async function auditReport(
  config: Config,
  { quarter }: { readonly quarter: string },
  terminal: Terminal,
): Promise<number> {
  const { agencies, deployment } = config;
  const codes = new Map(
    agencies.flatMap(({ code, members }) => members.map(({ address }) => [address, code])),
  );
  const agencyOf = (member: string) => codes.get(member) ?? "UNKNOWN";
  const keys = await subjectKeys(config);
  const report = await withCopy(config, async ({ pool, blind }) => {
    const { timeZone } = deployment;
    const shared = await transparencyReport({ pool, blind, keys, agencyOf, timeZone }, quarter);
    await migrateBreakGlass(pool);
    return { ...shared, breakGlass: await openingsByReview(pool, shared, agencyOf, Date.now()) };
  });
  terminal.out(`${JSON.stringify(report, null, 2)}\n`);
  terminal.err("exact counts: for the data protection auditor, not for publication\n");
  return 0;
}

interface Copy {
  readonly pool: pg.Pool;
  readonly blind: BlindIndex;
  readonly embargoes: Embargoes;
}

async function withCopy<Result>(config: Config, work: (copy: Copy) => Promise<Result>): Promise<Result> {
  const data = await lookInto(config);
  const { search } = await loadSecrets(data);
  return withDatabase(config, data, async (url) => {
    const pool = createPool({
      ...{ url, connections: 2 },
      settings: { timezone: "UTC", synchronous_commit: "on" },
    });
    try {
      await createLogCopy(pool).migrate();
      const blind = new BlindIndex(search);
      return await work({ pool, blind, embargoes: new Embargoes(pool, blind, search) });
    } finally {
      await pool.end();
    }
  });
}

/** In production the configuration names the gateway's database; of a sandbox, the server that has it. */
async function withDatabase<Result>(
  { database }: Config,
  { path, mode }: DataDirectory,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const named = database.url && (await readSecret(database.url));
  if (mode === "production") {
    if (named) return work(named);
    throw new GatewayError("CONFIG_INVALID", "`database.url` is not configured");
  }
  if (named) return work(externalPostgres(named).url(DATABASE));
  const dataDir = join(path, "postgres");
  const running = await runningPostgres(dataDir);
  if (running) return work(running.url(DATABASE));
  const held = await openDataDirectory(path, mode);
  try {
    const started = await startPostgres({ dataDir });
    try {
      await started.ensureDatabase(DATABASE);
      return await work(started.url(DATABASE));
    } finally {
      await started.stop();
    }
  } finally {
    await held.release();
  }
}

async function subjectKeys(config: Config): Promise<SubjectKeyring> {
  const [, keys] = await openedPlace(config);
  return keys;
}

/** What is read about these is in the access log of a person. */
const TRACKED = new Set(["Person", "Worker", "Case"]);

function trackedOf(text: string) {
  const subject = subjectOf(text);
  if (TRACKED.has(subject.type)) return subject;
  throw refused(
    `\`${text}\` is in no person's log; write \`Person:<uid>\`, \`Worker:<uid>\` or \`Case:<uid>\``,
  );
}

function instantOf(text: string): Date {
  const instant = new Date(text);
  if (!Number.isNaN(instant.getTime())) return instant;
  throw refused(`\`${text}\` is no instant; write 2026-11-25T08:00:00Z`);
}
