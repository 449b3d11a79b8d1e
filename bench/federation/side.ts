/**
 * One of those compared: a command that serves GraphQL, as a process group of its own on a core of its own.
 *
 * In      a shell command, in which `{supergraph}`, `{port}`, `{flags}`, `{score}`, `{node}` and `{root}` (of this package) are
 *         filled in; environment.
 * Out     its URL once it answers; a meter; its end.
 * Errors  a command that ends, or does not answer within a minute: what it wrote is in the message.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { pinned } from "../pin.ts";
import { type GroupMeter, groupMeter } from "./group-meter.ts";

export interface Side {
  readonly name: string;
  readonly command: string;
}

export interface SideOptions {
  readonly side: Side;
  /** Of this start: logs and data. */
  readonly directory: string;
  readonly core: number | null;
  readonly values: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

export interface RunningSide {
  readonly name: string;
  readonly url: string;
  readonly meter: GroupMeter;
  stop(): Promise<void>;
}

export const PATH = "/graphql";
const PATIENCE_MS = 60_000;
const POLL_MS = 50;
const STOP_PATIENCE_MS = 10_000;
const LOG_SHOWN_CHARACTERS = 4_000;

export async function startSide({ side, directory, core, values, env }: SideOptions): Promise<RunningSide> {
  const port = await freePort();
  const filled: SideOptions["values"] = {
    ...{ ...values, node: process.execPath, root: PACKAGE_ROOT },
    port: String(port),
  };
  const command = side.command.replace(/\{(\w+)\}/g, (text, name: string) => filled[name] ?? text);
  const log = join(directory, `${side.name}.log`);
  const output = openSync(log, "w");
  const [program = "", ...args] = pinned(core, ["/bin/sh", "-c", command]);
  const child = spawn(program, args, {
    stdio: ["ignore", output, output],
    detached: true,
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`,
      NODE_ENV: "production",
      IHALA_DATA: join(directory, `${side.name}-data`),
      ...env,
    },
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const group = child.pid;
  if (group === undefined) throw new Error(`${program} cannot be started`);
  const stop = async () => {
    signalGroup(group, "SIGTERM");
    const patience = setTimeout(() => signalGroup(group, "SIGKILL"), STOP_PATIENCE_MS);
    await ended;
    clearTimeout(patience);
    signalGroup(group, "SIGKILL");
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await answering(url, () => child.exitCode !== null || child.signalCode !== null);
  } catch (error) {
    await stop();
    const written = (await readFile(log, "utf8")).slice(-LOG_SHOWN_CHARACTERS);
    throw new Error(`${side.name}: ${(error as Error).message}\n${command}\n${written}`);
  }
  return { name: side.name, url, meter: groupMeter(group), stop };
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Nobody of it is left.
  }
}

async function answering(url: string, hasEnded: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await answers(url))) {
    if (hasEnded()) throw new Error("ended before it answered");
    if (performance.now() > deadline) throw new Error(`does not answer within ${PATIENCE_MS} ms`);
    await sleep(POLL_MS);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const reply = await fetch(`${url}${PATH}`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: '{"query":"{__typename}"}',
    });
    const { data } = (await reply.json()) as { readonly data?: unknown };
    return reply.ok && data !== undefined;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}
