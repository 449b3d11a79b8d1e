/**
 * F1, F2, F3, F11: agencies behind `ihala serve` that are silent, dead, or say what is no answer, and questions and answers that are
 * huge. Each agency is a process of its own, which is stopped, killed, or made to misbehave; the gateway is the one that operators start.
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fragmentBomb } from "../../../bench/federation/fragment-bomb.ts";
import { monitorEnv, watch } from "../../../bench/federation/watch.ts";
import { createCast } from "../../../sandbox/synth/cast.ts";
import { addressOf } from "../../../sandbox/synth/members.ts";
import { createWorld, SEED } from "../../../sandbox/synth/world.ts";
import type { Certificate } from "../../support/certificates.ts";
import { type Collector, startCollector } from "../../support/collector.ts";
import { isLong, megabytes, percentile, residentDuring, showFigures } from "../../support/figures.ts";
import { type FrontEnd, frontEnd, type Told } from "../../support/front-end.ts";
import { type Load, startLoad } from "../../support/kept-alive.ts";
import type { IssuerClient } from "../../support/oidc-issuer.ts";
import { type Production, startProduction } from "../../support/production.ts";
import { type Relay, startRelay, type Way } from "../../support/relay.ts";
import { freePort, serve } from "../../support/served.ts";

const cast = createCast(createWorld({ seed: SEED, scale: "tiny", canary: false }));
const { nrmNumber } = cast.cases.overview;
const prosecutor: IssuerClient = {
  id: cast.firstWithWork("PPO.prosecutor").staffId,
  ...{ secret: "a secret of the test alone, and of nobody else", binding: "mtls", member: addressOf("PPO") },
  claims: { roles: ["PPO.prosecutor"], acr: "AAL3" },
};

const DEADLINE_MS = 2_000;
const [QUIET_MS, ROUNDS, PAUSE_MS, ANSWERS] = isLong ? [3_000, 2, 5_000, 12] : [1_000, 1, 3_000, 3];
const CASES = JSON.stringify({ query: "{ cases(first: 5) { edges { node { id nrmNumber stage } } } }" });
const CASE = `query($id: ID!) { case(id: $id) {
  nrmNumber victim { person { nameLatin { full } passports { number } } }
  investigation { policeNumber } prosecution { number } trial { courtNumber }
} }`;

type AgencyName = "MOI" | "NPRA" | "CRT" | "PPO" | "IGA";
interface View {
  readonly nrmNumber: string;
  readonly victim: {
    readonly person: { readonly nameLatin: object | null; readonly passports: object | null };
  };
  readonly investigation: { readonly policeNumber: string | null } | null;
  readonly prosecution: { readonly number: string | null } | null;
  readonly trial: { readonly courtNumber: string | null } | null;
}
/** What each agency's part of the answer is. */
const PARTS: Readonly<Record<AgencyName, (view: View) => unknown>> = {
  IGA: ({ victim }) => victim.person.nameLatin,
  NPRA: ({ victim }) => victim.person.passports,
  MOI: ({ investigation }) => investigation?.policeNumber ?? null,
  PPO: ({ prosecution }) => prosecution?.number ?? null,
  CRT: ({ trial }) => trial?.courtNumber ?? null,
};

let around: Production;
let collector: Collector;
let gateway: ChildProcess;
/** Where the gateway's process says how late its event loop was. */
let watched: string;
let machine: FrontEnd;
let url: string;
let headers: Readonly<Record<string, string>>;
/** A bound token is taken with this certificate alone. */
let shown: Certificate;
let issue: string;
let whole: string;
const relays = new Map<AgencyName, Relay>();
const relay = (name: AgencyName): Relay => relays.get(name)!;

beforeAll(async () => {
  const port = await freePort();
  url = `https://localhost:${port}/graphql`;
  [around, collector] = await Promise.all([startProduction(port, [prosecutor]), startCollector()]);
  for (const name of ["MOI", "NPRA", "CRT", "PPO"] as const)
    relays.set(name, await startRelay(around.agencies.urls.get(addressOf(name)) ?? ""));
  const agencies = around.config["agencies"] as { code: AgencyName; members: object[] }[];
  await around.write({
    ...around.config,
    server: { ...(around.config["server"] as object), shareIdentical: false },
    limits: { agencyTimeoutMs: DEADLINE_MS, breakerPauseMs: PAUSE_MS },
    telemetry: { level: "info", traces: { url: collector.url } },
    agencies: agencies.map((agency) => {
      const place = relays.get(agency.code);
      if (!place) return agency;
      return { ...agency, members: agency.members.map((one) => ({ ...one, url: place.url })) };
    }),
  });
  shown = around.clientCa.issue("machine");
  machine = await frontEnd(around.ca.certificate, shown);
  watched = await mkdtemp(join(tmpdir(), "ihala-faults-"));
  gateway = await serve(around.file, { ...around.env, ...monitorEnv(watched) });
  const token = await machine.token(around.issuer, prosecutor);
  headers = { authorization: `Bearer ${token}`, "x-purpose": "PROSECUTION" };
  const header = { query: `{ case(nrmNumber: "${nrmNumber}") { id } }` };
  issue = JSON.parse((await machine.ask(url, headers, header)).text).data.case.id as string;
  whole = (await askCase()).text;
  expect(JSON.parse(whole).errors).toBeUndefined();
});
afterAll(async () => {
  for (const one of relays.values()) await one.close();
  machine?.close();
  gateway?.kill("SIGKILL");
  await collector?.close();
  await around?.close();
  if (watched) await rm(watched, { recursive: true });
});

