/**
 * The drill: a deployment is backed up while it answers, and put back elsewhere; an auditor checks the log, readers ask as before.
 * And what must never happen: a backup that was changed is used, a log goes on that lost what it had signed.
 */
import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { cp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FrontEnd, frontEnd } from "../support/front-end.ts";
import type { IssuerClient } from "../support/oidc-issuer.ts";
import { type Production, startProduction } from "../support/production.ts";
import { FLAGS, freePort, serve } from "../support/served.ts";

const CASES = { query: "{ cases(first: 5) { edges { node { id nrmNumber stage } } } }" };
const client: IssuerClient = {
  ...{ id: "mwps-mtls", secret: "a secret of the test alone, and of nobody else", binding: "mtls" },
  claims: { roles: ["NGO.caseworker"], acr: "AAL2" },
};
const PATIENCE = { timeout: 180_000 };

let around: Production;
let machine: FrontEnd;
let gateway: ChildProcess;
let url: string;
let root: string;

beforeAll(async () => {
  const port = await freePort();
  around = await startProduction(port, [client]);
  root = join(String(around.config["data"]), "..");
  url = `https://localhost:${port}/graphql`;
  machine = await frontEnd(around.ca.certificate, around.clientCa.issue("machine"));
  gateway = await serve(around.file, around.env);
});
afterAll(async () => {
  machine?.close();
  gateway?.kill("SIGKILL");
  await around?.close();
});

