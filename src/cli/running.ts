/** Things that run and are stopped in the reverse order of their start, each once, whatever happens to the others. */
export class Running {
  readonly #stops: (() => Promise<unknown>)[] = [];
  #stopping: Promise<void> | null = null;

  /** Waits for the start and remembers the stop; when stopping has begun meanwhile, stops it at once. */
  async add<Thing>(starting: Promise<Thing>, stop: (thing: Thing) => Promise<unknown>): Promise<Thing> {
    const thing = await starting;
    if (this.#stopping) await stop(thing);
    else this.#stops.push(() => stop(thing));
    return thing;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let stop = this.#stops.pop(); stop; stop = this.#stops.pop()) {
      await stop().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}
