/**
 * What each `ihala audit` command does; resolves to the status of the process: 1 when something is wrong with the log.
 *
 * Anybody   `verify`, `prove` and `consistency` need the log's directory alone, and may look while a gateway writes.
 * Holders   `fsck`, `verify-answer` and `export` read the keys of subjects; `forget` and `rewrap` change them and hold the data
 *           directory.
 */
import { join } from "node:path";
import { encryptionKey } from "../assembly/audit.ts";
import { checkKeys } from "../audit/check-keys.ts";
import { openCheckpoint, VKEY_FILE } from "../audit/checkpoint.ts";
import { decodeRecord, isAnswer, keyIdsOf, sequenceOf } from "../audit/encode-record.ts";
import { realFiles } from "../audit/files.ts";
import type { NoteVerifier } from "../audit/note.ts";
import { checkRecordProof, proveGrowth, proveRecord, recordAt } from "../audit/prove.ts";
import { readSegments } from "../audit/segments.ts";
import {
  destroySubjectKeys,
  readSubjectKeys,
  rewrapSubjectKeys,
  type Subject,
  type SubjectKeyring,
} from "../audit/subject-keys.ts";
import { type Verification, verifyLog } from "../audit/verify.ts";
import type { Config } from "../config/config.ts";
import {
  bytesOf,
  type DirectoryOption,
  holding,
  logDirectory,
  lookInto,
  openedPlace,
  placeOf,
  refused,
  subjectOf,
  textOf,
  verifierFrom,
} from "./audit-places.ts";
import type { Terminal } from "./terminal.ts";

export interface VerifyOptions extends DirectoryOption {
  /** Verifier key of the log, or a file that holds it. */
  readonly key?: string;
  readonly witness?: readonly string[];
  /** Files of checkpoints that were kept. */
  readonly kept?: readonly string[];
  /** A record's proof, in place of a directory. */
  readonly proof?: string;
}

export async function auditVerify(
  config: Config,
  options: VerifyOptions,
  terminal: Terminal,
): Promise<number> {
  const log = options.key === undefined ? undefined : await verifierFrom(options.key);
  const witnesses = await Promise.all((options.witness ?? []).map(verifierFrom));
  if (options.proof !== undefined) return verifyProof(options.proof, log, witnesses, terminal);
  const earlier = await Promise.all((options.kept ?? []).map(textOf));
  const found = await verifyLog(await logDirectory(config, options), {
    ...(log ? { log } : {}),
    ...{ witnesses, earlier },
  });
  return reportLog(found, log !== undefined, terminal);
}

async function verifyProof(
  file: string,
  log: NoteVerifier | undefined,
  witnesses: readonly NoteVerifier[],
  terminal: Terminal,
): Promise<number> {
  if (!log) throw refused("`--proof` needs `--key`, the verifier key of the log");
  const proven = checkRecordProof(await textOf(file), log, witnesses);
  const missing = witnesses.find((witness) => !proven?.checkpoint.signedBy.includes(witness));
  if (!proven || missing) {
    terminal.err(
      `ihala: the proof does not hold${proven && missing ? `: ${missing.name} has not cosigned` : ""}\n`,
    );
    return 1;
  }
  terminal.out(`${proven.record}\n`);
  return 0;
}

function reportLog(
  { vkey, records, signed, problems }: Verification,
  isGiven: boolean,
  terminal: Terminal,
): number {
  for (const problem of problems) terminal.err(`ihala: ${problem}\n`);
  if (problems.length > 0) return 1;
  terminal.out(`whole: ${records} records, ${signed} of them signed\n`);
  if (!isGiven)
    terminal.out(`by the key that lies beside it; compare it with the one you were given:\n${vkey}\n`);
  return 0;
}

export async function auditProve(
  config: Config,
  options: DirectoryOption & { readonly record: string },
  terminal: Terminal,
): Promise<number> {
  terminal.out(await proveRecord(await logDirectory(config, options), Number(options.record)));
  return 0;
}

/** From a checkpoint that was kept, which must be one of this log. */
export async function auditConsistency(
  config: Config,
  options: DirectoryOption & { readonly kept: string },
  terminal: Terminal,
): Promise<number> {
  const directory = await logDirectory(config, options);
  const log = await verifierFrom(join(directory, VKEY_FILE));
  const kept = openCheckpoint(await textOf(options.kept), log);
  if (!kept) throw refused(`\`${options.kept}\` is no checkpoint of this log`);
  terminal.out(await proveGrowth(directory, kept.size));
  return 0;
}

