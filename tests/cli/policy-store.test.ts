/** `ihala policy draft … rollback` on the command line: real tokens of officers, a real database, what is printed and refused. */
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DevelopmentIssuer, openIssuer } from "../../sandbox/issuer/issuer.ts";
import { runProgram } from "../../src/cli/program.ts";
import { type DataDirectory, openDataDirectory } from "../../src/config/data-directory.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { type PostgresServer, startPostgres } from "../../src/connectors/embedded-postgres.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { createRevocations } from "../../src/connectors/revocations.ts";
import { createSuspensions } from "../../src/connectors/suspensions.ts";
import { POLICIES_DIR } from "../policy/shipped.ts";
import { folderWith, NARROWER } from "../policy-store/tools.ts";
import { testTerminal } from "./test-terminal.ts";

const NGO = "BH/NGO/MWPS/assist";
let postgres: PostgresServer;
let root: string;
let config: string;
let data: DataDirectory;
let issuer: DevelopmentIssuer;
const tokens = new Map<string, string>();

async function policy(args: readonly string[], input = "") {
  const terminal = testTerminal(input);
  const parts = async () => expect.fail("a part was started");
  const status = await runProgram(["--config", config, "policy", ...args], parts, terminal);
  return { status, out: terminal.written(), err: terminal.complaints() };
}

async function tokenOf(name: string, role: string, member: string, staff: string): Promise<void> {
  tokens.set(name, join(root, name));
  await writeFile(join(root, name), `${await issuer.mintToken({ role, member, staff })}\n`);
}
const as = (name: string): readonly string[] => ["--token", tokens.get(name) ?? ""];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "ihala-officers-"));
  data = await openDataDirectory(join(root, "data"), "sandbox");
  issuer = await openIssuer(data);
  postgres = await startPostgres({ dataDir: await data.folder("postgres") });
  await postgres.ensureDatabase("gateway");
  config = join(root, "ihala.yaml");
  await writeFile(config, `data: ${data.path}\n`);
  await tokenOf("author.token", "NGO.securityOfficer", NGO, "ngo-officer-1");
  await tokenOf("colleague.token", "NGO.securityOfficer", NGO, "ngo-officer-2");
  await tokenOf("iga.token", "IGA.securityOfficer", "BH/GOV/IGA/population", "iga-officer-1");
  await tokenOf("caseworker.token", "NGO.caseworker", NGO, "ngo-caseworker-1");
});
afterAll(async () => {
  await postgres?.stop();
  await data?.release();
});

it("lets security officers alone act, and tells nobody who another was", async () => {
  const refused = await policy(["draft", POLICIES_DIR, ...as("caseworker.token")]);
  expect(refused).toMatchObject({ status: 1, out: "" });
  expect(refused.err).toMatch(/PURPOSE_NOT_HELD|OPERATION_FORBIDDEN/);
  const forged = await policy(["draft", POLICIES_DIR, "--token", "-"], "eyJhbGciOiJub25lIn0.e30.x");
  expect(forged).toMatchObject({ status: 1, out: "", err: expect.stringContaining("UNAUTHENTICATED") });
  expect((await policy(["draft", POLICIES_DIR])).err).toContain("--token");
  expect((await policy(["versions"])).out).toBe("");
});

it("takes the shipped policies from draft to version, and exports the same bytes", async () => {
  const drafted = await policy(["draft", POLICIES_DIR, "--title", "as shipped", ...as("author.token")]);
  expect(drafted.out).toMatch(
    /^0 wider, 0 narrower; policies: the same\nfiles: the same\ndraft 1 [0-9a-f]{64}\nto be approved by another officer\n$/,
  );
  const hash = /draft 1 (\S+)/.exec(drafted.out)?.[1] ?? "";
  expect((await policy(["publish", "1", ...as("author.token")])).err).toContain(
    "an approval by an officer other",
  );
  expect((await policy(["approve", "1", hash, ...as("author.token")])).err).toContain("is your own");
  expect((await policy(["approve", "1", hash, ...as("colleague.token")])).out).toBe(
    "draft 1 approved; it may be published\n",
  );
  expect((await policy(["publish", "1", ...as("author.token")])).out).toMatch(
    /^version 1 is published; records name it [0-9a-f]{64}\n$/,
  );
  const to = join(root, "exported");
  expect((await policy(["export", to])).out).toBe(`${to}: ${(await filesIn(to)).length} files, ${hash}\n`);
  expect(await filesIn(to)).toEqual(await filesIn(POLICIES_DIR));
  expect((await policy(["export", to])).err).toContain("is not empty");
}, 180_000);

it("does what the guide shows", async () => {
  const files = new Map([["draft", await folderWith(NARROWER)], ["read", join(root, "read")], ...tokens]);
  let hash = "";
  for (const { command, printed } of examples()) {
    const args = argsOf(command).map((arg, at) => {
      if (arg === "<hash>") return hash;
      return (at > 0 && files.get(arg)) || arg;
    });
    const { out, err } = await policy(args);
    expect(err, command).toBe("");
    hash = /^draft \d+ ([0-9a-f]{64})$/m.exec(out)?.[1] ?? hash;
    const said = out
      .replaceAll(files.get("read") ?? "", "read")
      .replaceAll(/[0-9a-f]{64}/g, "<hash>")
      .replaceAll(/\d{4}-\S+Z/g, "<time>")
      .replaceAll(/(version \d+) [0-9a-f]{12} /g, "$1 <policies> ");
    expect(said, command).toMatch(printed);
  }
  const acts = (await policy(["log", "--json"])).out.trimEnd().split("\n");
  expect(acts.map((line) => JSON.parse(line).act)).toEqual([
    ...["draft", "approve", "publish", "draft", "approve", "shadow", "shadow", "publish", "rollback"],
  ]);
  expect((await policy(["log"])).out).toMatch(/^\S+Z draft 1 \(as shipped\) by NGO /);
  expect((await policy(["rollback", "2", ...as("author.token")])).out).toMatch(
    /^back to version 2 by publication 4; /,
  );
  expect((await policy(["rollback", "1", ...as("author.token")])).err).toContain(
    "a second officer must agree",
  );
}, 240_000);

