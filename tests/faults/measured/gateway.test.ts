/**
 * F4, F7, F8: `ihala serve` in a storm of connections, over a PostgreSQL whose processes are killed, and while keys and certificates
 * are renewed. The database server is the test's own, so that it can be made to crash.
 */
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startWorker } from "../../../bench/worker.ts";
import { type PostgresServer, startPostgres } from "../../../src/connectors/embedded-postgres.ts";
import { eventually } from "../../disclosures/copies.ts";
import type { Certificate } from "../../support/certificates.ts";
import { isLong, megabytes, residentDuring, showFigures } from "../../support/figures.ts";
import { type FrontEnd, frontEnd } from "../../support/front-end.ts";
import { type Ask, type Load, startLoad } from "../../support/kept-alive.ts";
import { type IssuerClient, signingKey } from "../../support/oidc-issuer.ts";
import { type Production, startProduction } from "../../support/production.ts";
import { fingerprintOf, freePort, serve } from "../../support/served.ts";
import type { Storm, StormQuestions } from "../../support/storm-process.ts";

/** Trained for emergencies. */
const client: IssuerClient = {
  ...{
    id: "ngo-mwps-caseworker-3",
    secret: "a secret of the test alone, and of nobody else",
    binding: "mtls",
  },
  claims: { roles: ["NGO.caseworker"], acr: "AAL2", auth_time: Math.floor(Date.now() / 1_000) },
};
const MAX_REQUESTS = 32;
const [CONNECTIONS, STORM_MS, QUIET_MS] = isLong ? [400, 4_000, 1_000] : [200, 1_500, 500];
const KEYS = isLong ? ["one", "two", "three"] : ["one"];
const CASES = JSON.stringify({ query: "{ cases(first: 5) { edges { node { id nrmNumber stage } } } }" });
/** Of no agency and no table. */
const STATELESS = JSON.stringify({ query: "{ __schema { queryType { name } } }" });
const OPEN = `mutation($id: ID, $key: String) {
  openBreakGlass(caseId: $id, justification: "the victim called and is in danger", idempotencyKey: $key) {
    __typename ... on BreakGlassOpened { until } } }`;

