/** Frames that are written and synced together, and who waits for them. One buffer, so that one write takes it. */
import type { GatewayError } from "../kernel/errors.ts";
import { leafHash } from "./merkle.ts";
import type { Receipt } from "./record.ts";
import { writeFrame } from "./segment.ts";

export interface Waiter {
  readonly receipt: Receipt;
  resolve(receipt: Receipt): void;
  reject(error: GatewayError): void;
}

/** Some thirty records; larger batches grow. */
const INITIAL_BYTES = 16_384;

export class Batch {
  /** Name of the segment that this batch begins, or null: the one that is open. */
  readonly opensSegment: string | null;
  readonly #waiters: Waiter[] = [];
  readonly #payloads: { readonly start: number; readonly length: number }[] = [];
  #buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;

  constructor(opensSegment: string | null) {
    this.opensSegment = opensSegment;
  }

  get lastSequence(): number {
    return this.#waiters.at(-1)?.receipt.sequence ?? 0;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** The payload's frame has `bytes` bytes. */
  add(payload: string, bytes: number, waiter: Waiter): void {
    const end = this.#length + bytes;
    if (end > this.#buffer.length) this.#grow(end);
    const { length } = writeFrame(this.#buffer, this.#length, payload, this.#length === 0);
    this.#payloads.push({ start: end - length, length });
    this.#length = end;
    this.#waiters.push(waiter);
  }

  /** Of each record, in order. */
  leaves(): readonly Buffer[] {
    return this.#payloads.map(({ start, length }) => leafHash(this.#buffer.subarray(start, start + length)));
  }

  /** Everything is synced. */
  acknowledge(): void {
    for (const { resolve, receipt } of this.#waiters) resolve(receipt);
  }

  refuse(error: GatewayError): void {
    for (const { reject } of this.#waiters) reject(error);
  }

  #grow(least: number): void {
    const larger = Buffer.allocUnsafe(Math.max(least, this.#buffer.length * 2));
    this.bytes.copy(larger);
    this.#buffer = larger;
  }
}
