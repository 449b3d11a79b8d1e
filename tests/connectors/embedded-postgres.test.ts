import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstat, mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  externalPostgres,
  type PostgresServer,
  startPostgres,
} from "../../src/connectors/embedded-postgres.ts";
import { linkMissingLibraries } from "../../src/connectors/postgres-binaries.ts";

const MODULE = join(import.meta.dirname, "../../src/connectors/embedded-postgres.ts");

let dataDir: string;
let server: PostgresServer | null;
beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), "ihala-pg-")), "pg");
  server = null;
});
afterEach(async () => {
  await server?.stop();
  await rm(join(dataDir, ".."), { recursive: true, force: true });
});

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return Object.values((await client.query(sql)).rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

/** A process that ended but was not yet waited for by its new parent has no command line. */
const isAlive = async (pid: number) =>
  (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")) !== "";
async function untilGone(pid: number) {
  while (await isAlive(pid)) await sleep(5);
}

/** A process that starts the server and then waits; killed, it cannot clean up. */
async function ownerProcess(): Promise<{ readonly kill: () => Promise<unknown>; readonly postgres: number }> {
  const script = `
    const { startPostgres } = await import(process.argv[1]);
    console.log((await startPostgres({ dataDir: process.argv[2] })).pid);
    setInterval(() => {}, 1000);`;
  const args = ["--input-type=module", "-e", script, MODULE, dataDir];
  const owner = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [pid] = await once(owner.stdout, "data");
  const kill = () => {
    const exited = once(owner, "exit");
    owner.kill("SIGKILL");
    return exited;
  };
  return { postgres: Number(String(pid)), kill };
}

describe("the embedded PostgreSQL", () => {
  it("starts, keeps its rows over a restart, syncs to disk and listens on loopback only", async () => {
    server = await startPostgres({ dataDir });
    await server.ensureDatabase("gateway");
    await server.ensureDatabase("gateway");
    await ask(server.url("gateway"), "create table kept as select 'جواز' as word");
    expect(await ask(server.url("gateway"), "show fsync")).toBe("on");
    expect(await ask(server.url("gateway"), "show listen_addresses")).toBe("127.0.0.1");
    await server.stop();
    server = await startPostgres({ dataDir });
    expect(await ask(server.url("gateway"), "select word from kept")).toBe("جواز");
  });

  it("keeps a random password that only its owner reads, and asks for it", async () => {
    server = await startPostgres({ dataDir });
    expect((await stat(join(dataDir, "password"))).mode & 0o777).toBe(0o600);
    const wrong = server.url("postgres").replace(/:[0-9a-f]{48}@/, ":guess@");
    await expect(ask(wrong, "select 1")).rejects.toThrow(/password authentication failed/);
  });

  it("ends with its owner, even when that is killed, and starts again at once", async () => {
    const owner = await ownerProcess();
    expect(await isAlive(owner.postgres)).toBe(true);
    await owner.kill();
    server = await startPostgres({ dataDir });
    expect(await isAlive(owner.postgres)).toBe(false);
    expect(await ask(server.url("postgres"), "select 1")).toBe(1);
  });

  it("refuses a directory that a living process uses", async () => {
    const owner = await ownerProcess();
    await expect(startPostgres({ dataDir })).rejects.toMatchObject({ code: "DATA_DIRECTORY_UNWRITABLE" });
    await owner.kill();
    await untilGone(owner.postgres);
  });

  it("recovers from its own kill -9 and from a pid file that names a stranger", async () => {
    server = await startPostgres({ dataDir });
    await ask(server.url("postgres"), "create table kept as select 7 as n");
    process.kill(server.pid as number, "SIGKILL");
    await untilGone(server.pid as number);
    await server.stop();
    const pidFile = join(dataDir, "cluster", "postmaster.pid");
    const lines = (await readFile(pidFile, "utf8")).split("\n");
    await writeFile(pidFile, [process.pid, ...lines.slice(1)].join("\n"));
    server = await startPostgres({ dataDir });
    expect(await ask(server.url("postgres"), "select n from kept")).toBe(7);
  });

  it("repeats a first start that was interrupted", async () => {
    await mkdir(join(dataDir, "cluster.new", "base"), { recursive: true });
    server = await startPostgres({ dataDir });
    expect(await ask(server.url("postgres"), "select 1")).toBe(1);
  });

  it("names a place that cannot be written to", async () => {
    const file = join(dataDir, "..", "file");
    await writeFile(file, "");
    await expect(startPostgres({ dataDir: join(file, "pg") })).rejects.toMatchObject({
      code: "DATA_DIRECTORY_UNWRITABLE",
    });
  });

  it("names a busy port", async () => {
    server = await startPostgres({ dataDir });
    const port = Number(new URL(server.url("postgres")).port);
    await expect(startPostgres({ dataDir: `${dataDir}2`, port })).rejects.toMatchObject({
      code: "PORT_IN_USE",
    });
  });

  it("finds its libraries when the install script did not run", async () => {
    const native = join(dataDir, "package", "native");
    await mkdir(join(native, "lib"), { recursive: true });
    await writeFile(join(native, "lib", "libpq.so.5.18"), "");
    const links = [{ source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" }];
    await writeFile(join(native, "pg-symlinks.json"), JSON.stringify(links));
    const directory = await linkMissingLibraries(native, join(dataDir, "lib"));
    expect((await lstat(join(directory as string, "libpq.so.5"))).isSymbolicLink()).toBe(true);
    expect(await realpath(join(directory as string, "libpq.so.5"))).toBe(
      join(native, "lib", "libpq.so.5.18"),
    );
  });
});

describe("an external PostgreSQL", () => {
  it("has the same face", async () => {
    server = await startPostgres({ dataDir });
    const external = externalPostgres(server.url("postgres"));
    await external.ensureDatabase("lmra");
    expect(await ask(external.url("lmra"), "select current_database()")).toBe("lmra");
    await expect(external.ensureDatabase('x"; drop database lmra; --')).rejects.toThrow(RangeError);
    await external.stop();
    expect(await ask(server.url("lmra"), "select 1")).toBe(1);
  });
});
