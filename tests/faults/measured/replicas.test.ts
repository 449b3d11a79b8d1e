/**
 * Two replicas of `ihala serve` behind a balancer of plain TCP, restarted one after the other, twice, while fifty connections ask
 * without a pause over TLS. Each question and answer is counted by the client that asks.
 */
import type { ChildProcess } from "node:child_process";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Balancer, startBalancer } from "../../support/balancer.ts";
import type { Certificate } from "../../support/certificates.ts";
import { type FrontEnd, frontEnd } from "../../support/front-end.ts";
import { startLoad } from "../../support/kept-alive.ts";
import type { IssuerClient } from "../../support/oidc-issuer.ts";
import { type Production, startProduction } from "../../support/production.ts";
import { FLAGS, freePort, serve } from "../../support/served.ts";

const CONNECTIONS = 50;
const ROLLS = 2;
const PATIENCE = { timeout: 240_000 };
const CASES = JSON.stringify({ query: "{ cases(first: 5) { edges { node { id nrmNumber stage } } } }" });
const client: IssuerClient = {
  ...{ id: "mwps-mtls", secret: "a secret of the test alone, and of nobody else", binding: "mtls" },
  claims: { roles: ["NGO.caseworker"], acr: "AAL2" },
};

interface Replica {
  readonly port: number;
  readonly data: string;
  readonly env: NodeJS.ProcessEnv;
  process: ChildProcess;
}

let around: Production;
let balancer: Balancer;
let shown: Certificate;
let machine: FrontEnd;
const replicas: Replica[] = [];

beforeAll(async () => {
  const port = await freePort();
  around = await startProduction(port, [client]);
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
});
afterAll(async () => {
  machine?.close();
  await balancer?.close();
  for (const replica of replicas) replica.process.kill("SIGKILL");
  await around?.close();
});

async function headers(): Promise<Readonly<Record<string, string>>> {
  const authorization = `Bearer ${await machine.token(around.issuer, client)}`;
  return { authorization, "x-purpose": "SHELTER_CARE", "content-type": "application/json" };
}

async function restart(replica: Replica): Promise<void> {
  const ended = once(replica.process, "exit");
  replica.process.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  replica.process = await serve(around.file, replica.env);
}

describe("two replicas", () => {
  it("give the same answer to the same question", async () => {
    const asked = await headers();
    const texts = await Promise.all(
      replicas.map(async ({ port }) => {
        const sent = { headers: asked, body: CASES };
        const told = await machine.post(`https://localhost:${port}/graphql`, sent);
        expect(told.status).toBe(200);
        return told.text;
      }),
    );
    expect(texts[0]).toContain("nrmNumber");
    expect(texts[1]).toBe(texts[0]);
  });

  it(
    "restarted in turn, fail no request of fifty connections, and give the one answer to all",
    PATIENCE,
    async () => {
      const asked = await headers();
      const { certificate: cert, key } = shown;
      const tls = { ca: around.ca.certificate, cert, key };
      const question = () => ({ path: "/graphql", headers: asked, body: CASES });
      const origin = `https://localhost:${balancer.port}`;
      const load = startLoad(origin, CONNECTIONS, question, { tls, closing: true });
      await sleep(1_000);
      for (let roll = 0; roll < ROLLS; roll += 1)
        for (const replica of replicas) {
          const before = load.exchanged.length;
          await restart(replica);
          expect(load.exchanged.length).toBeGreaterThan(before);
          await sleep(500);
        }
      await load.stop();
      expect(load.failures).toEqual([]);
      expect(new Set(load.exchanged.map(({ text }) => text)).size).toBe(1);
      // Every connection was told to go elsewhere at least once, and both replicas took some.
      for (const { port } of replicas) expect(balancer.given.get(port)).toBeGreaterThan(CONNECTIONS / 2);
      console.info(`${load.exchanged.length} answers over ${ROLLS * replicas.length} restarts, none failed`);

      for (const replica of replicas) {
        const ended = once(replica.process, "exit");
        replica.process.kill("SIGTERM");
        expect(await ended).toEqual([0, null]);
      }
      const records = await Promise.all(replicas.map(verified));
      expect(records[0]! + records[1]!).toBe(load.exchanged.length + 2);
    },
  );
});

/** How many records the log has, all of them signed. */
async function verified({ data, env }: Replica): Promise<number> {
  const args = [...FLAGS, "--config", around.file, "audit", "verify", "--directory", join(data, "audit")];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const [, records, signed] = /whole: (\d+) records, (\d+) of them signed/.exec(stdout) ?? [];
  expect(signed).toBe(records);
  return Number(records);
}
