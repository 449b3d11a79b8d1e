/**
 * Runs the fetches that only deferred fragments wait for, after the initial answer, in the run that gave it: the same data, the same rows.
 *
 * In      the request as it was executed, with a signal of its own; what came of it.
 * Out     for each fragment a promise that everything it waits for has come or failed. A fetch of several fragments is sent once.
 * Faults  each is told to the fragment that asks first.
 * Errors  rejects only for faults of ours; what an agency fails to give is a fault beside the data.
 */
import type { DeferredFragment } from "../plan/deferral.ts";
import type { PlanNode } from "../plan/fetch-plan.ts";
import type { LateFetches } from "../plan/split-plan.ts";
import { type AroundFetch, compileNode } from "./compile-node.ts";
import { type ExecuteRequest, type Execution, openRun } from "./execute.ts";
import type { Fault, Run, Step } from "./run.ts";

export class LateRun {
  readonly #run: Run;
  readonly #plan: ExecuteRequest["plan"];
  readonly #ready = new Map<DeferredFragment, Promise<void>>();
  readonly #isReady = new Set<DeferredFragment>();

  constructor(request: ExecuteRequest, { data, rows, missing }: Execution) {
    this.#run = { ...openRun(request), data, rows, missing };
    this.#plan = request.plan;
    sent.set(this.#run, new Map());
  }

  /** Asks for what the fragment waits for, if nobody has yet. */
  start(fragment: DeferredFragment): Promise<void> {
    let ready = this.#ready.get(fragment);
    if (!ready) {
      ready = this.#fetch(fragment);
      // Whoever waits for it hears of it; nobody may.
      ready.catch(() => {});
      this.#ready.set(fragment, ready);
    }
    return ready;
  }

  isReady(fragment: DeferredFragment): boolean {
    return this.#isReady.has(fragment);
  }

  /** Faults of what the fragment waited for, each once. */
  takeFaults(fragment: DeferredFragment): readonly Fault[] {
    const all = sent.get(this.#run);
    return [...(this.#late(fragment)?.fetches ?? [])].flatMap(
      (node) => all?.get(node)?.faults.splice(0) ?? [],
    );
  }

  async #fetch(fragment: DeferredFragment): Promise<void> {
    const late = this.#late(fragment);
    for (const step of late ? stepsOf(late, this.#plan) : []) {
      if (this.#run.signal.aborted) return;
      await step(this.#run);
    }
    this.#isReady.add(fragment);
  }

  #late(fragment: DeferredFragment): LateFetches | undefined {
    return this.#plan.late.find((each) => each.fragment === fragment);
  }
}

interface Sent {
  readonly answered: Promise<void> | undefined;
  readonly faults: Fault[];
}

/** What each run has sent already. */
const sent = new WeakMap<Run, Map<PlanNode, Sent>>();

const once: AroundFetch = (node, step) => (run) => {
  const known = sent.get(run)?.get(node);
  if (known) return known.answered;
  const faults: Fault[] = [];
  const answered = run.signal.aborted ? undefined : step({ ...run, faults });
  sent.get(run)?.set(node, { answered, faults });
  return answered;
};

const compiled = new WeakMap<LateFetches, readonly Step[]>();

function stepsOf(late: LateFetches, { internal, types }: ExecuteRequest["plan"]): readonly Step[] {
  let steps = compiled.get(late);
  if (!steps) {
    steps = late.parts.map((node) => compileNode(node, internal.root, types, once));
    compiled.set(late, steps);
  }
  return steps;
}
