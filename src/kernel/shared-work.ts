/**
 * Identical work that is under way at the same time is done once.
 *
 * In      a key that holds everything the result can depend on.
 * Out     the one result for all who wait; whoever asks after it is there starts anew, so nothing is kept.
 * Ends    the work is aborted when everybody who waits for it has hung up, not before.
 * Rule    a result is shared as it is: who changes it copies it first.
 */
interface Work<Result> {
  readonly result: Promise<Result>;
  readonly controller: AbortController;
  waiting: number;
}

export class SharedWork<Result> {
  readonly #underWay = new Map<string, Work<Result>>();

  share(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    let work = this.#underWay.get(key);
    if (!work || work.controller.signal.aborted) {
      work = this.#start(key, start);
      this.#underWay.set(key, work);
    }
    const { controller } = work;
    const shared = work;
    shared.waiting += 1;
    const leave = () => {
      shared.waiting -= 1;
      if (shared.waiting === 0) controller.abort();
    };
    if (signal.aborted) leave();
    else {
      signal.addEventListener("abort", leave, { once: true });
      void shared.result.finally(() => signal.removeEventListener("abort", leave)).catch(() => {});
    }
    return shared.result;
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<Result>): Work<Result> {
    const controller = new AbortController();
    const result = start(controller.signal);
    const work: Work<Result> = { result, controller, waiting: 0 };
    const over = () => {
      if (this.#underWay.get(key) === work) this.#underWay.delete(key);
    };
    result.then(over, over);
    return work;
  }
}
