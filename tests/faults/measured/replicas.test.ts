/**
 * F9, F10: two replicas of `ihala serve` behind a balancer of plain TCP, over one policy store, asked without a pause over TLS while
 * policies are published and while they are restarted one after the other. Each question and answer is counted by the client that asks.
 */
import type { ChildProcess } from "node:child_process";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createCast } from "../../../sandbox/synth/cast.ts";
import { addressOf } from "../../../sandbox/synth/members.ts";
import { createWorld, SEED } from "../../../sandbox/synth/world.ts";
import { approveDraft } from "../../../src/policy-store/approvals.ts";
import { publishDraft } from "../../../src/policy-store/publish.ts";
import { rollbackTo } from "../../../src/policy-store/rollback.ts";
import { textsIn } from "../../disclosures/copies.ts";
import { draftOf, officer, publishEdits, type TestStore, testStore } from "../../policy-store/tools.ts";
import { type Balancer, startBalancer } from "../../support/balancer.ts";
import type { Certificate } from "../../support/certificates.ts";
import { isLong, showFigures } from "../../support/figures.ts";
import { type FrontEnd, frontEnd } from "../../support/front-end.ts";
import { type Exchanged, type Load, startLoad } from "../../support/kept-alive.ts";
import type { IssuerClient } from "../../support/oidc-issuer.ts";
import { type Production, startProduction } from "../../support/production.ts";
import { FLAGS, freePort, serve } from "../../support/served.ts";

const CONNECTIONS = 50;
const [ROLLS, MOVES] = isLong ? [2, [1, 2, 1, 2, 1]] : [1, [1, 2, 1]];
const PATIENCE = { timeout: 240_000 };
const permitNo = createCast(createWorld({ seed: SEED, scale: "tiny", canary: false })).workers.plain.permitNo;
const PROBE = JSON.stringify({
  query:
    "query($n: String!) { worker(workPermitNo: $n) { workPermitNo person { nameAr { full } nameLatin { full } } } }",
  variables: { n: permitNo },
});
/** Of one register, which the replicas ask by themselves: this process has fifty connections to serve, and no agency. */
const PERMIT = JSON.stringify({
  query: "query($n: String!) { worker(workPermitNo: $n) { workPermitNo occupation permitStatus } }",
  variables: { n: permitNo },
});
const client: IssuerClient = {
  id: "lmra-inspector-1",
  ...{ secret: "a secret of the test alone, and of nobody else", binding: "mtls", member: addressOf("LMRA") },
  claims: { roles: ["LMRA.inspector"], acr: "AAL2" },
};
const [LMRA, SECOND, OTHER] = [officer("LMRA"), officer("LMRA", "lmra-officer-2"), officer("NCC")];
/** Closes one of the fields that the probe asks for. */
const CLOSED = {
  "lmra/arabic.cedar": `@id("LMRA.arabic")
@title("Inspectors read names in Latin letters")
@legalBasis("R7")
@owner("LMRA")
forbid (
  principal in Agency::"LMRA",
  action == Action::"Person.nameAr",
  resource
);
`,
};

interface Replica {
  readonly port: number;
  readonly data: string;
  readonly env: NodeJS.ProcessEnv;
  process: ChildProcess;
}

let around: Production;
let officers: TestStore;
/** Answers so far, each of which has its record. */
let answers = 0;
let balancer: Balancer;
let shown: Certificate;
let machine: FrontEnd;
const replicas: Replica[] = [];

beforeAll(async () => {
  const port = await freePort();
  around = await startProduction(port, [client]);
  officers = await testStore(around.databaseUrl);
  await publishEdits(officers, LMRA, [OTHER], {});
  const policy = { source: "store", verifierKeys: [officers.tools.signer.vkey] };
  await around.write({ ...around.config, policy });
  shown = around.clientCa.issue("machine");
  machine = await frontEnd(around.ca.certificate, shown);
  const first = String(around.config["data"]);
  const second = `${first}-2`;
  await cp(first, second, { recursive: true });
  await rm(join(second, "keys/audit-signing"));
  for (const data of [first, second]) {
    const own = await freePort();
    const env = { ...around.env, PORT: String(own), IHALA_DATA: data };
    replicas.push({ port: own, data, env, process: await serve(around.file, env) });
  }
  balancer = await startBalancer(
    port,
    replicas.map((replica) => replica.port),
  );
}, PATIENCE.timeout);
afterAll(async () => {
  machine?.close();
  await balancer?.close();
  for (const replica of replicas) replica.process.kill("SIGKILL");
  await officers?.close();
  await around?.close();
});

async function headers(): Promise<Readonly<Record<string, string>>> {
  const authorization = `Bearer ${await machine.token(around.issuer, client)}`;
  return { authorization, "x-purpose": "LABOUR_INSPECTION", "content-type": "application/json" };
}

async function restart(replica: Replica): Promise<void> {
  const ended = once(replica.process, "exit");
  replica.process.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  replica.process = await serve(around.file, replica.env);
}

