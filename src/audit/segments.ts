/**
 * The segments of a log in order, checked: each follows the one before, none but the last is torn, sequences have no gap.
 *
 * Memory  one segment at a time.
 * Errors  AUDIT_UNAVAILABLE, which names the file and the place.
 */
import { join } from "node:path";
import { sequenceOf } from "./encode-record.ts";
import type { Files } from "./files.ts";
import { damaged, isSegmentName, readSegment, segmentName } from "./segment.ts";

export interface CheckedSegment {
  readonly name: string;
  readonly format: number;
  /** As they are; of the last, a torn tail may follow `wholeBytes`. */
  readonly bytes: Buffer;
  readonly wholeBytes: number;
  readonly payloads: readonly Buffer[];
  /** Of the record after the last one in it. */
  readonly nextSequence: number;
}

export async function* readSegments(directory: string, files: Files): AsyncGenerator<CheckedSegment> {
  const names = (await files.list(directory)).filter(isSegmentName).toSorted();
  let sequence = 1;
  for (const [index, name] of names.entries()) {
    const bytes = await files.read(join(directory, name));
    const content = readSegment(bytes, name);
    if (index < names.length - 1 && content.wholeBytes < bytes.length)
      throw damaged(name, `at byte ${content.wholeBytes}`);
    if (name !== segmentName(sequence)) throw damaged(name, "does not follow the one before");
    for (const payload of content.payloads) {
      if (sequenceOf(payload) !== sequence) throw damaged(name, "is not numbered without a gap");
      sequence += 1;
    }
    yield { name, bytes, nextSequence: sequence, ...content };
  }
}
