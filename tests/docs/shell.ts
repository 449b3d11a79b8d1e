/**
 * A newcomer's shell in a clone: one block after the other, what was exported stays; and a sandbox in another shell.
 *
 * Ports   documents name 4000 (the gateway) and 4801 (an agency of one's own); free ones take their place.
 * Ends    whatever was started in the background ends with the shell, by its process group.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface Shell {
  readonly url: string;
  run(commands: string): Promise<Ran>;
  /** `npm start`, unless it runs; ready when it returns. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Ends what blocks have started in the background. */
  endBackground(): Promise<void>;
  close(): Promise<void>;
}

const GATEWAY = 4000;
const AGENCY = 4801;
const PATIENCE_MS = 60_000;
/** Files of the examples that name the port of an agency. */
const AGENCY_FILES = ["federation/agency.yaml", "rest/agency.yaml", "federation/server.ts", "rest/server.ts"];

export async function openShell(directory: string): Promise<Shell> {
  const [port, agencyPort] = [await freePort(), await freePort()];
  for (const name of AGENCY_FILES)
    await replaceIn(join(directory, "examples/joining", name), AGENCY, agencyPort);
  const state = join(directory, ".exported");
  const groups = new Set<number>();
  let sandbox: ChildProcess | null = null;
  let runs = 0;

  const bash = (script: string, environment: Readonly<Record<string, string>> = {}) => {
    const name = join(directory, `.output-${++runs}`);
    const files = [`${name}.out`, `${name}.err`] as const;
    const [out, err] = [openSync(files[0], "w"), openSync(files[1], "w")];
    const child = spawn("bash", ["-c", `source ${state} 2>/dev/null; ${script}`], {
      cwd: directory,
      detached: true,
      env: { ...newcomer(), IHALA_URL: `http://127.0.0.1:${port}/graphql`, ...environment },
      stdio: ["ignore", out, err],
    });
    closeSync(out);
    closeSync(err);
    return { child, files };
  };

  const run = async (commands: string): Promise<Ran> => {
    const script = commands.replaceAll(`:${GATEWAY}`, `:${port}`);
    const { child, files } = bash(
      `set -a\n${script}\nstatus=$?\n{ export -p; declare -f; } > ${state}\nexit $status`,
    );
    if (child.pid !== undefined) groups.add(child.pid);
    const status = await exitOf(child);
    const [out, err] = await Promise.all(files.map((file) => readFile(file, "utf8")));
    return { status, out: out ?? "", err: err ?? "" };
  };

  const stop = async (): Promise<void> => {
    if (!sandbox) return;
    const ended = exitOf(sandbox);
    process.kill(-(sandbox.pid ?? 0), "SIGINT");
    await ended;
    sandbox = null;
  };

  const endBackground = async (): Promise<void> => {
    await Promise.all([...groups].map(endGroup));
    groups.clear();
  };

  return {
    url: `http://127.0.0.1:${port}/graphql`,
    run,
    stop,
    async start() {
      if (sandbox) return;
      await until("the agency's database is there", async () => {
        const url = await readFile(join(directory, "hlt-database.txt"), "utf8").catch(() => null);
        return url === null || url.includes("://");
      });
      const { child, files } = bash("exec npm start", { PORT: String(port) });
      sandbox = child;
      await until("the sandbox is ready", async () => {
        if (child.exitCode !== null) expect.fail(await readFile(files[1], "utf8"));
        const reply = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
        return reply?.status === 200;
      });
    },
    endBackground,
    async close() {
      await stop();
      await endBackground();
    },
  };
}

/** Without what the run of the tests itself has set. */
const newcomer = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || /^(npm_|IHALA_|VITEST|NODE_|PORT$|TEST$)/.test(name) ? [] : [[name, value]],
    ),
  );

const exitOf = (child: ChildProcess): Promise<number> =>
  child.exitCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once("exit", (status) => resolve(status ?? 1)));

async function endGroup(group: number): Promise<void> {
  const signal = (name: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(-group, name);
    } catch {
      return false;
    }
  };
  if (!signal("SIGTERM")) return;
  await until("background processes end", async () => !signal(0));
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(50)) if (await isSo()) return;
  expect.fail(`${what}: not within ${PATIENCE_MS} ms`);
}

async function replaceIn(file: string, port: number, other: number): Promise<void> {
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replaceAll(String(port), String(other)));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
