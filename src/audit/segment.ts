/**
 * A segment file: a header, then frames, each one record.
 *
 *     header  "IHALADSC" | format u32 | CRC-32C of the 12 bytes before, u32
 *     frame   length u32 | CRC-32C of length and payload, u32 | payload             (all little-endian)
 *
 * Commits  the highest bit of a length marks the first frame of a commit, what one write and one sync took. Format 1 had no marks.
 * Reading  stops at the first frame that is not whole. If no commit begins after it, it is the torn tail of a commit that was never
 *          acknowledged, of which a loss of power may keep any pages; if one does, the file is damaged and acknowledged
 *          records would be lost: an error.
 */
import { GatewayError } from "../kernel/errors.ts";
import { crc32c } from "./crc32c.ts";

const MAGIC = Buffer.from("IHALADSC", "latin1");
export const SEGMENT_FORMAT = 2;
/** Had a sync for each record, so whatever follows a torn frame was acknowledged after it. */
const UNMARKED_FORMAT = 1;
export const HEADER_BYTES = 16;
export const FRAME_HEADER_BYTES = 8;
const COMMIT_MARK = 0x8000_0000;
/** A record of 10,000 subjects has about three megabytes. */
export const MAX_RECORD_BYTES = 16 * 1_048_576;

/** Named by its first record, so that names sort as records do. */
export const segmentName = (firstSequence: number) =>
  `disclosures-${String(firstSequence).padStart(12, "0")}.log`;
export const isSegmentName = (name: string) => /^disclosures-\d{12}\.log$/.test(name);

export function segmentHeader(): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(SEGMENT_FORMAT, MAGIC.length);
  header.writeUInt32LE(crc32c(header.subarray(0, 12)), 12);
  return header;
}

/** Bytes of the frame of a payload. A payload that no frame holds is a RangeError. */
export function frameBytes(payload: string): number {
  const length = Buffer.byteLength(payload);
  if (length > MAX_RECORD_BYTES) throw new RangeError("a record exceeds the largest frame");
  return FRAME_HEADER_BYTES + length;
}

/** Writes the frame, which must fit, and returns its payload. */
export function writeFrame(into: Buffer, at: number, payload: string, startsCommit: boolean): Buffer {
  const start = at + FRAME_HEADER_BYTES;
  const length = into.write(payload, start);
  into.writeUInt32LE(startsCommit ? length + COMMIT_MARK : length, at);
  into.writeUInt32LE(checksumAt(into, at, length), at + 4);
  return into.subarray(start, start + length);
}

export interface SegmentContent {
  readonly format: number;
  readonly payloads: readonly Buffer[];
  /** Bytes up to the end of the last whole frame; 0 when even the header is torn. */
  readonly wholeBytes: number;
}

export function readSegment(bytes: Buffer, name: string): SegmentContent {
  const format = formatOf(bytes, name);
  if (format === null) return { format: SEGMENT_FORMAT, payloads: [], wholeBytes: 0 };
  const { payloads, end } = readFrames(bytes, HEADER_BYTES);
  if (anyCommitAfter(bytes, end, format)) throw damaged(name, `at byte ${end}`);
  return { format, payloads, wholeBytes: end };
}

/** The whole frames from `at` on, and where the first that is not whole would begin. */
export function readFrames(
  bytes: Buffer,
  at: number,
): { readonly payloads: readonly Buffer[]; readonly end: number } {
  const payloads: Buffer[] = [];
  let end = at;
  for (let one = frameAt(bytes, end); one; one = frameAt(bytes, end)) {
    payloads.push(one.payload);
    end += FRAME_HEADER_BYTES + one.payload.length;
  }
  return { payloads, end };
}

/** Null while the header is torn. */
function formatOf(bytes: Buffer, name: string): number | null {
  if (bytes.length < HEADER_BYTES) return null;
  const header = bytes.subarray(0, HEADER_BYTES);
  if (header.every((byte) => byte === 0)) return null;
  if (!header.subarray(0, 8).equals(MAGIC) || header.readUInt32LE(12) !== crc32c(header.subarray(0, 12)))
    throw damaged(name, "in its header");
  const format = header.readUInt32LE(8);
  if (format <= SEGMENT_FORMAT) return format;
  throw new GatewayError(
    "DATA_DIRECTORY_NEWER",
    `the disclosure log \`${name}\` was written by a newer version`,
  );
}

interface Frame {
  readonly payload: Buffer;
  readonly startsCommit: boolean;
}

/** The whole frame at `at`, or null. */
function frameAt(bytes: Buffer, at: number): Frame | null {
  const start = at + FRAME_HEADER_BYTES;
  if (start > bytes.length) return null;
  const marked = bytes.readUInt32LE(at);
  const startsCommit = marked >= COMMIT_MARK;
  const length = startsCommit ? marked - COMMIT_MARK : marked;
  if (length === 0 || length > MAX_RECORD_BYTES || start + length > bytes.length) return null;
  if (checksumAt(bytes, at, length) !== bytes.readUInt32LE(at + 4)) return null;
  return { payload: bytes.subarray(start, start + length), startsCommit };
}

/** Looks at every offset: where the torn frame ended is not known. Payloads are JSON objects, which saves most checksums. */
function anyCommitAfter(bytes: Buffer, torn: number, format: number): boolean {
  const brace = "{".charCodeAt(0);
  for (let at = torn + 1; at + FRAME_HEADER_BYTES < bytes.length; at += 1) {
    if (bytes[at + FRAME_HEADER_BYTES] !== brace) continue;
    const found = frameAt(bytes, at);
    if (found && (found.startsCommit || format === UNMARKED_FORMAT)) return true;
  }
  return false;
}

/** Of the frame at `at`: its length field, then its payload. */
function checksumAt(bytes: Buffer, at: number, length: number): number {
  const start = at + FRAME_HEADER_BYTES;
  return crc32c(bytes, start, start + length, crc32c(bytes, at, at + 4));
}

export function damaged(name: string, where: string): GatewayError {
  return new GatewayError("AUDIT_UNAVAILABLE", `the disclosure log is damaged: \`${name}\` ${where}`);
}
