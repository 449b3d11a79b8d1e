/**
 * The disclosure log: append-only segment files in a directory of its own, one checked and synced append per answer.
 *
 * Durable   `append` resolves after `fdatasync`: personal data leaves only then.
 * Order     appends are written one after the other in the order of the calls, and numbered without a gap.
 * Recovery  opening drops the torn tail of a write that was never acknowledged, keeps every acknowledged record, and refuses a
 *           damaged file. The last segment is written anew and synced, because after a crash its pages may be only in memory.
 * Failure   the first failed write or sync closes the log for good: this and every later append is AUDIT_UNAVAILABLE, and
 *           `failed` resolves so that the process ends. Never retried: a later fdatasync "succeeds" with the data lost.
 * Holder    one process; the data directory's lock sees to it.
 */
import { join } from "node:path";
import { GatewayError } from "../kernel/errors.ts";
import { DEFAULT_AUDIT_SEGMENT_BYTES } from "../kernel/limits.ts";
import { type AppendHandle, type Files, realFiles } from "./files.ts";
import {
  type Disclosure,
  type DisclosureRecord,
  decodeRecord,
  encodeRecord,
  type Receipt,
} from "./record.ts";
import { damaged, frame, readSegment, segmentHeader } from "./segment.ts";

export interface DisclosureLog {
  append(disclosure: Disclosure): Promise<Receipt>;
  /** Waits for the appends under way. */
  close(): Promise<void>;
  /** Resolves, with the cause, when the log has closed for good. */
  readonly failed: Promise<unknown>;
}

export interface DisclosureLogOptions {
  readonly segmentBytes?: number;
  readonly files?: Files;
}

const SEGMENT_NAME = /^disclosures-\d{12}\.log$/;
const segmentName = (firstSequence: number) => `disclosures-${String(firstSequence).padStart(12, "0")}.log`;

export async function openDisclosureLog(
  directory: string,
  { segmentBytes = DEFAULT_AUDIT_SEGMENT_BYTES, files = realFiles }: DisclosureLogOptions = {},
): Promise<DisclosureLog> {
  const tail = await recover(directory, files).catch((cause: unknown) => {
    throw unavailable(cause);
  });
  return startLog(directory, segmentBytes, files, tail);
}

/** Every record, oldest first; a torn tail is left out. */
export async function readDisclosureLog(directory: string, files = realFiles): Promise<DisclosureRecord[]> {
  const records: DisclosureRecord[] = [];
  for (const name of await segmentNames(directory, files)) {
    const { payloads } = readSegment(await files.read(join(directory, name)), name);
    records.push(...payloads.map(decodeRecord));
  }
  return records;
}

/** The open end of the log. */
interface Tail {
  readonly handle: AppendHandle;
  readonly bytes: number;
  readonly nextSequence: number;
}

function startLog(directory: string, segmentBytes: number, files: Files, opened: Tail): DisclosureLog {
  let tail = opened;
  let broken: GatewayError | null = null;
  let closing: Promise<void> | null = null;
  /** The append before; settled when it is done, whatever became of it. */
  let before: Promise<unknown> = Promise.resolve();
  const { promise: failed, resolve: fail } = Promise.withResolvers<unknown>();

  const write = async (disclosure: Disclosure): Promise<Receipt> => {
    if (broken) throw broken;
    const sequence = tail.nextSequence;
    const bytes = frame(encodeRecord(sequence, disclosure));
    try {
      if (tail.bytes + bytes.length > segmentBytes) tail = await nextSegment(directory, files, tail);
      await writeAll(tail.handle, bytes);
      await tail.handle.datasync();
    } catch (cause) {
      broken = unavailable(cause);
      fail(cause);
      throw broken;
    }
    tail = { ...tail, bytes: tail.bytes + bytes.length, nextSequence: sequence + 1 };
    return { sequence };
  };

  const append = (disclosure: Disclosure) => {
    if (closing) return Promise.reject(unavailable(new Error("the log is closed")));
    const receipt = before.then(() => write(disclosure));
    before = receipt.catch(() => {});
    return receipt;
  };

  const close = () => {
    closing ??= before.then(() => tail.handle.close());
    return closing;
  };

  return { append, close, failed };
}

async function recover(directory: string, files: Files): Promise<Tail> {
  const names = await segmentNames(directory, files);
  let nextSequence = 1;
  let content = segmentHeader();
  for (const [index, name] of names.entries()) {
    const bytes = await files.read(join(directory, name));
    const { payloads, wholeBytes } = readSegment(bytes, name);
    const isLast = index === names.length - 1;
    if (!isLast && wholeBytes < bytes.length) throw damaged(name, `at byte ${wholeBytes}`);
    if (name !== segmentName(nextSequence)) throw damaged(name, "does not follow the one before");
    nextSequence = checkSequence(payloads, nextSequence, name);
    if (isLast && wholeBytes > 0) content = bytes.subarray(0, wholeBytes);
  }
  const file = join(directory, names.at(-1) ?? segmentName(1));
  await files.replace(file, content);
  return { handle: await files.open(file), bytes: content.length, nextSequence };
}

function checkSequence(payloads: readonly Buffer[], first: number, name: string): number {
  for (const [index, payload] of payloads.entries()) {
    if (decodeRecord(payload).sequence !== first + index)
      throw damaged(name, "is not numbered without a gap");
  }
  return first + payloads.length;
}

/** The full segment stays as it is; everything in it is synced. */
async function nextSegment(directory: string, files: Files, { handle, nextSequence }: Tail): Promise<Tail> {
  const file = join(directory, segmentName(nextSequence));
  const header = segmentHeader();
  await files.replace(file, header);
  const next = await files.open(file);
  await handle.close();
  return { handle: next, bytes: header.length, nextSequence };
}

async function segmentNames(directory: string, files: Files): Promise<readonly string[]> {
  return (await files.list(directory)).filter((name) => SEGMENT_NAME.test(name)).toSorted();
}

/** A short write is continued; one that writes nothing is a failure. */
async function writeAll(handle: AppendHandle, bytes: Buffer): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, offset, bytes.length - offset);
    if (bytesWritten <= 0) throw new Error("nothing was written");
    offset += bytesWritten;
  }
}

function unavailable(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  return new GatewayError("AUDIT_UNAVAILABLE", "the disclosure log cannot be written", { cause });
}