type Timed = Told & { readonly ms: number };
async function askCase(): Promise<Timed> {
  const began = performance.now();
  const question = { query: CASE, variables: { id: issue } };
  const told = await machine.ask(url, { ...headers, "x-issue": issue }, question);
  return { ...told, ms: performance.now() - began };
}

function expectMissing({ status, text }: Told, code: string, ...names: readonly AgencyName[]): void {
  expect(status).toBe(200);
  expect(text).not.toContain("cnr-secret");
  const { data, errors = [] } = JSON.parse(text) as {
    data: { case: View };
    errors?: readonly { extensions: { code: string; agency: string } }[];
  };
  const said = new Set(errors.map(({ extensions }) => `${extensions.agency} ${extensions.code}`));
  expect([...said].toSorted()).toEqual(names.map((name) => `${name} ${code}`).toSorted());
  expect(data.case.nrmNumber).toBe(nrmNumber);
  for (const [name, part] of Object.entries(PARTS))
    expect({ name, isNull: part(data.case) === null }).toEqual({
      name,
      isNull: names.includes(name as AgencyName),
    });
}

/** Asks what is of the ledger alone, over four connections. */
function startUnaffected(): Load {
  const { certificate: cert, key } = shown;
  return startLoad(
    new URL(url).origin,
    4,
    () => ({ path: "/graphql", headers: { ...headers, "content-type": "application/json" }, body: CASES }),
    { tls: { ca: around.ca.certificate, cert, key } },
  );
}

async function p99Of(act: () => Promise<unknown>): Promise<number> {
  const load = startUnaffected();
  await act();
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(new Set(load.exchanged.map(({ text }) => text)).size).toBe(1);
  return percentile(
    load.exchanged.map(({ ms }) => ms),
    0.99,
  );
}
const aWhile = () => new Promise((resolve) => setTimeout(resolve, QUIET_MS));

describe("F1: agencies that are slow, hung and half-open at once", { timeout: 60_000 }, () => {
  it("cost their own fields at the deadline; the other fields arrive, and other questions go on", async () => {
    const before = await p99Of(aWhile);
    relay("MOI").signal("SIGSTOP");
    await relay("CRT").answer("late");
    await relay("NPRA").answer("half");
    const told: Timed[] = [];
    const during = await p99Of(async () => {
      for (let round = 0; round < ROUNDS; round += 1)
        told.push(...(await Promise.all([askCase(), askCase(), askCase()])));
    });
    relay("MOI").signal("SIGCONT");
    for (const name of ["CRT", "NPRA"] as const) await relay(name).answer(null);
    for (const one of told) {
      expectMissing(one, "AGENCY_TIMEOUT", "MOI", "CRT", "NPRA");
      expect(one.ms).toBeGreaterThanOrEqual(DEADLINE_MS);
    }
    expect((await askCase()).text).toBe(whole);
    const late = Math.max(...told.map(({ ms }) => ms)) - DEADLINE_MS;
    const ratio = `p99 ${before.toFixed(1)} → ${during.toFixed(1)} ms (× ${(during / before).toFixed(2)})`;
    showFigures(
      "F1",
      `answered ${late.toFixed(0)} ms after the deadline at the latest; other questions' ${ratio}`,
    );
  });
});

