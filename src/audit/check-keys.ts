/**
 * Checks the keys of a log's subjects against its records: every entry opens under its key, unless the key was destroyed.
 *
 * Out   what there is, and every record of which an entry does not open. Nothing of what entries say.
 * Cost  decrypts the whole log.
 */
import { decodeRecord, keyIdsOf, sequenceOf } from "./encode-record.ts";
import { type Files, realFiles } from "./files.ts";
import { readSegments } from "./segments.ts";
import type { SubjectKeyring } from "./subject-keys.ts";

export interface KeyCheck {
  /** Subjects that have a key. */
  readonly subjects: number;
  readonly entries: number;
  /** Entries whose key is destroyed, or lost. */
  readonly forgotten: number;
  readonly problems: readonly string[];
}

export async function checkKeys(
  directory: string,
  keys: SubjectKeyring,
  files: Files = realFiles,
): Promise<KeyCheck> {
  const problems: string[] = [];
  let [entries, forgotten] = [0, 0];
  for await (const { payloads } of readSegments(directory, files)) {
    for (const payload of payloads) {
      const ids = keyIdsOf(payload);
      const without = ids.filter((id) => keys.secretOf(id) === null).length;
      const { unreadable = 0 } = decodeRecord(payload, keys);
      if (unreadable > without)
        problems.push(`record ${sequenceOf(payload)} has an entry that its key does not open`);
      entries += ids.length;
      forgotten += without;
    }
  }
  return { subjects: keys.size, entries, forgotten, problems };
}
