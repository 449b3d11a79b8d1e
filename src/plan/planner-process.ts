/**
 * One child process that plans, seen from the gateway (`planner-child.ts` is the other side).
 *
 * Order     it plans what it is sent one after the other; the deadline is that of the operation it is at.
 * Bounds    a few operations at a time, so that it never waits for the channel; the heap of its JavaScript. The heap of its native
 *           code has no bound of its own: `isOutgrown` says when another should take its place.
 * Errors    PLANNER_UNAVAILABLE for everything in it when it ends, whatever ended it; for a start that fails or takes too long.
 */
import { type ChildProcess, fork } from "node:child_process";
import { GatewayError } from "../kernel/errors.ts";
import type { FetchPlan } from "./fetch-plan.ts";
import type { Overrides } from "./overrides.ts";
import type { PlannerReply } from "./planner-child.ts";

export interface PlannerJob {
  readonly text: string;
  readonly overrides: Overrides;
  readonly resolve: (plan: FetchPlan) => void;
  readonly reject: (error: GatewayError) => void;
}

export interface ProcessOptions {
  readonly deadlineMs: number;
  readonly maxPlans: number;
  readonly maxGrowthBytes: number;
  /** A plan has come back, so there is room. */
  readonly onRoom: () => void;
}

export type PlannerEnd = "crash" | "deadline" | "closed";

/** Heap of the child, MiB: a plan of the whole schema needs a tenth of it. */
const CHILD_HEAP_MIB = 256;
const START_MS = 30_000;
const AT_A_TIME = 8;
const CHILD = new URL(
  import.meta.url.endsWith(".ts") ? "./planner-child.ts" : "./planner-child.js",
  import.meta.url,
);

export class PlannerProcess {
  readonly ended: Promise<PlannerEnd>;
  readonly #child: ChildProcess;
  readonly #options: ProcessOptions;
  /** In the order in which they were sent. */
  readonly #jobs = new Map<number, PlannerJob>();
  #next = 1;
  #planned = 0;
  #rss = 0;
  #rssAtStart = 0;
  #end: PlannerEnd = "crash";
  #isRetired = false;
  #timer: NodeJS.Timeout | null = null;

  /** Resolves when it has read the supergraph. */
  static async start(sdl: string, options: ProcessOptions): Promise<PlannerProcess> {
    const execArgv = [`--max-old-space-size=${CHILD_HEAP_MIB}`];
    const started = new PlannerProcess(fork(CHILD, { serialization: "advanced", execArgv }), options);
    await started.#ready(sdl);
    return started;
  }

  private constructor(child: ChildProcess, options: ProcessOptions) {
    this.#child = child;
    this.#options = options;
    this.ended = new Promise((resolve) => {
      child.once("exit", () => resolve(this.#end));
      child.once("error", () => resolve(this.#end));
    });
    void this.ended.then(() => this.#failAll());
  }

  async #ready(sdl: string): Promise<void> {
    const child = this.#child;
    const timer = setTimeout(() => child.kill("SIGKILL"), START_MS);
    const ready = new Promise<true>((resolve) => {
      child.on("message", (message: PlannerReply) => {
        if (!("ready" in message)) return this.#receive(message);
        this.#rss = this.#rssAtStart = message.rss;
        resolve(true);
      });
    });
    child.send({ sdl }, () => {});
    const isReady = await Promise.race([ready, this.ended.then(() => false)]);
    clearTimeout(timer);
    if (!isReady) throw unavailable("the planner cannot be started");
  }

  get hasRoom(): boolean {
    return this.#jobs.size < AT_A_TIME;
  }

  /** It has planned, or grown, as much as one process should. */
  get isOutgrown(): boolean {
    const { maxPlans, maxGrowthBytes } = this.#options;
    return this.#planned >= maxPlans || this.#rss - this.#rssAtStart >= maxGrowthBytes;
  }

  /** Nothing can take its place: it goes on for as long again. */
  goOn(): void {
    this.#planned = 0;
    this.#rssAtStart = this.#rss;
  }

  send(job: PlannerJob): void {
    const id = this.#next++;
    this.#jobs.set(id, job);
    if (this.#jobs.size === 1) this.#armDeadline();
    const { labels, percentage } = job.overrides;
    // A channel that is closed is an end, which is heard of as such.
    this.#child.send({ id, text: job.text, labels, percentage }, () => {});
  }

  /** Ends it when it has given back what it holds. */
  retire(): void {
    this.#isRetired = true;
    if (this.#jobs.size === 0) void this.close();
  }

  async close(): Promise<void> {
    this.#end = "closed";
    this.#child.kill("SIGKILL");
    await this.ended;
  }

  #receive(message: Exclude<PlannerReply, { readonly ready: true }>): void {
    const job = this.#jobs.get(message.id);
    this.#jobs.delete(message.id);
    this.#planned += 1;
    if (message.rss !== undefined) this.#rss = message.rss;
    this.#armDeadline();
    if ("error" in message) job?.reject(unavailable(`the planner refused an operation: ${message.error}`));
    else job?.resolve(message.plan as FetchPlan);
    if (this.#isRetired) this.retire();
    else this.#options.onRoom();
  }

  /** Of the operation that it is at now. */
  #armDeadline(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#jobs.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#end = "deadline";
      this.#child.kill("SIGKILL");
    }, this.#options.deadlineMs);
  }

  #failAll(): void {
    if (this.#timer) clearTimeout(this.#timer);
    const gone = unavailable("the planner died or missed its deadline");
    for (const job of this.#jobs.values()) job.reject(gone);
    this.#jobs.clear();
  }
}

export const unavailable = (message: string): GatewayError =>
  new GatewayError("PLANNER_UNAVAILABLE", message);