const run = async (env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<string> => {
  const all = [...FLAGS, "--config", around.file, ...args];
  const { stdout } = await promisify(execFile)(process.execPath, all, { env: { ...around.env, ...env } });
  return stdout;
};
const refusal = (env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<string> =>
  run(env, ...args).then(
    () => "nothing was refused",
    (error: { stderr: string }) => error.stderr,
  );

async function ask(): Promise<string> {
  const authorization = `Bearer ${await machine.token(around.issuer, client)}`;
  const told = await machine.ask(url, { authorization, "x-purpose": "SHELTER_CARE" }, CASES);
  expect(told.status).toBe(200);
  return told.text;
}

/** Configuration file of a deployment that holds nothing, and the environment that commands need. */
async function elsewhere(name: string): Promise<{ readonly env: NodeJS.ProcessEnv; readonly data: string }> {
  const data = join(root, name);
  const secret = join(root, `${name}.database`);
  await writeFile(secret, await around.emptyDatabase(name.replaceAll("-", "_")), { mode: 0o600 });
  const file = join(root, `${name}.yaml`);
  const config = JSON.stringify({ ...around.config, data, database: { url: { file: secret } } });
  await writeFile(file, config);
  return { data, env: { IHALA_DATA: data, IHALA_CONFIG: file } };
}
const runIn = (file: string | undefined, ...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [...FLAGS, "--config", file ?? "", ...args], { env: around.env });

describe("a backup of a gateway that answers", () => {
  it("is whole, in three folders that nobody else may read", PATIENCE, async () => {
    await ask();
    let isOver = false;
    const load = (async () => {
      while (!isOver) await ask();
    })();
    const told = await run({}, "backup", join(root, "backup"));
    isOver = true;
    await load;
    expect(told).toMatch(/^state\/ \d+ records of the log, \d+ of them signed; \d+ tables\n/);
    expect((await readdir(join(root, "backup"))).sort()).toEqual(["keys", "state", "subject-keys"]);
    for (const name of ["keys/links", "subject-keys/subject-keys.log", "state/manifest.json"])
      expect((await stat(join(root, "backup", name))).mode & 0o077).toBe(0);
    const state = await readFile(join(root, "backup/state/manifest.json"), "utf8");
    expect(state).toContain('"table": "public.object_link"');
    expect(await refusal({}, "backup", join(root, "backup"))).toContain("[BAD_USER_INPUT]");
  });

  it("restores a deployment that answers as before; its log is whole and begins anew", PATIENCE, async () => {
    const { env, data } = await elsewhere("restored");
    const before = await ask();
    const told = await runIn(env["IHALA_CONFIG"], "restore", join(root, "backup"));
    expect(told.stdout).toMatch(/^whole: [1-9]\d* records/);
    const [archive] = await readdir(join(data, "audit-archive"));
    const key = (await readFile(join(root, "data/audit/log.vkey"), "utf8")).trim();
    const log = join(data, "audit-archive", archive ?? "");
    const checked = await run({}, "audit", "verify", "--directory", log, "--key", key);
    expect(checked).toMatch(/^whole: [1-9]\d* records/);
    expect(await readdir(join(data, "keys"))).not.toContain("audit-signing");

    const ended = once(gateway, "exit");
    gateway.kill("SIGTERM");
    await ended;
    gateway = await serve(env["IHALA_CONFIG"] ?? "", around.env);
    expect(await ask()).toBe(before);
    expect(await readFile(join(data, "audit/log.vkey"), "utf8")).not.toContain(key);
    expect((await runIn(env["IHALA_CONFIG"], "audit", "fsck")).stdout).toMatch(/^whole: /);
    const again = await runIn(env["IHALA_CONFIG"], "restore", join(root, "backup")).catch(
      (error: { stderr: string }) => error,
    );
    expect(again.stderr).toContain("is not empty");
  });

  it(
    "goes on with its log when the latest checkpoint says that nothing is missing, and only then",
    PATIENCE,
    async () => {
      const whole = await elsewhere("whole");
      await run({}, "backup", join(root, "last"));
      const latest = join(root, "data/audit/checkpoint");
      const told = await runIn(whole.env["IHALA_CONFIG"], "restore", join(root, "last"), "--latest", latest);
      expect(told.stdout).toMatch(
        /^whole: [1-9]\d* records, [1-9]\d* of them signed, in .*\/whole\/audit\n$/,
      );
      expect((await runIn(whole.env["IHALA_CONFIG"], "audit", "fsck")).stdout).toMatch(
        /^whole: .*\nkeys: [1-9]\d* subjects; [1-9]\d* entries, 0 of them forgotten\n/,
      );

      const less = await elsewhere("less");
      const refused = runIn(less.env["IHALA_CONFIG"], "restore", join(root, "backup"), "--latest", latest);
      await expect(refused).rejects.toMatchObject({ stderr: expect.stringContaining("[BACKUP_INVALID]") });
      expect(await readdir(less.data).catch(() => [])).toEqual([]);
    },
  );

  it.each([
    ["a changed byte of the log", "state/audit/disclosures-000000000001.log"],
    ["a changed table", "state/database/001.ndjson"],
    ["a changed key", "keys/ids"],
    ["a changed subject's key", "subject-keys/subject-keys.log"],
    ["a changed manifest", "keys/manifest.json"],
    ["a file that was put in", "keys/another"],
  ])("restores nothing of one with %s", PATIENCE, async (_, name) => {
    const broken = join(root, `broken-${name.replaceAll(/\W/g, "-")}`);
    await cp(join(root, "backup"), broken, { recursive: true });
    const found = await readFile(join(broken, name)).catch(() => Buffer.alloc(0));
    const bytes = found.length > 0 ? found : Buffer.from("x");
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(join(broken, name), bytes);
    const data = join(root, "nothing");
    expect(await refusal({ IHALA_DATA: data }, "restore", broken)).toContain("[BACKUP_INVALID]");
    expect(await readdir(data).catch(() => [])).toEqual([]);
  });
});

describe("ihala migrate", () => {
  it("brings an empty database up to date, says so, and refuses a newer one", PATIENCE, async () => {
    const { env } = await elsewhere("migrated");
    const check = runIn(env["IHALA_CONFIG"], "migrate", "--check");
    await expect(check).rejects.toMatchObject({
      stdout: expect.stringContaining("links 1 (object_link): to be applied"),
    });
    const first = await runIn(env["IHALA_CONFIG"], "migrate");
    expect(first.stdout).toContain("links 1 (object_link): applied\n");
    expect(first.stdout).toContain("staff-directory 1");
    expect((await runIn(env["IHALA_CONFIG"], "migrate")).stdout).toBe("every store is up to date\n");
    expect((await runIn(env["IHALA_CONFIG"], "migrate", "--check")).stdout).toBe(
      "every store is up to date\n",
    );
  });
});
