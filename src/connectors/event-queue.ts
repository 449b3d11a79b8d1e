/**
 * Events that arrive when they want, for a reader who asks for one at a time. One writer or several, one reader.
 *
 * Ends    after `finish` or `fail` what has arrived is still read; then it is done, or throws.
 * Bounds  none of its own: a writer waits until what it pushed was taken, or looks at what waits.
 */
export class EventQueue<Item> implements AsyncIterator<Item> {
  readonly #items: { readonly item: Item; readonly taken: () => void }[] = [];
  #ending: { readonly error: unknown } | "done" | null = null;
  #wake: (() => void) | null = null;

  /** Resolves when it was taken. */
  push(item: Item): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#items.push({ item, taken: resolve });
    this.#wake?.();
    return promise;
  }

  finish(): void {
    this.#ending ??= "done";
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#ending ??= { error };
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<Item>> {
    while (this.#items.length === 0 && this.#ending === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const first = this.#items.shift();
    first?.taken();
    if (first) return { done: false, value: first.item };
    if (this.#ending !== null && this.#ending !== "done") throw this.#ending.error;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Item>> {
    this.#items.length = 0;
    this.finish();
    return { done: true, value: undefined };
  }
}
