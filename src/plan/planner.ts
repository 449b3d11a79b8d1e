/**
 * Plans operations in a child process with a deadline, a bounded queue and a bounded size.
 *
 * In      canonical operation text, already validated and bounded.
 * Out     a `FetchPlan`. Plans are not cached here: `plan.ts` does, by operation and decisions.
 * Ends    a child that misses the deadline or dies is replaced at once; what was in it fails, what waits does not. One that has
 *         planned or grown much is replaced by another that is started first, so that nobody notices.
 * Errors  PLANNER_UNAVAILABLE when the child dies with the operation in it; when too many wait, or one has waited too long.
 * Cost    about 0.4 ms a plan beside the planning itself; a new child some 75 ms (docs/architecture.md).
 */

import {
  DEFAULT_PLANNER_DEADLINE_MS,
  MAX_PLANNER_GROWTH_BYTES,
  MAX_PLANS_OF_A_PROCESS,
  MAX_WAITING_FOR_PLANNER,
} from "../kernel/limits.ts";
import type { FetchPlan } from "./fetch-plan.ts";
import { NO_OVERRIDES, type Overrides } from "./overrides.ts";
import { type PlannerEnd, type PlannerJob, PlannerProcess, unavailable } from "./planner-process.ts";
import { type PlannerSupergraph, plannerSupergraph } from "./planner-supergraph.ts";

export interface Planner {
  plan(text: string, overrides?: Overrides): Promise<FetchPlan>;
  close(): Promise<void>;
}

/** Why a child was replaced; `size` is one that had planned or grown much. */
export type PlannerRestart = Exclude<PlannerEnd, "closed"> | "size";

export interface PlannerOptions {
  /** Operations that may wait while the child is busy. */
  readonly maxWaiting?: number;
  /** Plans of one child. */
  readonly maxPlans?: number;
  /** Memory of one child beyond what it took to start. */
  readonly maxGrowthBytes?: number;
  readonly onRestart?: ((reason: PlannerRestart) => void) | undefined;
}

/** An operation waits for its turn for so many deadlines. */
const PATIENCE = 2;

interface Waiting extends PlannerJob {
  readonly since: number;
}

export async function startPlanner(
  sdl: string,
  deadlineMs = DEFAULT_PLANNER_DEADLINE_MS,
  options: PlannerOptions = {},
): Promise<Planner> {
  const planner = new ChildPlanner(sdl, deadlineMs, options);
  await planner.ready();
  return planner;
}

class ChildPlanner implements Planner {
  readonly #supergraph: PlannerSupergraph;
  readonly #deadlineMs: number;
  readonly #options: PlannerOptions;
  readonly #waiting: Waiting[] = [];
  #process: PlannerProcess | null = null;
  #starting: Promise<void> | null = null;
  #isClosed = false;

  constructor(sdl: string, deadlineMs: number, options: PlannerOptions) {
    this.#supergraph = plannerSupergraph(sdl);
    this.#deadlineMs = deadlineMs;
    this.#options = options;
  }

  ready(): Promise<void> {
    return this.#start();
  }

  async plan(text: string, overrides = NO_OVERRIDES): Promise<FetchPlan> {
    if (this.#isClosed) throw unavailable("the planner was closed");
    if (this.#waiting.length >= (this.#options.maxWaiting ?? MAX_WAITING_FOR_PLANNER))
      throw unavailable("too many operations wait to be planned");
    const plan = await new Promise<FetchPlan>((resolve, reject) => {
      this.#waiting.push({ text, overrides, resolve, reject, since: performance.now() });
      this.#handOver();
    });
    return this.#supergraph.named(plan);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#failWaiting("the planner was closed");
    await this.#starting?.catch(() => {});
    await this.#process?.close();
  }

  #handOver(): void {
    const current = this.#process;
    if (!current) {
      void this.#start().catch(() => this.#failWaiting("the planner cannot be started"));
      return;
    }
    const oldest = performance.now() - PATIENCE * this.#deadlineMs;
    while (current.hasRoom) {
      const job = this.#waiting.shift();
      if (!job) break;
      if (job.since < oldest) job.reject(unavailable("the operation waited too long to be planned"));
      else current.send(job);
    }
    if (current.isOutgrown && !this.#starting) this.#replace(current);
  }

  #replace(outgrown: PlannerProcess): void {
    this.#start().then(
      () => this.#options.onRestart?.("size"),
      () => outgrown.goOn(),
    );
  }

  /** Another process; the one in force goes on until it is there. */
  #start(): Promise<void> {
    this.#starting ??= this.#spawn().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #spawn(): Promise<void> {
    const started = await PlannerProcess.start(this.#supergraph.sdl, {
      deadlineMs: this.#deadlineMs,
      maxPlans: this.#options.maxPlans ?? MAX_PLANS_OF_A_PROCESS,
      maxGrowthBytes: this.#options.maxGrowthBytes ?? MAX_PLANNER_GROWTH_BYTES,
      onRoom: () => this.#handOver(),
    });
    if (this.#isClosed) return started.close();
    this.#process?.retire();
    this.#process = started;
    void started.ended.then((end) => this.#onEnd(started, end));
    this.#handOver();
  }

  #onEnd(ended: PlannerProcess, end: PlannerEnd): void {
    if (this.#process !== ended) return;
    this.#process = null;
    if (this.#isClosed || end === "closed") return;
    this.#options.onRestart?.(end);
    this.#handOver();
  }

  #failWaiting(why: string): void {
    for (const job of this.#waiting.splice(0)) job.reject(unavailable(why));
  }
}
