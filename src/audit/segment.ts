/**
 * A segment file: a header, then frames, each one record.
 *
 *     header  "IHALADSC" | format u32 | CRC-32C of the 12 bytes before, u32
 *     frame   length u32 | CRC-32C of length and payload, u32 | payload             (all little-endian)
 *
 * Reading stops at the first frame that is not whole. If nothing whole follows, that is the torn tail of a write that was
 * never acknowledged; if something does, the file is damaged and acknowledged records would be lost: an error.
 */
import { GatewayError } from "../kernel/errors.ts";
import { crc32c } from "./crc32c.ts";

const MAGIC = Buffer.from("IHALADSC", "latin1");
export const SEGMENT_FORMAT = 1;
export const HEADER_BYTES = 16;
const FRAME_HEADER_BYTES = 8;
/** A record of 10,000 subjects has about a megabyte. */
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

/** Writes the frame, which must fit. */
export function writeFrame(into: Buffer, at: number, payload: string): void {
  const length = into.write(payload, at + FRAME_HEADER_BYTES);
  into.writeUInt32LE(length, at);
  into.writeUInt32LE(checksumAt(into, at, length), at + 4);
}

export interface SegmentContent {
  readonly payloads: readonly Buffer[];
  /** Bytes up to the end of the last whole frame; 0 when even the header is torn. */
  readonly wholeBytes: number;
}

export function readSegment(bytes: Buffer, name: string): SegmentContent {
  if (!hasHeader(bytes, name)) return { payloads: [], wholeBytes: 0 };
  const payloads: Buffer[] = [];
  let at = HEADER_BYTES;
  for (let payload = frameAt(bytes, at); payload; payload = frameAt(bytes, at)) {
    payloads.push(payload);
    at += FRAME_HEADER_BYTES + payload.length;
  }
  if (anyFrameAfter(bytes, at)) throw damaged(name, `at byte ${at}`);
  return { payloads, wholeBytes: at };
}

function hasHeader(bytes: Buffer, name: string): boolean {
  if (bytes.length < HEADER_BYTES) return false;
  const header = bytes.subarray(0, HEADER_BYTES);
  if (header.every((byte) => byte === 0)) return false;
  if (!header.subarray(0, 8).equals(MAGIC) || header.readUInt32LE(12) !== crc32c(header.subarray(0, 12)))
    throw damaged(name, "in its header");
  if (header.readUInt32LE(8) > SEGMENT_FORMAT) {
    throw new GatewayError(
      "DATA_DIRECTORY_NEWER",
      `the disclosure log \`${name}\` was written by a newer version`,
    );
  }
  return true;
}

/** The payload of the whole frame at `at`, or null. */
function frameAt(bytes: Buffer, at: number): Buffer | null {
  const start = at + FRAME_HEADER_BYTES;
  if (start > bytes.length) return null;
  const length = bytes.readUInt32LE(at);
  if (length === 0 || length > MAX_RECORD_BYTES || start + length > bytes.length) return null;
  return checksumAt(bytes, at, length) === bytes.readUInt32LE(at + 4)
    ? bytes.subarray(start, start + length)
    : null;
}

/** Looks at every offset: where the torn frame ended is not known. Payloads are JSON objects, which saves most checksums. */
function anyFrameAfter(bytes: Buffer, torn: number): boolean {
  const brace = "{".charCodeAt(0);
  for (let at = torn + 1; at + FRAME_HEADER_BYTES < bytes.length; at += 1) {
    if (bytes[at + FRAME_HEADER_BYTES] === brace && frameAt(bytes, at)) return true;
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
