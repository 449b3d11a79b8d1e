/**
 * A record as it is written: a header in the clear, and one entry for each subject, encrypted under that subject's key.
 *
 *     {"v":2, time, sequence, gateway, reader, …, "issue": index of an entry or null,
 *      "subjects": [{"key": id of the subject's key, "sealed": base64url}]}
 *
 * Entries   AES-256-GCM over JSON of type, uid and groups, bound to sequence and place, so that none stands in another record.
 * Issue     its case is named inside an entry only; a case of which nothing was shown has an entry without groups.
 * Leaf      the Merkle leaf is this text, ciphertexts included: forgetting a subject changes no proof.
 * Older     records of version 1 had neither `v` nor entries; they are still read.
 * Cost      about 5 µs and 7 µs a subject.
 */
import type { KeyObject } from "node:crypto";
import { GatewayError } from "../kernel/errors.ts";
import { openBytes, sealBytes } from "./aead.ts";
import type { Disclosure, DisclosureRecord, RecordedGroup, RecordedSubject } from "./record.ts";
import type { SubjectKeyring, SubjectKeys } from "./subject-keys.ts";

const VERSION = 2;
const CASE = "Case";
const NO_GROUPS: readonly RecordedGroup[] = [];

type Header = Omit<DisclosureRecord, "issue" | "subjects" | "unreadable">;

interface StoredRecord extends Header {
  readonly v: typeof VERSION;
  readonly issue: number | null;
  readonly subjects: readonly { readonly key: string; readonly sealed: string }[];
}

/** JSON text. Nothing but the fields of a record is written, whatever the objects hold besides. */
export function encodeRecord(sequence: number, disclosure: Disclosure, keys: SubjectKeys | null): string {
  const { time, gateway, reader, member, role, purpose } = disclosure;
  const { operationHash, policyVersion, withheldCount, refusals } = disclosure;
  const { subjects, issue } = entriesOf(disclosure);
  return JSON.stringify({
    v: VERSION,
    ...{ time, sequence, gateway, reader, member, role, purpose, issue },
    ...{ operationHash, policyVersion, withheldCount, refusals },
    subjects: subjects.map((subject, at) => sealed(subject, contextOf(sequence, at), keys)),
  } satisfies StoredRecord);
}

/** Without keys, and of subjects whose keys are destroyed, it says only that they were there. */
export function decodeRecord(payload: Buffer, keys: SubjectKeyring | null): DisclosureRecord {
  const stored = JSON.parse(payload.toString("utf8")) as DisclosureRecord | StoredRecord;
  if (!("v" in stored)) return stored;
  const { v: _, issue, subjects, ...header } = stored;
  const opened = subjects.map(({ key, sealed }, at) => {
    const secret = keys?.secretOf(key);
    return secret ? unsealed(secret, sealed, contextOf(header.sequence, at)) : null;
  });
  const unreadable = opened.filter((entry) => entry === null).length;
  return {
    ...header,
    issue: issue === null ? null : (opened[issue]?.uid ?? null),
    subjects: opened.filter((entry) => entry !== null && entry.groups.length > 0) as RecordedSubject[],
    ...(unreadable > 0 ? { unreadable } : {}),
  };
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

function sealed(subject: RecordedSubject, context: string, keys: SubjectKeys | null) {
  if (!keys) throw new GatewayError("AUDIT_UNAVAILABLE", "a log without keys takes no subjects");
  const { id, secret } = keys.keyFor(subject);
  const { type, uid, groups } = subject;
  const plain = JSON.stringify({ type, uid, groups: groups.map(({ group, level }) => ({ group, level })) });
  return { key: id, sealed: sealBytes(secret, Buffer.from(plain), context).toString("base64url") };
}

function unsealed(secret: KeyObject, sealed: string, context: string): RecordedSubject | null {
  const plain = openBytes(secret, Buffer.from(sealed, "base64url"), context);
  return plain && (JSON.parse(plain.toString("utf8")) as RecordedSubject);
}

const contextOf = (sequence: number, at: number): string => `${sequence}/${at}`;
