/**
 * Plans operations in a child process with a deadline.
 *
 * In      canonical operation text, already validated and bounded.
 * Out     a `FetchPlan`. Plans are not cached here: `plan.ts` does, by operation and decisions.
 * Errors  PLANNER_UNAVAILABLE when the child misses the deadline or dies; it is killed and started anew, and the
 *         other requests under way in it fail with it.
 * Cost    about 0.4 ms a plan beside the planning itself; a new child some 75 ms (docs/architecture.md).
 */
import { type ChildProcess, fork } from "node:child_process";
import { GatewayError } from "../kernel/errors.ts";
import type { FetchPlan } from "./fetch-plan.ts";
import { NO_OVERRIDES, type Overrides } from "./overrides.ts";
import type { PlannerReply } from "./planner-child.ts";

export interface Planner {
  plan(text: string, overrides?: Overrides): Promise<FetchPlan>;
  close(): Promise<void>;
}

export const DEFAULT_PLANNER_DEADLINE_MS = 1_000;
/** Heap of the child, MiB: a plan of the whole schema needs a tenth of it. */
const CHILD_HEAP_MIB = 256;
const CHILD = new URL(
  import.meta.url.endsWith(".ts") ? "./planner-child.ts" : "./planner-child.js",
  import.meta.url,
);

interface Waiting {
  readonly resolve: (plan: FetchPlan) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export async function startPlanner(sdl: string, deadlineMs = DEFAULT_PLANNER_DEADLINE_MS): Promise<Planner> {
  const planner = new ChildPlanner(sdl, deadlineMs);
  await planner.ready();
  return planner;
}

class ChildPlanner implements Planner {
  readonly #sdl: string;
  readonly #deadlineMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | null = null;
  #started: Promise<ChildProcess> | null = null;
  #next = 1;
  #closed = false;

  constructor(sdl: string, deadlineMs: number) {
    this.#sdl = sdl;
    this.#deadlineMs = deadlineMs;
  }

  async ready(): Promise<void> {
    await this.#start();
  }

  async plan(text: string, { labels, percentage } = NO_OVERRIDES): Promise<FetchPlan> {
    const child = await this.#start();
    const id = this.#next++;
    return await new Promise<FetchPlan>((resolve, reject) => {
      const timer = setTimeout(() => child.kill("SIGKILL"), this.#deadlineMs);
      this.#waiting.set(id, { resolve, reject, timer });
      child.send({ id, text, labels, percentage }, (error) => {
        if (error) this.#settle(id, (waiting) => waiting.reject(unavailable("the planner is gone", error)));
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.kill("SIGKILL");
    });
  }

  #start(): Promise<ChildProcess> {
    if (this.#closed) return Promise.reject(unavailable("the planner was closed"));
    this.#started ??= this.#spawn().catch((error: unknown) => {
      this.#started = null;
      throw error;
    });
    return this.#started;
  }

  #spawn(): Promise<ChildProcess> {
    const child = fork(CHILD, {
      serialization: "advanced",
      execArgv: [`--max-old-space-size=${CHILD_HEAP_MIB}`],
    });
    this.#child = child;
    return new Promise((resolve, reject) => {
      child.on("message", (message: PlannerReply) => {
        if ("ready" in message) resolve(child);
        else this.#receive(message);
      });
      child.once("exit", () => {
        if (this.#child === child) this.#started = null;
        const gone = unavailable("the planner died or missed its deadline");
        reject(gone);
        for (const id of [...this.#waiting.keys()]) this.#settle(id, (waiting) => waiting.reject(gone));
      });
      child.send({ sdl: this.#sdl });
    });
  }

  #receive(message: Exclude<PlannerReply, { readonly ready: true }>): void {
    this.#settle(message.id, (waiting) => {
      if ("error" in message)
        waiting.reject(unavailable(`the planner refused an operation: ${message.error}`));
      else waiting.resolve(message.plan as FetchPlan);
    });
  }

  #settle(id: number, settle: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    settle(waiting);
  }
}

const unavailable = (message: string, cause?: unknown): GatewayError =>
  new GatewayError("PLANNER_UNAVAILABLE", message, { cause });
