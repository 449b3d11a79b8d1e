/**
 * A record as it is written: a header in the clear, and one entry for each subject, encrypted under that subject's key.
 *
 *     {"v":2, time, sequence, gateway, reader, …, "issue": index of an entry or null, "answer": HMAC of what left,
 *      "subjects": [{"key": id of the subject's key, "sealed": base64url}]}
 *
 * Entries   AES-256-GCM over JSON of type, uid, groups and salt, bound to sequence and place, so that none stands in another record.
 * Answer    HMAC-SHA-256 of the answer's bytes under a random salt that only entries hold (`answer-mac.ts`): whoever may read an
 *           entry can tell whether an answer is the one. A record without entries, of a released table, has none. Of a file, which
 *           is streamed after its record, the bytes are those of the agency's reference.
 * Issue     its case is named inside an entry only; a case of which nothing was shown has an entry without groups.
 * Leaf      the Merkle leaf is this text, ciphertexts included: forgetting a subject changes no proof.
 * Older     records of version 1 had neither `v` nor entries; they are still read.
 * Cost      about 5 µs and 7 µs a subject.
 */
import { GatewayError } from "../kernel/errors.ts";
import { sealBytes } from "./aead.ts";
import { answerMac, isAnswerOf, newSalt } from "./answer-mac.ts";
import type { Disclosure, DisclosureRecord, RecordedGroup, RecordedSubject } from "./record.ts";
import { openSealed, type Sealed } from "./sealed.ts";
import type { SubjectKeyring, SubjectKeys } from "./subject-keys.ts";

const VERSION = 2;
const CASE = "Case";
const NO_GROUPS: readonly RecordedGroup[] = [];

export type RecordHeader = Omit<DisclosureRecord, "issue" | "subjects" | "unreadable">;

interface StoredRecord extends RecordHeader {
  readonly v: typeof VERSION;
  readonly issue: number | null;
  /** Base64url; records that were written before it came have none. */
  readonly answer?: string;
  readonly subjects: readonly { readonly key: string; readonly sealed: string }[];
}

/** An entry, opened. */
interface Entry extends RecordedSubject {
  readonly salt?: string;
}

/** JSON text. Nothing but the fields of a record is written, whatever the objects hold besides. */
export function encodeRecord(
  sequence: number,
  disclosure: Disclosure,
  answer: Uint8Array,
  keys: SubjectKeys | null,
): string {
  const { time, gateway, reader, member, role, purpose } = disclosure;
  const { operationHash, policyVersion, withheldCount, refusals, kind, file } = disclosure;
  const { subjects, issue } = entriesOf(disclosure);
  const salt = newSalt();
  return JSON.stringify({
    v: VERSION,
    ...{ time, sequence, gateway, reader, member, role, purpose, issue },
    ...{ operationHash, policyVersion, withheldCount, refusals },
    ...(kind === undefined ? {} : { kind }),
    ...(file === undefined ? {} : { file }),
    ...(subjects.length > 0 ? { answer: answerMac(answer, salt) } : {}),
    subjects: subjects.map((subject, at) => sealed({ ...subject, salt }, contextOf(sequence, at), keys)),
  } satisfies StoredRecord);
}

/** Without keys, and of subjects whose keys are destroyed, it says only that they were there. */
export function decodeRecord(payload: Buffer, keys: SubjectKeyring | null): DisclosureRecord {
  const stored = JSON.parse(payload.toString("utf8")) as DisclosureRecord | StoredRecord;
  if (!("v" in stored)) return stored;
  const { v: _, answer: _mac, issue, subjects: _sealed, ...header } = stored;
  const entries = openedEntries(stored, keys).map(
    (entry) => entry && { type: entry.type, uid: entry.uid, groups: entry.groups },
  );
  const unreadable = entries.filter((entry) => entry === null).length;
  return {
    ...header,
    issue: issue === null ? null : (entries[issue]?.uid ?? null),
    subjects: entries.filter((entry) => entry !== null && entry.groups.length > 0) as RecordedSubject[],
    ...(unreadable > 0 ? { unreadable } : {}),
  };
}

/** Whether these bytes are the answer that a record was written for; null when no entry can be read, or it does not say. */
export function isAnswer(payload: Buffer, answer: Uint8Array, keys: SubjectKeyring): boolean | null {
  const stored = JSON.parse(payload.toString("utf8")) as DisclosureRecord | StoredRecord;
  if (!("v" in stored) || stored.answer === undefined) return null;
  const salt = openedEntries(stored, keys).find((entry) => entry?.salt !== undefined)?.salt;
  return salt === undefined ? null : isAnswerOf(stored.answer, answer, salt);
}

/** Its entries with the ids of their keys; null for one whose key is not there. */
export const entriesOfRecord = (payload: Buffer, keys: SubjectKeyring) =>
  sealedEntriesOf(payload).map((sealed) => ({ key: sealed.key, entry: opened(keys, sealed) }));

/** Its entries as they are; records of version 1 have none. */
export function sealedEntriesOf(payload: Buffer): readonly Sealed[] {
  const stored = JSON.parse(payload.toString("utf8")) as DisclosureRecord | StoredRecord;
  return "v" in stored ? sealedIn(stored) : [];
}

/** What an entry says, once it was opened. */
export const readEntry = (plain: Buffer): RecordedSubject => JSON.parse(plain.toString("utf8")) as Entry;

const sealedIn = ({ sequence, subjects }: StoredRecord): readonly Sealed[] =>
  subjects.map(({ key, sealed }, at) => ({ key, sealed, context: contextOf(sequence, at) }));

const openedEntries = (stored: StoredRecord, keys: SubjectKeyring | null) =>
  sealedIn(stored).map((sealed) => keys && opened(keys, sealed));

function opened(keys: SubjectKeyring, sealed: Sealed): Entry | null {
  const plain = openSealed(keys, sealed);
  return plain && (JSON.parse(plain.toString("utf8")) as Entry);
}

/** What is in the clear, for those who follow the log and may read nobody. */
export function sequenceOf(payload: Buffer): number {
  return (JSON.parse(payload.toString("utf8")) as Pick<StoredRecord, "sequence">).sequence;
}

/** Ids of the keys that a record's entries need. */
export function keyIdsOf(payload: Buffer): readonly string[] {
  const stored = JSON.parse(payload.toString("utf8")) as DisclosureRecord | StoredRecord;
  return "v" in stored ? stored.subjects.map(({ key }) => key) : [];
}

function entriesOf({ subjects, issue }: Disclosure) {
  if (issue === null) return { subjects, issue: null };
  const at = subjects.findIndex(({ type, uid }) => type === CASE && uid === issue);
  if (at >= 0) return { subjects, issue: at };
  return { subjects: [...subjects, { type: CASE, uid: issue, groups: NO_GROUPS }], issue: subjects.length };
}

function sealed(subject: Entry & { readonly salt: string }, context: string, keys: SubjectKeys | null) {
  if (!keys) throw new GatewayError("AUDIT_UNAVAILABLE", "a log without keys takes no subjects");
  const { id, secret } = keys.keyFor(subject);
  const { type, uid, groups, salt } = subject;
  const shown = groups.map(({ group, level, obligations }) => ({
    group,
    level,
    ...(obligations && { obligations }),
  }));
  const plain = JSON.stringify({ type, uid, groups: shown, salt });
  return { key: id, sealed: sealBytes(secret, Buffer.from(plain), context).toString("base64url") };
}

const contextOf = (sequence: number, at: number): string => `${sequence}/${at}`;