/** Whether bytes that somebody kept are the answer that a record was written for. */
export async function auditVerifyAnswer(
  config: Config,
  { record, answer }: { readonly record: string; readonly answer: string },
  terminal: Terminal,
): Promise<number> {
  const [directory, keys] = await openedPlace(config);
  const sequence = Number(record);
  if (!Number.isSafeInteger(sequence) || sequence < 1) throw refused(`\`${record}\` is no record`);
  const given = await bytesOf(answer);
  const is = isAnswer(await recordAt(directory, sequence, realFiles), given, keys);
  if (is === true) terminal.out(`it is the answer that record ${sequence} was written for\n`);
  else if (is === false) terminal.err(`ihala: record ${sequence} was written for another answer\n`);
  else terminal.err(`ihala: record ${sequence} cannot tell: it names no subject whose key is there\n`);
  return is === true ? 0 : 1;
}

export async function auditFsck(config: Config, terminal: Terminal): Promise<number> {
  const { directory, protection } = await placeOf(config, await lookInto(config));
  const status = reportLog(await verifyLog(directory), true, terminal);
  if (status !== 0) return status;
  const keys = await readSubjectKeys(protection.keysDirectory, protection.secrets.subjects);
  const { subjects, entries, forgotten, problems } = await checkKeys(directory, keys);
  for (const problem of problems) terminal.err(`ihala: ${problem}\n`);
  terminal.out(`keys: ${subjects} subjects; ${entries} entries, ${forgotten} of them forgotten\n`);
  return problems.length > 0 ? 1 : 0;
}

export interface ExportOptions extends DirectoryOption {
  readonly sealed?: boolean;
  readonly from?: string;
  /** Only records about this subject. */
  readonly subject?: string;
}

/** One JSON a line. With the keys, subjects are read; without, only how many there were. */
export async function auditExport(
  config: Config,
  options: ExportOptions,
  terminal: Terminal,
): Promise<number> {
  const [directory, keys] = options.sealed
    ? [await logDirectory(config, options), null]
    : await openedPlace(config);
  const isWanted = wantedBy(options, keys);
  for await (const { payloads } of readSegments(directory, realFiles))
    for (const payload of payloads)
      if (isWanted(payload)) terminal.out(`${JSON.stringify(decodeRecord(payload, keys))}\n`);
  return 0;
}

/** By the id of the subject's key; the oldest records, which had none, by the subject that they name. */
function wantedBy({ from, subject }: ExportOptions, keys: SubjectKeyring | null) {
  const first = Number(from ?? 1);
  if (subject === undefined) return (payload: Buffer) => sequenceOf(payload) >= first;
  if (!keys) throw refused("`--subject` needs the keys: leave `--sealed` out");
  const wanted = subjectOf(subject);
  const id = keys.idOf(wanted);
  const isNamed = ({ type, uid }: Subject) => type === wanted.type && uid === wanted.uid;
  const isAbout = (payload: Buffer) =>
    (id !== null && keyIdsOf(payload).includes(id)) || decodeRecord(payload, null).subjects.some(isNamed);
  return (payload: Buffer) => sequenceOf(payload) >= first && isAbout(payload);
}

/** Destroys the keys of subjects, `Case:<uid>`. */
export async function auditForget(
  config: Config,
  { subject }: { readonly subject: readonly string[] },
  terminal: Terminal,
): Promise<number> {
  const subjects = subject.map(subjectOf);
  const destroyed = await holding(config, ({ keysDirectory, secrets }) =>
    destroySubjectKeys(keysDirectory, secrets.subjects, subjects),
  );
  terminal.out(`${destroyed} of ${subjects.length} subjects had a key, which is destroyed\n`);
  return 0;
}

/** Wraps the keys of all subjects by another key-encryption key. */
export async function auditRewrap(
  config: Config,
  { to }: { readonly to: string },
  terminal: Terminal,
): Promise<number> {
  const wrapping = encryptionKey(await textOf(to));
  const count = await holding(config, ({ keysDirectory, secrets }) =>
    rewrapSubjectKeys(keysDirectory, secrets.subjects, wrapping),
  );
  terminal.out(`${count} keys are wrapped by the other key; name it by \`audit.keyEncryptionKey\` now\n`);
  return 0;
}
