/** The orchestration of `ihala sandbox` over real processes and a real PostgreSQL, with small parts in place of the large. */

import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { readerUrl } from "../../sandbox/database/agency-database.ts";
import { assembled } from "../../src/assembly/gateway.ts";
import type { PartContext, SandboxParts } from "../../src/cli/parts.ts";
import { runProgram } from "../../src/cli/program.ts";
import { startSandbox } from "../../src/cli/sandbox.ts";
import { startChild } from "../../src/cli/supervise.ts";
import { loadConfig } from "../../src/config/load.ts";
import { startPostgres } from "../../src/connectors/embedded-postgres.ts";
import { silentLog } from "../../src/telemetry/log.ts";
import { openGateway } from "../server/open-gateway.ts";
import { smallVersion } from "../support/small-version.ts";
import { isRunning } from "./processes.ts";
import { testTerminal } from "./test-terminal.ts";

const child = (says: unknown) =>
  startChild<never>({
    name: "the child",
    module: new URL("./parts/good-child.ts", import.meta.url),
    options: { says },
  });

function smallParts(overrides: Partial<SandboxParts> = {}) {
  const { promise: failed, resolve: fail } = Promise.withResolvers<unknown>();
  const pids: number[] = [];
  const events: string[] = [];
  const noted = async <Thing extends { pid: number }>(starting: Promise<Thing>): Promise<Thing> => {
    const thing = await starting;
    pids.push(thing.pid);
    return thing;
  };
  const parts: SandboxParts = {
    databases: ["gateway", "ledger"],
    startPostgres: async (options) => {
      const postgres = await startPostgres(options);
      pids.push(postgres.pid ?? 0);
      return postgres;
    },
    seed: async ({ databaseUrl }) => {
      const client = new pg.Client({ connectionString: databaseUrl("ledger") });
      await client.connect();
      await client.query("create table if not exists seeded ()");
      await client.end();
      events.push("seeded");
    },
    startLedger: () => noted(child({ spineUrl: "http://s", contentUrl: "http://c", filesUrl: "http://f" })),
    startAgencies: () => noted(child({ urls: { "BH/GOV/IGA/population": "http://i" } })),
    createGateway: async (_, { urls, databases, ledger }) => {
      events.push(`gateway: ${urls.get("BH/GOV/IGA/population")} ${databases.size} ${ledger.spineUrl}`);
      return assembled(smallVersion(openGateway), {
        load: async () => {
          events.push("loaded");
          return smallVersion(openGateway, { schema: "c".repeat(64) });
        },
        failed,
        close: async () => void events.push("closed"),
      });
    },
    ...overrides,
  };
  const alive = () => pids.filter(isRunning);
  return { parts, fail, pids, events, alive };
}

/** One for all tests, so that PostgreSQL is set up once; each test also finds it free again. */
const data = join(await mkdtemp(join(tmpdir(), "ihala-sandbox-")), "data");

async function configFor(overrides: Record<string, string | number> = {}) {
  return loadConfig({
    env: {},
    overrides: { data, "server.port": 0, "server.drainMs": 1_000, ...overrides },
  });
}

