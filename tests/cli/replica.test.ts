/** The data directory of a second replica, made out of the first's: the same answers from either, and a disclosure log of each one's own. */
import type { ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSecrets, SHARED_KEYS } from "../../src/assembly/secrets.ts";
import { runReplica } from "../../src/cli/replica.ts";
import type { Config } from "../../src/config/config.ts";
import { openDataDirectory } from "../../src/config/data-directory.ts";
import { loadConfig } from "../../src/config/load.ts";
import { type FrontEnd, frontEnd } from "../support/front-end.ts";
import type { IssuerClient } from "../support/oidc-issuer.ts";
import { type Production, startProduction } from "../support/production.ts";
import { freePort, serve } from "../support/served.ts";
import { testTerminal } from "./test-terminal.ts";

const client: IssuerClient = {
  ...{ id: "mwps", secret: "a secret of the test alone, and of nobody else", binding: "dpop" },
  claims: { roles: ["NGO.caseworker"], acr: "AAL2" },
};
const CASES = { query: "{ cases(first: 5) { edges { node { id nrmNumber } } } }" };

let root: string;
let around: Production;
let front: FrontEnd;
const gateways: ChildProcess[] = [];
const ports: number[] = [];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "ihala-replica-"));
  ports.push(await freePort(), await freePort());
  around = await startProduction(ports[0] ?? 0, [client]);
  front = await frontEnd(around.ca.certificate);
});
afterAll(async () => {
  for (const gateway of gateways) gateway.kill("SIGKILL");
  front?.close();
  await around?.close();
  await rm(root, { recursive: true, force: true });
});

const configOf = (): Promise<Config> => loadConfig({ path: around.file, env: {} });

async function replica(to: string, config?: Config) {
  const terminal = testTerminal();
  const status = await runReplica(config ?? (await configOf()), to, terminal);
  return { status, out: terminal.written() };
}
const directory = () => join(root, "second");

describe("ihala replica", () => {
  it("copies what replicas share, readable by nobody else, and no key of the log", async () => {
    const { status, out } = await replica(directory());
    expect(status).toBe(0);
    expect(out).toBe(`${directory()}: ${SHARED_KEYS.join(", ")}\n`);
    expect((await readdir(join(directory(), "keys"))).toSorted()).toEqual([...SHARED_KEYS].toSorted());
    for (const name of SHARED_KEYS) {
      const [one, other] = [String(around.config["data"]), directory()].map((data) =>
        join(data, "keys", name),
      );
      expect(await readFile(other ?? "")).toEqual(await readFile(one ?? ""));
      expect((await stat(other ?? "")).mode & 0o777).toBe(0o600);
    }
    for (const folder of [directory(), join(directory(), "keys")])
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it("knows every key that a gateway makes", async () => {
    const data = await openDataDirectory(join(root, "other"), "production");
    await loadSecrets(data);
    await data.release();
    expect((await readdir(data.file("keys"))).toSorted()).toEqual(
      [...SHARED_KEYS, "audit-signing", "policy-signing"].toSorted(),
    );
  });

  it("serves beside the first with the same answers and the same ids, under a log key of its own", async () => {
    const second = join(root, "second.yaml");
    const { server } = around.config as { server: object };
    await writeFile(
      second,
      JSON.stringify({ ...around.config, data: directory(), server: { ...server, port: ports[1] } }),
    );
    gateways.push(...(await Promise.all([around.file, second].map((file) => serve(file, around.env)))));
    const asked = await Promise.all(
      ports.map(async (port) => {
        const url = `https://localhost:${port}/graphql`;
        const token = await front.token(around.issuer, client);
        // What proofs name is the deployment's address, which both have.
        const dpop = await front.proof(`https://localhost:${ports[0]}/graphql`, token);
        const headers = { authorization: `DPoP ${token}`, dpop, "x-purpose": "SHELTER_CARE" };
        return front.ask(url, headers, CASES);
      }),
    );
    expect(asked.map(({ status }) => status)).toEqual([200, 200]);
    expect(JSON.parse(asked[0]?.text ?? "").data.cases.edges.length).toBeGreaterThan(0);
    expect(asked[1]?.text).toBe(asked[0]?.text);
    const verifiers = await Promise.all(
      [String(around.config["data"]), directory()].map((data) =>
        readFile(join(data, "audit/log.vkey"), "utf8"),
      ),
    );
    expect(new Set(verifiers).size).toBe(2);
  });

  it("copies the key of the policy store where no other is named, and says which files are wanted beside", async () => {
    const config = await configOf();
    const store = { ...config.policy, source: "store" as const };
    const issuers = [{ ...config.identity.issuers[0]!, jwks: { file: "issuers/mwps.json" } }];
    const { out } = await replica(join(root, "third"), {
      ...config,
      policy: store,
      identity: { ...config.identity, issuers },
    });
    expect(out).toContain(", policy-signing\n");
    expect(out).toContain("copy too, as the configuration names it: issuers/mwps.json\n");
    const named = { ...store, verifierKeys: ["a+b+c"] };
    expect((await replica(join(root, "fourth"), { ...config, policy: named })).out).not.toContain(
      "policy-signing",
    );
  });

  it("writes nothing into a folder that holds something, inside of the first, or out of nothing", async () => {
    const config = await configOf();
    const full = join(root, "full");
    await mkdir(full);
    await writeFile(join(full, "x"), "");
    await expect(replica(full)).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
    expect(await readdir(full)).toEqual(["x"]);
    await expect(replica(join(config.data, "second"))).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
    const none = { ...config, data: join(root, "none") };
    await expect(replica(join(root, "fifth"), none)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    const lost = await openDataDirectory(join(root, "lost"), "production");
    await lost.release();
    await expect(replica(join(root, "fifth"), { ...config, data: lost.path })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
    expect((await readdir(root)).filter((name) => name.startsWith("fifth"))).toEqual([]);
  });
});
