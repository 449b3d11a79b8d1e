/** `ihala audit witness` as the process that a witness agency starts: built. Needs `npm run build`, which `npm ci` does. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { auditPlace } from "../../src/assembly/audit.ts";
import { openDisclosureLog } from "../../src/audit/log.ts";
import { parseVerifier } from "../../src/audit/note.ts";
import { verifyLog } from "../../src/audit/verify.ts";
import { loadConfig } from "../../src/config/load.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { ANSWER, disclosure, openLog, SECRETS } from "../audit/disclosures.ts";

const MAIN = join(PACKAGE_ROOT, "dist/src/cli/main.js");
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
});

async function startWitness(state: string, log: string) {
  const args = [MAIN, "audit", "witness", "--name", "audit.example/w1", "--port", "0", "--state", state];
  const child = spawn(process.execPath, [...args, "--log", log], { stdio: ["ignore", "pipe", "inherit"] });
  started.push(child);
  let text = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    text += chunk;
    if (text.split("\n").length > 2) break;
  }
  const [, url = "", vkey = ""] = /^witness at (\S+)\n(\S+)\n$/.exec(text) ?? [];
  return { child, url, vkey };
}

it("cosigns for a gateway that names it, and remembers over a restart", async () => {
  const data = await mkdtemp(join(tmpdir(), "ihala-witness-cli-"));
  const folder = async (name = "") => join(data, name);
  const directory = await folder("audit");
  await (await openLog(directory)).close();
  const logKey = (await readFile(join(directory, "log.vkey"), "utf8")).trim();
  const state = join(data, "witness");
  const first = await startWitness(state, logKey);
  expect((await stat(join(state, "witness.key"))).mode & 0o077).toBe(0);

  const grow = async (url: string) => {
    const config = await loadConfig({ env: {} });
    const audit = { ...config.audit, witness: { url, key: first.vkey } };
    const place = await auditPlace({ ...config, audit }, { folder }, { audit: SECRETS });
    const log = await openDisclosureLog(place.directory, { protection: place.protection });
    await log.append({ ...disclosure("reader-1"), issue: null, subjects: [] }, ANSWER);
    await log.close();
    const witness = parseVerifier(first.vkey);
    return verifyLog(directory, { witnesses: witness ? [witness] : [] });
  };
  expect(await grow(first.url)).toMatchObject({ signed: 1, problems: [] });

  first.child.kill("SIGTERM");
  expect(await once(first.child, "exit")).toEqual([0, null]);
  const again = await startWitness(state, logKey);
  expect(again.vkey).toBe(first.vkey);
  expect(await grow(again.url)).toMatchObject({ signed: 2, problems: [] });
  again.child.kill("SIGTERM");
  await once(again.child, "exit");
});

it("is named by its verifier key, and by nothing else", async () => {
  const config = await loadConfig({ env: {} });
  const audit = { ...config.audit, witness: { url: "https://audit.example", key: "hello" } };
  const place = auditPlace({ ...config, audit }, { folder: async () => "" }, { audit: SECRETS });
  await expect(place).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});
