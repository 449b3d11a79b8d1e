/**
 * Hears within a second when officers have published something, or set another shadow.
 *
 * In      the policy store, what is in force, and what to do when the two differ.
 * Does    listens for the store's notification, and looks by itself every half second, so that a lost connection costs no more.
 * Rule    what was refused is tried again after ten seconds, not at every look: the fault may have been the database's.
 * Out     `onReachable` says after each look whether the store could be read.
 */
import type pg from "pg";
import { CHANNEL, type Heads, type PolicyStore } from "../policy-store/store.ts";

export interface PublicationOptions {
  readonly store: Pick<PolicyStore, "heads">;
  /** One connection of it is kept for listening. */
  readonly pool: pg.Pool;
  readonly onReachable?: (isReachable: boolean) => void;
  readonly everyMs?: number;
}

const LOOK_MS = 500;
const RETRY_MS = 10_000;

export class Publications {
  readonly #options: PublicationOptions;
  #listening: pg.PoolClient | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #isWanted = false;
  #isStopped = false;
  #tried = { heads: "", at: 0 };

  constructor(options: PublicationOptions) {
    this.#options = options;
  }

  start(inForce: () => Heads | null, act: () => Promise<void>): void {
    const look = (): Promise<void> => {
      this.#isWanted = true;
      this.#looking ??= this.#looks(inForce, act).finally(() => {
        this.#looking = null;
      });
      return this.#looking;
    };
    const again = async (): Promise<void> => {
      if (!this.#listening) await this.#listen(() => void look()).catch(() => {});
      await look();
      if (!this.#isStopped) this.#timer = setTimeout(again, this.#options.everyMs ?? LOOK_MS).unref();
    };
    void again();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#looking;
    const client = this.#listening;
    this.#listening = null;
    client?.release(true);
  }

  async #looks(inForce: () => Heads | null, act: () => Promise<void>): Promise<void> {
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false;
      await this.#look(inForce, act);
    }
  }

  async #look(inForce: () => Heads | null, act: () => Promise<void>): Promise<void> {
    const heads = await this.#options.store.heads().catch(() => null);
    this.#options.onReachable?.(heads !== null);
    const now = performance.now();
    if (!heads || same(heads, inForce())) return;
    const key = JSON.stringify(heads);
    if (key === this.#tried.heads && now - this.#tried.at < RETRY_MS) return;
    this.#tried = { heads: key, at: now };
    await act();
  }

  async #listen(look: () => void): Promise<void> {
    const client = await this.#options.pool.connect();
    const lost = () => {
      if (this.#listening !== client) return;
      this.#listening = null;
      client.release(true);
    };
    client.once("error", lost).once("end", lost).on("notification", look);
    try {
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      client.release(true);
      throw error;
    }
    if (this.#isStopped) client.release(true);
    else this.#listening = client;
  }
}

const same = (heads: Heads, inForce: Heads | null): boolean =>
  heads.publication === inForce?.publication && heads.shadow === inForce?.shadow;