/** Commands of the guide's block, each with what it prints: `…` stands for some lines, any number of files for another. */
function examples(): readonly { readonly command: string; readonly printed: RegExp }[] {
  const guide = readFileSync(join(PACKAGE_ROOT, "docs/policies.md"), "utf8");
  const [, block = ""] = /```shell\n([\s\S]*?)```/.exec(guide) ?? [];
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const [command = "", ...lines] = text.trimEnd().split("\n");
      const pattern = lines.map((line) =>
        line === "…" ? "(?:.*\\n)*" : `${escaped(line).replace(/(\d+) files/, "\\d+ files")}\\n`,
      );
      return { command, printed: new RegExp(`^${pattern.join("")}$`) };
    });
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");

const argsOf = (command: string): readonly string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "").slice(2);

it("takes a token that is bound to a key with a proof by that key alone, once", async () => {
  const [own, other] = await Promise.all([1, 2].map(() => generateKeyPair("ES256", { extractable: true })));
  if (!own || !other) throw new Error("two keys were expected");
  const keyFile = async (name: string, key: CryptoKey) => {
    await writeFile(join(root, name), JSON.stringify(await exportJWK(key)));
    return join(root, name);
  };
  const jkt = await calculateJwkThumbprint(await exportJWK(own.publicKey));
  const claims = { cnf: { jkt } };
  const bound = { role: "NGO.securityOfficer", member: NGO, staff: "ngo-officer-3", claims };
  await writeFile(join(root, "bound.token"), await issuer.mintToken(bound));
  const token = ["--token", join(root, "bound.token")];
  const off = (...args: string[]) => policy(["shadow", "--off", ...args]);
  expect((await off(...token)).err).toContain("UNAUTHENTICATED");
  expect((await off(...token, "--key", await keyFile("other.jwk", other.privateKey))).err).toContain(
    "UNAUTHENTICATED",
  );
  const key = ["--key", await keyFile("own.jwk", own.privateKey)];
  expect((await off(...token, ...key)).out).toBe("no draft is in the shadow\n");
  await writeFile(join(root, "handed"), (await policy(["present", ...token, ...key])).out);
  expect((await off("--token", join(root, "handed"))).status).toBe(0);
  expect((await off("--token", join(root, "handed"))).err).toContain("UNAUTHENTICATED");
});

it("takes nothing of an officer of an agency that is suspended", async () => {
  const pool = createPool({ url: postgres.url("gateway") });
  const suspensions = createSuspensions(pool);
  const whom = { agency: "NGO", member: null };
  await suspensions.suspend(whom, "test", null);
  expect((await policy(["shadow", "--off", ...as("colleague.token")])).err).toContain("UNAUTHENTICATED");
  await suspensions.resume(whom, "test");
  expect((await policy(["shadow", "--off", ...as("colleague.token")])).status).toBe(0);
  await pool.end();
});

it("takes nothing of an officer who was revoked", async () => {
  const pool = createPool({ url: postgres.url("gateway") });
  const revocations = createRevocations(pool);
  const whom = { member: NGO, staff: "ngo-officer-2" };
  await revocations.revoke(whom, "test");
  expect((await policy(["shadow", "--off", ...as("colleague.token")])).err).toContain("UNAUTHENTICATED");
  await revocations.lift(whom, "test");
  expect((await policy(["shadow", "--off", ...as("colleague.token")])).status).toBe(0);
  await pool.end();
});

it("prints the key that gateways check with, and trusts no other", async () => {
  const { out } = await policy(["key"]);
  expect(out).toMatch(/^ihala-policies\+[0-9a-f]{8}\+\S+\n$/);
  const other = join(root, "other.key");
  await writeFile(other, Buffer.alloc(32, 3).toString("base64"));
  const text = await readFile(config, "utf8");
  await writeFile(config, `${text}policy:\n  signingKey: { file: ${other} }\n`);
  expect((await policy(["key"])).out).not.toBe(out);
  expect((await policy(["versions"])).err).toContain("POLICY_UNTRUSTED");
  await writeFile(
    config,
    `${text}policy:\n  signingKey: { file: ${other} }\n  verifierKeys: ["${out.trim()}"]\n`,
  );
  expect((await policy(["versions"])).status).toBe(0);
});

it("says that it needs a database", async () => {
  const text = await readFile(config, "utf8");
  await writeFile(join(root, "database"), "postgresql://nobody@127.0.0.1:1/postgres");
  await writeFile(config, `${text}database:\n  url: { file: ${join(root, "database")} }\n`);
  expect((await policy(["versions"])).err).toContain("cannot be reached [CONFIG_INVALID]");
  const elsewhere = await openDataDirectory(join(root, "elsewhere"), "sandbox");
  await writeFile(config, `data: ${elsewhere.path}\n`);
  expect((await policy(["versions"])).err).toContain("no PostgreSQL runs in");
  await elsewhere.release();
});

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files
      .sort()
      .map(async (file) => `${file.slice(folder.length)} ${(await readFile(file)).toString("hex")}`),
  );
}