describe("F2: an agency that is dead", { timeout: 60_000 }, () => {
  it("is asked no more after twenty failures, costs nothing then, and comes back by itself", async () => {
    await relay("MOI").kill();
    for (let n = 0; n < 20; n += 1) expectMissing(await askCase(), "AGENCY_UNAVAILABLE", "MOI");
    const from = Date.now();
    const asked = await connectionsTo(relay("MOI").url, async () => {
      for (let n = 0; n < 5; n += 1) expectMissing(await askCase(), "AGENCY_UNAVAILABLE", "MOI");
    });
    const to = Date.now();
    expect(asked).toBe(0);
    await relay("MOI").restart();
    await vi.waitUntil(async () => (await askCase()).text === whole, { timeout: 30_000, interval: 100 });
    const backAfter = Date.now() - from;
    expect(await relay("MOI").asked()).toBeGreaterThan(0);
    // Spans come in batches.
    const parts = () => collector.spans.filter((span) => isOfMoi(span, from, to)).map(milliseconds);
    await vi.waitUntil(() => parts().length >= 5, { timeout: 15_000 });
    // The fastest: what else this machine runs shares its processors.
    const part = Math.min(...parts());
    expect(part).toBeLessThan(5);
    showFigures(
      "F2",
      `not asked after 20 failures, its part then takes ${part.toFixed(2)} ms; back after ${(backAfter / 1_000).toFixed(1)} s`,
    );
  });
});

/** How many connections come to where nobody is, while `act` runs. */
async function connectionsTo(place: string, act: () => Promise<void>): Promise<number> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.destroy();
  }).listen(Number(new URL(place).port), "127.0.0.1");
  await once(server, "listening");
  await act();
  server.close();
  await once(server, "close");
  return count;
}

type Span = Collector["spans"][number];
const isOfMoi = ({ attributes, startTimeUnixNano }: Span, fromMs: number, toMs: number): boolean => {
  const ms = Number(BigInt(startTimeUnixNano) / 1_000_000n);
  return ms >= fromMs && ms <= toMs && attributes.some(({ value }) => value.stringValue === "moi");
};
const milliseconds = ({ startTimeUnixNano: from, endTimeUnixNano: to }: Span): number =>
  Number(BigInt(to) - BigInt(from)) / 1e6;

const WAYS: readonly Way[] = ["garbage", "torn", "of wrong types", "partial", "huge"];

describe("F3: an agency that answers what is no answer", { timeout: 60_000 }, () => {
  it("costs its own fields, with a masked error, never a 500, and no memory", async () => {
    const pid = gateway.pid ?? 0;
    const { before, most, after } = await residentDuring(pid, async () => {
      for (const way of WAYS) {
        await relay("PPO").answer(way);
        const told = await Promise.all(Array.from({ length: ANSWERS }, askCase));
        for (const one of told)
          expectMissing(one, way === "torn" ? "AGENCY_UNAVAILABLE" : "AGENCY_BAD_REPLY", "PPO");
        await relay("PPO").answer(null);
        expect((await askCase()).text).toBe(whole);
      }
    });
    // Of ten times as much that was sent in the huge answers alone.
    expect(most - before).toBeLessThan(192 * 1_048_576);
    showFigures(
      "F3",
      `${WAYS.length * ANSWERS} bad answers, ${ANSWERS} of 10 MB: RSS ${megabytes(before)}, at most ${megabytes(most)}, then ${megabytes(after)}`,
    );
  });
});

describe("F11: huge questions and huge answers", { timeout: 60_000 }, () => {
  it("are refused and cut off; the event loop goes on", async () => {
    await relay("PPO").answer("huge");
    const many = `{ ${"cases { edges { cursor } } ".repeat(35_000)} }`;
    const refusals: Told[] = [];
    const ask = async (query: string) => refusals.push(await machine.ask(url, headers, { query }));
    const bombs = async () => {
      for (let n = 0; n < 10 * ANSWERS; n += 1) await ask(fragmentBomb(n));
    };
    const texts = async () => {
      for (let n = 0; n < ANSWERS; n += 1) await ask(many);
    };
    const answers = async () => {
      for (let n = 0; n < ANSWERS; n += 1) expectMissing(await askCase(), "AGENCY_BAD_REPLY", "PPO");
    };
    const doing = () => Promise.all([bombs(), texts(), answers()]);
    const { delay } = await watch({ pid: gateway.pid ?? 0, directory: watched, doing });
    await relay("PPO").answer(null);
    expect(refusals).toHaveLength(11 * ANSWERS);
    expect(refusals.filter(({ status, text }) => status !== 400 || !text.includes("LIMIT_EXCEEDED"))).toEqual(
      [],
    );
    expect((await askCase()).text).toBe(whole);
    const what = `${10 * ANSWERS} fragment bombs, ${ANSWERS} questions of 1 MB, ${ANSWERS} answers of 10 MB`;
    showFigures(
      "F11",
      `${what}: event loop p99 ${delay.p99Ms.toFixed(1)} ms, at most ${delay.maxMs.toFixed(1)} ms`,
    );
  });
});
