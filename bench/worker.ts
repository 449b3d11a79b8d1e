/**
 * A process of the benchmark, seen from its parent (`serve-worker.ts` is the other side): started, asked by name, stopped.
 *
 * Start   forks the module and sends it its options, as they are (structured clone: buffers and maps too).
 * Errors  what the process reports; a process that ends fails every question under way.
 * Stop    SIGTERM, SIGKILL after 5 s.
 */
import { type ChildProcess, fork } from "node:child_process";
import type { ChildReport } from "../src/cli/supervise.ts";
import { childEnvironment } from "../src/config/environment.ts";

/** What a worker can be asked: one function a question. */
export type Questions = Readonly<Record<string, (argument: never) => unknown>>;

export interface Worker<Ready, Asked extends Questions> {
  readonly ready: Ready;
  ask<Name extends keyof Asked & string>(
    name: Name,
    ...argument: Parameters<Asked[Name]>
  ): Promise<Awaited<ReturnType<Asked[Name]>>>;
  stop(): Promise<void>;
}

export interface WorkerOptions {
  /** Beside this file, without its ending. */
  readonly module: string;
  readonly options: unknown;
  /** Options of Node. */
  readonly flags?: readonly string[];
}

export interface Question {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  /** Stack of what went wrong. */
  readonly error?: string;
}

const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const STOP_PATIENCE_MS = 5_000;

export async function startWorker<Ready, Asked extends Questions>(
  wanted: WorkerOptions,
): Promise<Worker<Ready, Asked>> {
  const child = fork(new URL(`./${wanted.module}${EXTENSION}`, import.meta.url), [], {
    env: childEnvironment(),
    execArgv: [...(wanted.flags ?? [])],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  const post = (name: string, argument: unknown): Promise<unknown> => {
    const id = asked++;
    const promised = Promise.withResolvers<unknown>();
    waiting.set(id, promised);
    child.send({ id, name, argument } satisfies Question);
    return promised.promise;
  };
  const stop = () => stopped(child, ended);
  try {
    const ready = (await readiness(child, wanted)) as Ready;
    child.on("message", (message) => settle(waiting, message as Answer));
    child.once("exit", () => {
      for (const { reject } of waiting.values()) reject(new Error(`${wanted.module} has ended`));
    });
    return {
      ready,
      stop,
      ask: (name, ...[argument]) => post(name, argument) as ReturnType<typeof post> as never,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function readiness(child: ChildProcess, { module, options }: WorkerOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error(`${module} ended before it was ready`)));
    child.once("message", (message) => {
      const report = message as ChildReport;
      if (report.kind === "ready") resolve(report.ready);
      else reject(new Error([`${module}: ${report.message}`, ...report.problems].join("\n")));
    });
    child.send({ options });
  });
}

function settle(waiting: Map<number, PromiseWithResolvers<unknown>>, { id, value, error }: Answer): void {
  const promised = waiting.get(id);
  waiting.delete(id);
  if (error === undefined) promised?.resolve(value);
  else promised?.reject(new Error(error));
}

async function stopped(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE_MS);
  await ended;
  clearTimeout(patience);
}
