/**
 * An async iterator of which the wait for the next item can be ended from outside, whether its source listens or not.
 *
 * In      the source; `onOver`, called once when no more is asked of it: it is done, has failed, or was ended.
 * Ends    `return` ends it quietly, a pending wait included; `interrupt` with an error, which the pending wait or the next one
 *         throws. Both call `return` of the source and do not wait for it: a generator that waits cannot be woken.
 */
export class Interruptible<Item> implements AsyncIterableIterator<Item> {
  readonly #source: AsyncIterator<Item>;
  readonly #onOver: () => void;
  #isOver = false;
  #error: { readonly thrown: unknown } | null = null;
  #waiting: PromiseWithResolvers<IteratorResult<Item>> | null = null;

  constructor(source: AsyncIterator<Item>, onOver: () => void = () => {}) {
    this.#source = source;
    this.#onOver = onOver;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** One wait at a time. */
  next(): Promise<IteratorResult<Item>> {
    const waiting = Promise.withResolvers<IteratorResult<Item>>();
    this.#waiting = waiting;
    if (this.#isOver) this.#settle();
    else
      this.#source.next().then(
        (result) => this.#give(result),
        (error) => this.#end({ thrown: error }),
      );
    return waiting.promise;
  }

  async return(): Promise<IteratorResult<Item>> {
    this.#end(null);
    return { done: true, value: undefined };
  }

  interrupt(error: unknown): void {
    this.#end({ thrown: error });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #give(result: IteratorResult<Item>): void {
    if (result.done) this.#end(null);
    else this.#waiting?.resolve(result);
    this.#waiting = null;
  }

  #end(error: { readonly thrown: unknown } | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#error = error;
    this.#onOver();
    (async () => this.#source.return?.())().catch(() => {});
    this.#settle();
  }

  /** The error is thrown once; after it there is nothing more. */
  #settle(): void {
    if (!this.#waiting) return;
    if (this.#error) this.#waiting.reject(this.#error.thrown);
    else this.#waiting.resolve({ done: true, value: undefined });
    this.#waiting = null;
    this.#error = null;
  }
}
