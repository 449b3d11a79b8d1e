/**
 * The disclosure log: append-only segment files in a directory of its own, one record per answer.
 *
 * Durable   `append` resolves when its record is synced: personal data leaves only then.
 * Order     records stand in the order of the calls, numbered without a gap; those that arrive together are synced together.
 * Recovery  opening drops the torn tail of a write that was never acknowledged, keeps every acknowledged record, and refuses a
 *           damaged file. The last segment is written anew and synced, because after a crash its pages may be only in memory.
 * Failure   the first failed write or sync closes the log for good: this and every later append is AUDIT_UNAVAILABLE, and
 *           `failed` resolves so that the process ends. Never retried: a later fdatasync "succeeds" with the data lost.
 * Holder    one process; the data directory's lock sees to it.
 */
import { join } from "node:path";
import { DEFAULT_AUDIT_SEGMENT_BYTES } from "../kernel/limits.ts";
import { type Files, realFiles } from "./files.ts";
import { GroupCommit, type Tail, unavailable } from "./group-commit.ts";
import { type Disclosure, type DisclosureRecord, decodeRecord, type Receipt } from "./record.ts";
import { damaged, isSegmentName, readSegment, segmentHeader, segmentName } from "./segment.ts";

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

export async function openDisclosureLog(
  directory: string,
  { segmentBytes = DEFAULT_AUDIT_SEGMENT_BYTES, files = realFiles }: DisclosureLogOptions = {},
): Promise<DisclosureLog> {
  const tail = await recover(directory, files).catch((cause: unknown) => {
    throw unavailable(cause);
  });
  return new GroupCommit(directory, segmentBytes, files, tail);
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

async function segmentNames(directory: string, files: Files): Promise<readonly string[]> {
  return (await files.list(directory)).filter(isSegmentName).toSorted();
}
