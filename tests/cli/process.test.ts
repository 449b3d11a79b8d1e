/**
 * `ihala sandbox` as the process that people start: built, with the real parts. Needs `npm run build`, which `npm ci` does.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { descendantsOf, isRunning } from "./processes.ts";

const MAIN = join(PACKAGE_ROOT, "dist/src/cli/main.js");
const FLAGS = ["--disable-proto=delete", MAIN];
const run = promisify(execFile);

interface Started {
  readonly process: ChildProcess;
  readonly url: string;
  readonly children: readonly number[];
}

const data = join(await mkdtemp(join(tmpdir(), "ihala-process-")), "data");
const env = { ...process.env, IHALA_DATA: data, PORT: "0", IHALA_SCALE: "tiny" };

async function start(program = process.execPath, args = [...FLAGS, "sandbox"]): Promise<Started> {
  const child = spawn(program, args, { env, cwd: PACKAGE_ROOT, stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    text += chunk;
    if (text.includes("Ctrl-C")) break;
  }
  const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
  return { process: child, url, children: descendantsOf(child.pid ?? 0) };
}

async function allGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isRunning)) await sleep(20);
}

const ihala = (...args: string[]) => run(process.execPath, [...FLAGS, ...args], { env });

async function ask(url: string, token: string, query: string): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "x-purpose": "SHELTER_CARE",
      "content-type": "application/json",
      accept: "application/graphql-response+json",
    },
    body: JSON.stringify({ query }),
  });
}

describe("the sandbox as a process", () => {
  let sandbox: Started;
  beforeAll(async () => {
    expect(existsSync(MAIN), "npm run build").toBe(true);
    sandbox = await start();
  });
  afterAll(() => {
    sandbox.process.kill("SIGKILL");
  });

  it("is ready when it says so, and answers a token that it printed", async () => {
    expect((await fetch(`${sandbox.url}/readyz`)).status).toBe(200);
    const { stdout, stderr } = await ihala("token", "--role", "NGO.caseworker");
    expect(stderr).toBe("");
    const response = await ask(sandbox.url, stdout.trim(), "{ cases(first: 1) { edges { node { id } } } }");
    expect(response.status).toBe(200);
    expect(response.headers.get("x-ihala-mode")).toBe("sandbox");
    const { data: answer } = (await response.json()) as { data: { cases: { edges: unknown[] } } };
    expect(answer.cases.edges).toHaveLength(1);
  });

  it("keeps its directory to itself", async () => {
    await expect(ihala("sandbox")).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("[DATA_DIRECTORY_IN_USE]"),
    });
    await expect(ihala("serve")).rejects.toMatchObject({
      stderr: expect.stringContaining("belongs to `sandbox`"),
    });
  });

  it.each([
    ["a busy port", () => ({ IHALA_DATA: `${data}-2`, PORT: new URL(sandbox.url).port }), "[PORT_IN_USE]"],
    ["an unwritable directory", () => ({ IHALA_DATA: "/proc/ihala" }), "[DATA_DIRECTORY_UNWRITABLE]"],
    ["a scale that is none", () => ({ IHALA_SCALE: "huge" }), "deployment.scale: "],
  ])("tells %s", async (_, overrides, complaint) => {
    const starting = run(process.execPath, [...FLAGS, "sandbox"], { env: { ...env, ...overrides() } });
    await expect(starting).rejects.toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining(complaint),
    });
  });

  it("leaves nothing running when it is killed in a way that nobody can catch, and starts again", async () => {
    const { children } = sandbox;
    expect(children.length).toBeGreaterThanOrEqual(process.platform === "linux" ? 4 : 0);
    sandbox.process.kill("SIGKILL");
    await allGone(children);
    sandbox = await start();
    expect((await fetch(`${sandbox.url}/readyz`)).status).toBe(200);
  });

  it("stops on SIGTERM with status 0, and leaves nothing running", async () => {
    const ended = once(sandbox.process, "exit");
    sandbox.process.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    await allGone(sandbox.children);
  });

  it("stops with the `npm start` that started it", async () => {
    sandbox.process.kill("SIGTERM");
    await allGone(sandbox.children);
    sandbox = await start("npm", ["start"]);
    expect((await fetch(`${sandbox.url}/readyz`)).status).toBe(200);
    const ended = once(sandbox.process, "exit");
    sandbox.process.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    await allGone(sandbox.children);
  });
});

it("a command ends quietly when nobody reads the rest of what it prints", async () => {
  const child = spawn(process.execPath, [...FLAGS, "policy", "matrix", "--fields"], { env });
  child.stdout.once("data", () => child.stdout.destroy());
  const [complaints, [status]] = await Promise.all([
    child.stderr.setEncoding("utf8").toArray(),
    once(child, "exit"),
  ]);
  expect([status, complaints.join("")]).toEqual([0, ""]);
}, 60_000);