let folder: string;
let postgres: PostgresServer;
let around: Production;
let gateway: ChildProcess;
let shown: Certificate;
let machine: FrontEnd;
let url: string;
let token: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ihala-faults-pg-"));
  postgres = await startPostgres({ dataDir: folder });
  const port = await freePort();
  url = `https://localhost:${port}/graphql`;
  around = await startProduction(port, [client], { postgres });
  await around.write({
    ...around.config,
    server: { ...(around.config["server"] as object), maxRequests: MAX_REQUESTS },
  });
  shown = around.clientCa.issue("machine");
  machine = await frontEnd(around.ca.certificate, shown);
  gateway = await serve(around.file, around.env);
  token = await machine.token(around.issuer, client);
});
afterAll(async () => {
  machine?.close();
  gateway?.kill("SIGKILL");
  await around?.close();
  await postgres?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const headers = (purpose = "SHELTER_CARE") => ({
  ...{ authorization: `Bearer ${token}`, "x-purpose": purpose },
  "content-type": "application/json",
});
const tls = () => ({ ca: around.ca.certificate, cert: shown.certificate, key: shown.key });
const load = (connections: number, body: string): Load => {
  const ask: Ask = () => ({ path: "/graphql", headers: headers(), body });
  return startLoad(new URL(url).origin, connections, ask, { tls: tls() });
};
const askCases = () => machine.post(url, { headers: headers(), body: CASES });

describe("F4: a storm of connections", { timeout: 60_000 }, () => {
  it("is answered 503 with `Retry-After` beyond what is worked on at a time; memory stays flat", async () => {
    const whole = (await askCases()).text;
    const worker = await startWorker<null, StormQuestions>({
      ...{ module: "../tests/support/storm-process", options: null },
    });
    try {
      const storm: Storm = {
        ...{ url, headers: headers(), body: CASES, tls: tls() },
        connections: CONNECTIONS,
        ms: 1_000,
      };
      // Its own handshakes and buffers come once.
      await worker.ask("run", storm);
      const { done, before, most, after } = await residentDuring(gateway.pid ?? 0, () =>
        worker.ask("run", { ...storm, ms: STORM_MS }),
      );
      expect(done.failures).toEqual([]);
      expect(Object.keys(done.statuses)).toEqual(["200", "503"]);
      expect(done.withoutRetryAfter).toBe(0);
      expect(most - before).toBeLessThan(128 * 1_048_576);
      expect((await askCases()).text).toBe(whole);
      const { 200: answered, 503: refused } = done.statuses;
      const memory = `RSS ${megabytes(before)}, at most ${megabytes(most)}, then ${megabytes(after)}`;
      showFigures(
        "F4",
        `${CONNECTIONS} connections: ${answered} answered, ${refused} told to come again; ${memory}`,
      );
    } finally {
      await worker.stop();
    }
  });
});

describe("F8: keys and certificates that are renewed under load", { timeout: 60_000 }, () => {
  it("fail no request, neither while an issuer's key rolls nor while the gateway's certificate does", async () => {
    const [old] = around.issuer.keys();
    const fresh = await signingKey("second");
    const readers = load(10, CASES);
    await sleep(QUIET_MS);
    around.issuer.publish([fresh, ...(old ? [old] : [])]);
    token = await machine.token(around.issuer, client);
    await sleep(QUIET_MS);
    around.issuer.publish([fresh]);
    token = await machine.token(around.issuer, client);
    await sleep(QUIET_MS);
    const renewed = around.ca.issue("localhost");
    await around.renew(renewed);
    gateway.kill("SIGHUP");
    const seen = () => fingerprintOf(url, around.ca.certificate);
    await vi.waitUntil(async () => (await seen()) === renewed.thumbprint, { timeout: 20_000 });
    await sleep(QUIET_MS);
    await readers.stop();
    expect(readers.failures).toEqual([]);
    expect(new Set(readers.exchanged.map(({ text }) => text)).size).toBe(1);
    showFigures("F8", `${readers.exchanged.length} answers while key and certificate rolled, 0 failed`);
  });
});

describe("F7: PostgreSQL whose processes are killed", { timeout: 120_000 }, () => {
  it("keeps what was acknowledged, does once what is asked again by its key, and what needs no state goes on", async () => {
    const whole = (await askCases()).text;
    const id = JSON.parse(whole).data.cases.edges[0].node.id as string;
    const [stateless, readers] = [load(2, STATELESS), load(2, CASES)];
    const acknowledged = new Map<string, string>();
    const outages: number[] = [];
    for (const key of KEYS) {
      await killBackend();
      const began = performance.now();
      await eventually(async () => {
        const until = await openedUntil(id, key);
        if (until !== null) acknowledged.set(key, until);
        return until !== null;
      }, 20_000);
      await eventually(async () => (await askCases()).text === whole, 20_000);
      outages.push(performance.now() - began);
      expect(await openedUntil(id, key)).toBe(acknowledged.get(key));
    }
    await Promise.all([stateless.stop(), readers.stop()]);
    expect(stateless.failures).toEqual([]);
    expect(new Set(stateless.exchanged.map(({ text }) => text)).size).toBe(1);
    // Whole, or without the ledger's part and with its code: nothing else, and no 500.
    expect(readers.failures).toEqual([]);
    const others = readers.exchanged.filter(({ text }) => text !== whole);
    for (const { text } of others) expect(JSON.parse(text)).toMatchObject(LEDGER_AWAY);

    const openings = await rows<{ retry_key: string; until: Date }>(
      "select retry_key, until from break_glass.opening order by opened_at",
    );
    expect(openings.map((row) => [row.retry_key, row.until.toISOString()])).toEqual([...acknowledged]);
    const lag = async () =>
      /unshipped (\d+)/.exec((await machine.get(url.replace("/graphql", "/readyz"))).text)?.[1];
    await eventually(async () => (await lag()) === "0", 20_000);
    const [copied] = await rows<{ count: number; last: number }>(
      "select count(*)::int, max(sequence)::int as last from disclosure.record",
    );
    expect(copied?.count).toBe(copied?.last);
    const answers = `${stateless.exchanged.length} answers without state, 0 failed`;
    const again = `whole again after ${(Math.max(...outages) / 1_000).toFixed(1)} s at most`;
    showFigures(
      "F7",
      `${KEYS.length} crashes of PostgreSQL: ${KEYS.length} of ${KEYS.length} writes kept, each once; ${answers}; ${again}`,
    );
  });
});

const LEDGER_AWAY = {
  data: { cases: null },
  errors: [
    { extensions: { code: expect.stringMatching(/^AGENCY_(UNAVAILABLE|BAD_REPLY)$/), agency: "EPC" } },
  ],
};

async function openedUntil(id: string, key: string): Promise<string | null> {
  const body = JSON.stringify({ query: OPEN, variables: { id, key } });
  const { text } = await machine.post(url, { headers: headers("EMERGENCY_PROTECTION"), body });
  const { data } = JSON.parse(text) as { data?: { openBreakGlass?: { until?: string } | null } };
  return data?.openBreakGlass?.until ?? null;
}

async function rows<Row extends object>(sql: string): Promise<readonly Row[]> {
  const on = new pg.Client({ connectionString: postgres.url("gateway") });
  on.on("error", () => {});
  await on.connect();
  try {
    return (await on.query<Row>(sql)).rows;
  } finally {
    await on.end();
  }
}

/** SIGKILL: PostgreSQL ends every other process of its own then, and recovers from its log. */
async function killBackend(): Promise<void> {
  const [backend] = await rows<{ pid: number }>(
    "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  process.kill(backend?.pid ?? 0, "SIGKILL");
}
