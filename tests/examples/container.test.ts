/**
 * `examples/container/`: the files of the image serve, in a folder of their own, as the manifests of `examples/kubernetes/` start them
 * and with the configuration that they hold. No container engine is needed.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it, vi } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { authority } from "../support/certificates.ts";
import { testPostgres } from "../support/postgres.ts";
import { freePort } from "../support/served.ts";
import { all, copies, copyImage, list, only, variables } from "./image.ts";
import { CLOSE_SECONDS, configText, gateway, keysScript, sharedKeys } from "./manifests.ts";

const run = promisify(execFile);
const { IHALA_DATA: data = "", IHALA_CONFIG: configFile = "" } = variables;

const folder = mkdtempSync(join(tmpdir(), "ihala-image-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
/** Where a path of the container is in this test. */
const placed = (path: string): string => join(folder, path);
const placedText = (text: string): string =>
  text.replaceAll("/run/ihala", placed("/run/ihala")).replaceAll("/var/lib/ihala", placed("/var/lib/ihala"));

describe("the image", () => {
  let child: ChildProcess | undefined;
  afterAll(() => child?.kill("SIGKILL"));

  it("copies what there is, and begins with public images", () => {
    for (const { from } of copies)
      expect({ from, there: existsSync(join(PACKAGE_ROOT, from)) }).toEqual({ from, there: true });
    for (const from of all("FROM")) expect(from).toMatch(/^(node|debian):[\w.-]+( AS build)?$/);
    expect(all("RUN").join("\n")).not.toContain("://");
  });

  it("gives each replica the shared keys once, and refuses others later", async () => {
    const shared = placed("/run/ihala/keys");
    await mkdir(shared, { recursive: true });
    for (const name of sharedKeys) await writeFile(join(shared, name), randomBytes(32));
    await mkdir(placed(dirname(data)), { recursive: true });
    const start = () => run("sh", ["-euc", placedText(keysScript)]);
    await start();
    await start();
    for (const name of sharedKeys) {
      const at = join(placed(data), "keys", name);
      expect(await readFile(at)).toEqual(await readFile(join(shared, name)));
      expect((await stat(at)).mode & 0o777).toBe(0o600);
    }
    expect((await readdir(join(placed(data), "keys"))).toSorted()).toEqual(sharedKeys.toSorted());
    const before = await readFile(join(shared, "links"));
    await writeFile(join(shared, "links"), randomBytes(32));
    await expect(start()).rejects.toMatchObject({ code: 1 });
    expect(await readFile(join(placed(data), "keys/links"))).toEqual(before);
  });

  it("serves from its own files alone, says so, writes to none of them, and stops in time", {
    timeout: 120_000,
  }, async () => {
    const image = placed("/ihala");
    await copyImage(image);
    const files = await filesOf(image);
    const ports = { public: await freePort(), admin: await freePort() };
    await writeSecrets();
    await mkdir(dirname(placed(configFile)), { recursive: true });
    await writeFile(placed(configFile), placedText(configText).replace("0.0.0.0", "127.0.0.1"));
    const [, ...args] = list("ENTRYPOINT");
    const env = {
      ...{ PATH: process.env["PATH"], IHALA_CONFIG: placed(configFile), IHALA_DATA: placed(data) },
      ...{ PORT: `${ports.public}`, IHALA_SERVER_ADMIN_PORT: `${ports.admin}` },
    };
    const { drainMs } = (await loadConfig({ path: placed(configFile), env })).server;
    const command = (...words: string[]) => run(process.execPath, [...args, ...words], { cwd: image, env });
    child = spawn(process.execPath, [...args, ...(gateway.args ?? [])], { cwd: image, env });
    let told = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (told += String(chunk)));
    const alive = (page: string) => checkAlive(image, `https://127.0.0.1:${ports.public}${page}`);
    await vi.waitUntil(() => told.includes("Ihala is ready") || child?.exitCode !== null, {
      timeout: 60_000,
    });
    expect(told).toContain("Ihala is ready");
    expect(await alive("/livez")).toBe(0);
    expect(await alive("/readyz")).toBe(0);
    expect(await alive("/nothing-here")).toBe(1);
    await command("migrate");
    await command("migrate", "--check");
    await command("backup", placed("/backup"));
    await expect(command("sandbox")).rejects.toMatchObject({ code: 1 });
    const ended = once(child, "exit");
    const asked = performance.now();
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect(performance.now() - asked).toBeLessThan(drainMs + CLOSE_SECONDS * 1_000);
    expect(await alive("/livez")).toBe(1);
    expect(await filesOf(image)).toEqual(files);
    await command("audit", "verify", "--key", join(placed(data), "audit/log.vkey"));
    expect(existsSync(join(placed(data), "outbound/jwks.json"))).toBe(true);
    expect(await readdir(join(placed(data), "keys"))).toEqual(
      expect.arrayContaining([...sharedKeys, "audit-signing"]),
    );
  });
});

/** Everything that the configuration names, as a real deployment would have it; agencies are not asked. */
async function writeSecrets(): Promise<void> {
  const postgres = await testPostgres();
  await postgres.ensureDatabase("gateway");
  const tls = authority("Servers' authority").issue("localhost");
  const secrets: Readonly<Record<string, string>> = {
    "secrets/database.url": postgres.url("gateway"),
    "secrets/key-encryption-key": randomBytes(32).toString("base64"),
    "tls/tls.crt": tls.certificate,
    "tls/tls.key": tls.key,
  };
  const agencies = [...configText.matchAll(/\/run\/ihala\/(secrets\/\w+\.url)/g)].map(
    ([, file = ""]) => file,
  );
  for (const file of new Set([...agencies, ...Object.keys(secrets)])) {
    await mkdir(dirname(placed(`/run/ihala/${file}`)), { recursive: true });
    await writeFile(placed(`/run/ihala/${file}`), secrets[file] ?? postgres.url("gateway"), { mode: 0o600 });
  }
}

/** Status of the image's health check, asking that page. */
async function checkAlive(image: string, url: string): Promise<number> {
  const [, check = ""] = only("HEALTHCHECK").split(" CMD ");
  const [node, file = "", asked] = JSON.parse(check) as string[];
  expect([node, asked]).toEqual(["node", `https://127.0.0.1:${only("EXPOSE")}/livez`]);
  const child = spawn(process.execPath, [file, url], { cwd: image, stdio: "ignore" });
  const [status] = (await once(child, "exit")) as [number];
  return status;
}

async function filesOf(image: string): Promise<readonly string[]> {
  const entries = await readdir(image, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries.map(async ({ parentPath, name }) => {
      const { size, mtimeMs } = await stat(join(parentPath, name));
      return `${join(parentPath, name)} ${size} ${mtimeMs}`;
    }),
  );
}
