/**
 * A connection of a pool that listens for what is notified (LISTEN), and another in its place when it is lost.
 *
 * In      the statements that every such connection begins with, `listen …` among them; what to do when something is told.
 * Rule    also told once it listens: what was notified before went unheard. `keep` is to be called every now and then.
 */
import type pg from "pg";

export class Listener {
  readonly #pool: pg.Pool;
  readonly #setup: string;
  readonly #onTold: () => void;
  #connecting: Promise<void> | null = null;
  #client: pg.PoolClient | null = null;

  constructor(pool: pg.Pool, setup: string, onTold: () => void) {
    this.#pool = pool;
    this.#setup = setup;
    this.#onTold = onTold;
  }

  get isListening(): boolean {
    return this.#client !== null;
  }

  keep(): void {
    if (this.#client) return;
    this.#connecting ??= this.#connect()
      .catch(() => {})
      .finally(() => {
        this.#connecting = null;
      });
  }

  async stop(): Promise<void> {
    await this.#connecting;
    this.#lose(this.#client);
  }

  async #connect(): Promise<void> {
    const client = await this.#pool.connect();
    this.#client = client;
    const lose = () => this.#lose(client);
    client.on("error", lose).on("end", lose).on("notification", this.#onTold);
    await client.query(this.#setup).catch(lose);
    this.#onTold();
  }

  /** Given back to the pool once, to be closed. */
  #lose(client: pg.PoolClient | null): void {
    if (client === null || this.#client !== client) return;
    this.#client = null;
    client.release(true);
  }
}
