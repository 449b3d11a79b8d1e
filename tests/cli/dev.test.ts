/**
 * `ihala dev` as the process that people start: it takes up its supergraph's file when it changes, and everything upon SIGHUP.
 * Needs `npm run build`, which `npm ci` does.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { composedSupergraph } from "../support/composed.ts";
import { answerJson, type HttpAgency, httpAgency } from "../support/http-agency.ts";
import { plannersOf } from "../support/planners.ts";

const root = await mkdtemp(join(tmpdir(), "ihala-dev-"));
const supergraphFile = join(root, "supergraph.graphql");
const configFile = join(root, "ihala.yaml");
const documentsFile = join(root, "documents.json");
const MAIN = join(PACKAGE_ROOT, "dist/src/cli/main.js");
let agencies: readonly HttpAgency[];

interface Dev {
  readonly process: ChildProcess;
  readonly url: string;
  readonly adminUrl: string;
  readonly log: () => string;
}

async function start(...args: string[]): Promise<Dev> {
  const env = { ...process.env, IHALA_DATA: join(root, "data") };
  const all = [MAIN, "--config", configFile, "dev", "--supergraph", supergraphFile, ...args];
  const child = spawn(process.execPath, all, { env, stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  while (!/metrics .*\n/.test(text)) await sleep(10);
  const [url = ""] = /http:\/\/127\.0\.0\.1:\d+(?=\/graphql)/.exec(text) ?? [];
  const [adminUrl = ""] = /http:\/\/127\.0\.0\.1:\d+(?=\/metrics)/.exec(text) ?? [];
  return { process: child, url, adminUrl, log: () => text };
}

const textAt = async (url: string): Promise<string> => (await fetch(url)).text();

async function ask({ url }: Dev, body: object): Promise<{ readonly data: unknown }> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/graphql`, { method: "POST", headers, body: JSON.stringify(body) });
  return (await response.json()) as { readonly data: unknown };
}

const writeSupergraph = (agency: number): Promise<void> => {
  const url = agencies[agency]?.url ?? "";
  return writeFile(
    supergraphFile,
    composedSupergraph([{ name: "people", url, sdl: `type Query { name: String v${agency}: String }` }]),
  );
};
const writeConfig = (extra = ""): Promise<void> =>
  writeFile(
    configFile,
    `server:\n  port: 0\n  admin: { port: 0 }\n  persistedDocuments: { path: documents.json }\n${extra}`,
  );

beforeAll(async () => {
  const named = (name: string) => httpAgency((_, response) => answerJson(response, { data: { name } }));
  agencies = [await named("first"), await named("second")];
});
afterAll(async () => {
  for (const agency of agencies ?? []) await agency.close();
  await rm(root, { recursive: true, force: true });
});

describe("ihala dev", () => {
  let dev: Dev | null = null;
  afterEach(async () => {
    if (!dev) return;
    const ended = once(dev.process, "exit");
    dev.process.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    dev = null;
  });

  it("takes up another supergraph's agency by itself, refuses a bad one, and goes on", async () => {
    await writeSupergraph(0);
    await writeConfig();
    await writeFile(documentsFile, JSON.stringify({ names: "{ name }" }));
    dev = await start("--watch", "50");
    const { url, adminUrl, process: child, log } = dev;
    expect(await ask(dev, { documentId: "names" })).toEqual({ data: { name: "first" } });
    const before = await textAt(`${url}/readyz`);
    expect(before).toMatch(/^ready\nschema [0-9a-f]{12}\npolicies permit-all\n$/);

    await writeSupergraph(1);
    await expect.poll(() => textAt(`${url}/readyz`), { timeout: 5_000 }).not.toBe(before);
    expect(await ask(dev, { documentId: "names" })).toEqual({ data: { name: "second" } });

    await writeFile(supergraphFile, "type Query {");
    await expect
      .poll(() => textAt(`${url}/readyz`), { timeout: 5_000 })
      .toMatch(/\nreload refused \S+Z SUPERGRAPH_INVALID\n$/);
    expect(await textAt(`${adminUrl}/metrics`)).toMatch(/^ihala_reload_refused 1$/m);
    expect(log()).toContain('"event":"reload.refused"');
    expect(await ask(dev, { documentId: "names" })).toEqual({ data: { name: "second" } });

    await writeSupergraph(0);
    await expect.poll(() => textAt(`${url}/readyz`), { timeout: 5_000 }).toBe(before);
    expect(await textAt(`${adminUrl}/metrics`)).toMatch(/^ihala_reload_refused 0$/m);
    await expect.poll(() => plannersOf(child.pid)).toHaveLength(1);
  });

  it("reads everything again upon SIGHUP, and by itself nothing when it is not to watch", async () => {
    await writeSupergraph(0);
    await writeConfig();
    await writeFile(documentsFile, JSON.stringify({ names: "{ name }" }));
    dev = await start("--watch", "0");
    const { url, process: child, log } = dev;
    const before = await textAt(`${url}/readyz`);
    await writeSupergraph(1);
    await writeFile(documentsFile, JSON.stringify({ others: "{ name v1 }" }));
    await sleep(300);
    expect(await textAt(`${url}/readyz`)).toBe(before);
    child.kill("SIGHUP");
    await expect.poll(() => textAt(`${url}/readyz`), { timeout: 5_000 }).not.toBe(before);
    expect(await ask(dev, { documentId: "others" })).toEqual({ data: { name: "second", v1: null } });
    expect(await ask(dev, { documentId: "names" })).not.toHaveProperty("data");

    await writeConfig("  maxBodyBytes: 4096\n");
    child.kill("SIGHUP");
    await expect.poll(() => textAt(`${url}/readyz`), { timeout: 5_000 }).toContain("CONFIG_INVALID");
    expect(log()).toContain("server.maxBodyBytes: cannot change while the gateway runs; restart it");
    expect(await textAt(`${url}/readyz`)).not.toContain(root);
  });
});