async function startReaders(connections: number, body: string): Promise<Load> {
  const asked = await headers();
  const { certificate: cert, key } = shown;
  const tls = { ca: around.ca.certificate, cert, key };
  const question = () => ({ path: "/graphql", headers: asked, body });
  return startLoad(`https://localhost:${balancer.port}`, connections, question, { tls, closing: true });
}

async function stopped(load: Load): Promise<void> {
  await load.stop();
  expect(load.failures).toEqual([]);
  answers += load.exchanged.length;
}

/** Milliseconds until both replicas say that they decide by it. */
async function takenUp(number: number): Promise<number> {
  const began = performance.now();
  for (const { port } of replicas)
    await vi.waitUntil(
      async () =>
        (await machine.get(`https://localhost:${port}/readyz`)).text.includes(`publication ${number}\n`),
      { timeout: 20_000, interval: 5 },
    );
  return performance.now() - began;
}

/** The versions that a replica's records name, oldest first; headers are in the clear. */
const versionsIn = async ({ data }: Replica): Promise<readonly string[]> =>
  (await textsIn(join(data, "audit"))).map(
    (text) => (JSON.parse(text) as { policyVersion: string }).policyVersion,
  );

const isClosed = ({ text }: Exchanged): boolean => JSON.parse(text).data.worker.person.nameAr === null;

describe("two replicas", PATIENCE, () => {
  it("give the same answer to the same question", async () => {
    const asked = await headers();
    const told = await Promise.all(
      replicas.map(({ port }) =>
        machine.post(`https://localhost:${port}/graphql`, { headers: asked, body: PROBE }),
      ),
    );
    answers += told.length;
    expect(told.map(({ status }) => status)).toEqual([200, 200]);
    expect(told[0]?.text).toContain("nameLatin");
    expect(told[1]?.text).toBe(told[0]?.text);
  });

  it("F9: take a publication up within a second; each answer is of one version, which its record names", async () => {
    // Checked and proven in this process, where the agencies are: before anybody asks.
    const { draft } = await draftOf(officers, LMRA, CLOSED);
    await approveDraft(officers.tools, SECOND, draft);
    const { number, policies } = await publishDraft(officers.tools, LMRA, draft.number);
    await takenUp(number);
    const load = await startReaders(10, PROBE);
    await sleep(200);
    const moves: number[] = [];
    for (const version of MOVES) {
      const move = await rollbackTo(officers.tools, LMRA, { version, others: [OTHER] });
      moves.push(await takenUp(move.number));
      await sleep(200);
    }
    await stopped(load);
    // The fastest: replicas, those who ask and whatever else this machine runs share its processors.
    expect(Math.min(...moves)).toBeLessThan(1_000);
    const texts = [...new Set(load.exchanged.map(({ text }) => text))];
    expect(texts, texts.join("\n")).toHaveLength(2);
    const versions = (await Promise.all(replicas.map(versionsIn))).flat();
    expect(versions).toHaveLength(answers);
    expect(new Set(versions).size).toBe(2);
    const closed = load.exchanged.filter(isClosed).length;
    expect(closed).toBeGreaterThan(0);
    expect(versions.filter((version) => version === policies)).toHaveLength(closed);
    const times = moves.map((ms) => ms.toFixed(0)).join(", ");
    showFigures(
      "F9",
      `taken up by both replicas after ${times} ms; ${load.exchanged.length} answers, 0 failed, 0 of two versions`,
    );
  });

  it("F10: restarted in turn, fail no request of fifty connections, and give the one answer to all", async () => {
    const load = await startReaders(CONNECTIONS, PERMIT);
    await sleep(500);
    for (let roll = 0; roll < ROLLS; roll += 1)
      for (const replica of replicas) {
        const before = load.exchanged.length;
        await restart(replica);
        expect(load.exchanged.length).toBeGreaterThan(before);
        await sleep(300);
      }
    await stopped(load);
    expect(new Set(load.exchanged.map(({ text }) => text)).size).toBe(1);
    // Every connection was told to go elsewhere at least once, and both replicas took some.
    for (const { port } of replicas) expect(balancer.given.get(port)).toBeGreaterThan(CONNECTIONS / 2);

    for (const replica of replicas) {
      const ended = once(replica.process, "exit");
      replica.process.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
    }
    const records = await Promise.all(replicas.map(verified));
    expect(records[0]! + records[1]!).toBe(answers);
    const restarts = ROLLS * replicas.length;
    showFigures(
      "F10",
      `${load.exchanged.length} answers over ${restarts} restarts, 0 failed; both logs whole`,
    );
  });
});

/** How many records the log has, all of them signed. */
async function verified({ data, env }: Replica): Promise<number> {
  const args = [...FLAGS, "--config", around.file, "audit", "verify", "--directory", join(data, "audit")];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const [, records, signed] = /whole: (\d+) records, (\d+) of them signed/.exec(stdout) ?? [];
  expect(signed).toBe(records);
  return Number(records);
}
