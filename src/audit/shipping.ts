/**
 * Ships a log to its copy: in order, without a gap, each record once, however often either side is killed.
 *
 * In      the log's directory, and the last sequence that is synced, told after every commit.
 * Begins  behind the last record that the copy has, which the copy alone knows; there again after whatever went wrong.
 * Waits   `pauseMs` after a commit, so that several go together; while the copy is away, longer and longer between attempts. Nothing is kept in memory
 *         meanwhile: the log is what waits.
 * Forgets upon beginning, index entries of subjects whose keys were destroyed.
 * Errors  told to `onTrouble`, once until something was shipped again; shipping itself never fails.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { GatewayError } from "../kernel/errors.ts";
import type { BlindIndex } from "./blind-index.ts";
import { type CopiedRecord, copiedRecord } from "./copied-record.ts";
import type { Files } from "./files.ts";
import { Follower } from "./follow.ts";
import type { SubjectKeyring } from "./subject-keys.ts";

/** Where a log is copied to. A log is called by its origin, which no two logs share. */
export interface LogCopy {
  /** Sequence of the last record that is there; 0 when none is. */
  last(log: string): Promise<number>;
  /**
   * Resolves when all of them are there, durably; those that were stay as they are. Rejects, and adds none, when they do not follow
   * what is there or another record stands in the place of one.
   */
  append(log: string, records: readonly CopiedRecord[]): Promise<void>;
  /** Drops the index entries of any log that hang on these keys. */
  dropKeys(keys: readonly string[]): Promise<void>;
}

export interface ShippingOptions {
  readonly log: string;
  readonly directory: string;
  readonly files: Files;
  readonly keys: SubjectKeyring;
  readonly blind: BlindIndex;
  readonly copy: LogCopy;
  readonly pauseMs: number;
  /** Sequence of the last record that is synced already. */
  readonly synced: number;
  readonly onTrouble?: (cause: unknown) => void;
  readonly onShippedAgain?: () => void;
}

export interface ShippingLag {
  /** Records that are in the log and not yet in the copy. */
  readonly records: number;
  /** How long the oldest of them has waited, at most. */
  readonly ms: number;
}

const BATCH_RECORDS = 500;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** For the last records, when the log is closed. */
const FINISH_MS = 2_000;

export class Shipping {
  readonly #options: ShippingOptions;
  readonly #stop = new AbortController();
  /** Nobody waits any more for others to go together with. */
  readonly #hurry = new AbortController();
  #synced: number;
  #shipped = 0;
  #follower: Follower | null = null;
  /** When the oldest record that is not shipped came. */
  #behindSince: number | null = null;
  #isTroubled = false;
  #wake = Promise.withResolvers<void>();
  #progress = Promise.withResolvers<void>();
  readonly #running: Promise<void>;

  constructor(options: ShippingOptions) {
    this.#options = options;
    this.#synced = options.synced;
    if (options.synced > 0) this.#behindSince = performance.now();
    this.#running = this.#run();
  }

  /** Everything up to this sequence is synced. */
  committed(sequence: number): void {
    this.#synced = sequence;
    this.#behindSince ??= performance.now();
    this.#wake.resolve();
  }

  get lag(): ShippingLag {
    const records = Math.max(0, this.#synced - this.#shipped);
    const since = this.#behindSince;
    return { records, ms: records > 0 && since !== null ? performance.now() - since : 0 };
  }

  /** Whether the copy has everything up to this sequence, after so many milliseconds at most. */
  async reaches(sequence: number, withinMs: number): Promise<boolean> {
    const until = performance.now() + withinMs;
    while (this.#shipped < sequence) {
      const left = until - performance.now();
      if (left <= 0) return false;
      const timer = new AbortController();
      await Promise.race([this.#progress.promise, pause(left, timer.signal)]);
      timer.abort();
    }
    return true;
  }

  /** Ships what is left, if the copy is there, and ends. */
  async finish(): Promise<void> {
    this.#hurry.abort();
    this.#wake.resolve();
    if (!this.#isTroubled) await this.reaches(this.#synced, FINISH_MS);
    this.#stop.abort();
    this.#wake.resolve();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let wait = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        await this.#shipAll();
        wait = FIRST_PAUSE_MS;
        await this.#wake.promise;
        this.#wake = Promise.withResolvers<void>();
        await pause(this.#options.pauseMs, this.#hurry.signal);
      } catch (cause) {
        this.#follower = null;
        this.#trouble(cause);
        await pause(wait, signal);
        wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  async #shipAll(): Promise<void> {
    const { log, copy, keys, blind } = this.#options;
    const follower = this.#follower ?? (await this.#begin());
    this.#follower = follower;
    while (this.#shipped < this.#synced && !this.#stop.signal.aborted) {
      const began = performance.now();
      const payloads = await follower.read(this.#synced);
      for (let from = 0; from < payloads.length; from += BATCH_RECORDS) {
        const batch = payloads.slice(from, from + BATCH_RECORDS);
        const records = batch.map((payload) => copiedRecord(payload, keys, blind));
        await copy.append(log, records);
        this.#reached(records.at(-1)?.sequence ?? this.#shipped, began);
      }
    }
  }

  async #begin(): Promise<Follower> {
    const { log, copy, keys, directory, files } = this.#options;
    const last = await copy.last(log);
    if (last > this.#synced)
      throw new GatewayError("AUDIT_UNAVAILABLE", "the copy has records that the log has not");
    if (keys.destroyed.length > 0) await copy.dropKeys(keys.destroyed);
    this.#reached(last, performance.now());
    return new Follower(directory, files, last + 1);
  }

  #reached(sequence: number, since: number): void {
    this.#shipped = sequence;
    this.#behindSince = sequence < this.#synced ? since : null;
    this.#progress.resolve();
    this.#progress = Promise.withResolvers<void>();
    if (!this.#isTroubled) return;
    this.#isTroubled = false;
    this.#options.onShippedAgain?.();
  }

  #trouble(cause: unknown): void {
    if (this.#isTroubled || this.#stop.signal.aborted) return;
    this.#isTroubled = true;
    this.#options.onTrouble?.(cause);
  }
}

/** Resolves early when it is aborted. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false }).catch(() => {});
