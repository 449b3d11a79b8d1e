/**
 * A record as the copy keeps it: its header to search by, its text with the ciphertexts, a blind index for each subject.
 *
 * Rule    nothing of it names a subject. Records of version 1, which did in the clear, are copied without.
 * Cost    about 15 µs, and 10 µs a subject that was not met lately.
 */
import type { BlindIndex } from "./blind-index.ts";
import { decodeRecord, entriesOfRecord, type RecordHeader } from "./encode-record.ts";
import { leafHash } from "./merkle.ts";
import type { SubjectKeyring } from "./subject-keys.ts";

export interface CopiedRecord extends Pick<RecordHeader, "sequence" | "time" | "reader" | "member" | "role"> {
  readonly purpose: string;
  /** Merkle leaf of the record in the log. */
  readonly leaf: Buffer;
  readonly text: string;
  /** One for each subject whose key is there. */
  readonly subjects: readonly CopiedSubject[];
}

export interface CopiedSubject {
  readonly index: string;
  /** Id of the subject's key; empty when it never had one. */
  readonly key: string;
  /** False of an issue's case of which nothing was shown. */
  readonly shown: boolean;
}

export function copiedRecord(payload: Buffer, keys: SubjectKeyring, blind: BlindIndex): CopiedRecord {
  const { sequence, time, reader, member, role, purpose, ...rest } = decodeRecord(payload, null);
  const isOld = rest.subjects.length > 0;
  const subjects = isOld
    ? rest.subjects.map((subject) => ({ index: blind.of(subject), key: "", shown: true }))
    : entriesOfRecord(payload, keys).flatMap(({ key, entry }) =>
        entry ? [{ index: blind.of(entry), key, shown: entry.groups.length > 0 }] : [],
      );
  const header = { sequence, time, reader, member, role, purpose };
  return {
    ...header,
    leaf: leafHash(payload),
    text: isOld
      ? JSON.stringify({ ...header, ...rest, issue: null, subjects: [] })
      : payload.toString("utf8"),
    subjects,
  };
}
