/**
 * Follows a log that is being written: the records after a given one, read from its segments as far as they are synced.
 *
 * In      the sequence to begin with; then, each time, the last one that is synced. What is behind it is never read: after a crash
 *         it may be gone.
 * Memory  about a megabyte at a time, or one record.
 * Errors  AUDIT_UNAVAILABLE when the segments do not hold what they should.
 */
import { join } from "node:path";
import { sequenceOf } from "./encode-record.ts";
import type { Files } from "./files.ts";
import {
  damaged,
  FRAME_HEADER_BYTES,
  HEADER_BYTES,
  isSegmentName,
  MAX_RECORD_BYTES,
  readFrames,
  segmentName,
} from "./segment.ts";

const CHUNK_BYTES = 1_048_576;

export class Follower {
  readonly #directory: string;
  readonly #files: Files;
  #next: number;
  /** Where the next record begins; null while that is not known. */
  #at: { readonly name: string; readonly offset: number } | null = null;

  constructor(directory: string, files: Files, next: number) {
    this.#directory = directory;
    this.#files = files;
    this.#next = next;
  }

  /** Of the record that `read` will give first. */
  get next(): number {
    return this.#next;
  }

  /** The next records, some of them at least, none after `synced`; none at all when there are none. */
  async read(synced: number): Promise<readonly Buffer[]> {
    if (this.#next > synced) return [];
    const { name, offset } = this.#at ?? (await this.#find());
    const { payloads, end } = await this.#frames(name, offset);
    const wanted = payloads.slice(0, synced - this.#next + 1);
    if (wanted.length === 0) return this.#turnOver(name, synced);
    const [first] = wanted;
    if (first && sequenceOf(first) !== this.#next) throw damaged(name, `at byte ${offset}`);
    const spare = payloads
      .slice(wanted.length)
      .reduce((bytes, { length }) => bytes + FRAME_HEADER_BYTES + length, 0);
    this.#at = { name, offset: end - spare };
    this.#next += wanted.length;
    return wanted;
  }

  /** Nothing more is in that segment, and something is synced: it is in the next one. */
  async #turnOver(name: string, synced: number): Promise<readonly Buffer[]> {
    const following = segmentName(this.#next);
    if (name === following) throw damaged(name, `holds no record ${this.#next}`);
    this.#at = { name: following, offset: HEADER_BYTES };
    return this.read(synced);
  }

  async #frames(name: string, offset: number) {
    const file = join(this.#directory, name);
    const chunk = await this.#files.readAt(file, offset, CHUNK_BYTES);
    const { payloads, end } = readFrames(chunk, 0);
    if (payloads.length > 0 || chunk.length < CHUNK_BYTES) return { payloads, end: offset + end };
    const larger = await this.#files.readAt(file, offset, FRAME_HEADER_BYTES + MAX_RECORD_BYTES);
    const found = readFrames(larger, 0);
    return { payloads: found.payloads, end: offset + found.end };
  }

  async #find(): Promise<{ readonly name: string; readonly offset: number }> {
    const names = (await this.#files.list(this.#directory)).filter(isSegmentName).toSorted();
    const name = names.findLast((one) => one <= segmentName(this.#next)) ?? segmentName(1);
    const { payloads } = readFrames(await this.#files.read(join(this.#directory, name)), HEADER_BYTES);
    const before = payloads.filter((payload) => sequenceOf(payload) < this.#next);
    const bytes = before.reduce((sum, { length }) => sum + FRAME_HEADER_BYTES + length, 0);
    return { name, offset: HEADER_BYTES + bytes };
  }
}