describe("ihala sandbox", () => {
  it("starts everything, answers in the sandbox's name, and leaves nothing running", async () => {
    const config = await configFor();
    const { parts, events, alive, pids } = smallParts();
    const sandbox = await startSandbox(config, parts, silentLog);
    expect(alive()).toHaveLength(3);
    expect(events).toEqual(["seeded", "gateway: http://i 4 http://s"]);
    const ready = await fetch(`${sandbox.url}/readyz`);
    expect([ready.status, ready.headers.get("x-ihala-mode")]).toEqual([200, "sandbox"]);
    expect((await stat(join(config.data, "issuer", "key.json"))).mode & 0o777).toBe(0o600);
    await sandbox.stop();
    expect(pids.filter(isRunning)).toEqual([]);
    expect(events.at(-1)).toBe("closed");
    expect(await readFile(join(config.data, "world.json"), "utf8")).toBe('{"seed":20250730,"scale":"tiny"}');
  });

  it("takes up another version, and refuses one that wants a restart", async () => {
    const config = await configFor({ "server.admin.port": 0 });
    let next = config;
    const { parts, events } = smallParts();
    const source = { read: async () => next, file: null };
    const sandbox = await startSandbox(config, parts, silentLog, source);
    const readyz = async () => (await fetch(`${sandbox.url}/readyz`)).text();
    const metrics = async () => (await fetch(`${sandbox.adminUrl}/metrics`)).text();
    expect(await readyz()).toBe("ready\nschema aaaaaaaaaaaa\npolicies bbbbbbbbbbbb\n");
    await sandbox.reload();
    expect(events).toContain("loaded");
    expect(await readyz()).toBe("ready\nschema cccccccccccc\npolicies bbbbbbbbbbbb\n");
    next = await configFor({ "server.admin.port": 0, "server.port": 1 });
    await sandbox.reload();
    expect(await readyz()).toMatch(
      /^ready\nschema c{12}\npolicies b{12}\nreload refused \d{4}-\S+Z CONFIG_INVALID\n$/,
    );
    expect(await metrics()).toContain("ihala_reload_refused 1");
    expect(await metrics()).toContain('ihala_reloads_total{outcome="taken"} 1');
    expect((await fetch(`${sandbox.url}/metrics`)).status).toBe(404);
    await sandbox.stop();
  });

  it("says which part has broken", async () => {
    const { parts, pids, fail } = smallParts();
    const sandbox = await startSandbox(await configFor(), parts, silentLog);
    fail(new Error("disk full"));
    expect(await sandbox.broken).toBe("the disclosure log");
    await sandbox.stop();
    const again = smallParts();
    const second = await startSandbox(await configFor(), again.parts, silentLog);
    process.kill(again.pids.at(-1) ?? 0, "SIGKILL");
    expect(await second.broken).toBe("the child");
    await second.stop();
    expect([...pids, ...again.pids].filter(isRunning)).toEqual([]);
  });

  it("stops what it has started when a part fails", async () => {
    const config = await configFor();
    const module = new URL("./parts/bad-child.ts", import.meta.url);
    const { parts, alive, pids } = smallParts({
      startLedger: () => startChild({ name: "the ledger", module, options: { way: "refuses" } }),
    });
    await expect(startSandbox(config, parts, silentLog)).rejects.toMatchObject({ code: "PORT_IN_USE" });
    expect(pids.length).toBeGreaterThan(0);
    expect(alive()).toEqual([]);
  });

  it("tells a busy port before it makes anything", async () => {
    const busy = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => busy.once("listening", resolve));
    const { port } = busy.address() as { port: number };
    const fresh = `${data}-of-nobody`;
    const config = await configFor({ "server.port": port, data: fresh });
    const { parts, pids } = smallParts();
    await expect(startSandbox(config, parts, silentLog)).rejects.toMatchObject({ code: "PORT_IN_USE" });
    expect(pids).toEqual([]);
    await expect(stat(fresh)).rejects.toThrow();
    busy.close();
  });

  it("listens on loopback only", async () => {
    const config = await configFor({ "server.host": "0.0.0.0" });
    await expect(startSandbox(config, smallParts().parts, silentLog)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      detail: { problems: [expect.stringMatching(/^server\.host: /)] },
    });
  });

  it("takes a member's own server and database in place of the simulated ones", async () => {
    const config = await configFor();
    const secret = join(await mkdtemp(join(tmpdir(), "ihala-secret-")), "url");
    await writeFile(secret, "postgres://elsewhere/lmra\n");
    const agencies = config.agencies.map((agency) => ({
      ...agency,
      members: agency.members.map((member) => ({
        ...member,
        ...(agency.code === "IGA" && { url: "http://own" }),
        ...(agency.code === "LMRA" && { database: { file: secret } }),
      })),
    }));
    const { placesOf } = await import("../../src/cli/places.ts");
    const context: Pick<PartContext, "config" | "databaseUrl"> = {
      config: { ...config, agencies },
      databaseUrl: (name) => `postgres://here/${name}`,
    };
    const places = await placesOf(
      context,
      { spineUrl: "s", contentUrl: "c", filesUrl: "f" },
      { urls: { "BH/GOV/IGA/population": "http://i" } },
    );
    expect(places.urls.get("BH/GOV/IGA/population")).toBe("http://own");
    expect(places.databases.get("BH/GOV/LMRA/labour")).toBe("postgres://elsewhere/lmra");
    expect(places.databases.get("BH/GOV/NCCTIP/committee")).toBe(readerUrl("postgres://here/ncc"));
  });
});

describe("ihala seed", () => {
  it("fills the databases and stops", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "ihala-seed-")), "ihala.yaml");
    await writeFile(file, `data: ${data}\n`);
    const { parts, events, alive } = smallParts();
    const terminal = testTerminal();
    expect(await runProgram(["--config", file, "seed"], async () => parts, terminal)).toBe(0);
    expect(events).toEqual(["seeded"]);
    expect(terminal.written()).toContain("scale tiny");
    expect(alive()).toEqual([]);
  });
});
