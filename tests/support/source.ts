/** A stream that a test feeds, and that tells how it was read. */
export class Source<Item> implements AsyncIterableIterator<Item> {
  /** How many items were asked for. */
  pulled = 0;
  readonly returned: Promise<void>;
  readonly #queue: (IteratorResult<Item> | { readonly error: unknown })[] = [];
  #ask: (() => void) | null = null;
  #return: () => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.returned = promise;
    this.#return = resolve;
  }

  push(...items: readonly Item[]): void {
    for (const value of items) this.#put({ done: false, value });
  }

  finish(): void {
    this.#put({ done: true, value: undefined });
  }

  fail(error: unknown): void {
    this.#put({ error });
  }

  async next(): Promise<IteratorResult<Item>> {
    this.pulled += 1;
    while (this.#queue.length === 0) {
      await new Promise<void>((resolve) => {
        this.#ask = resolve;
      });
    }
    const first = this.#queue.shift() as IteratorResult<Item> | { readonly error: unknown };
    if ("error" in first) throw first.error;
    return first;
  }

  async return(): Promise<IteratorResult<Item>> {
    this.#return();
    this.finish();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #put(item: IteratorResult<Item> | { readonly error: unknown }): void {
    this.#queue.push(item);
    this.#ask?.();
  }
}
