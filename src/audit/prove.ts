/**
 * Proofs to hand out, made from the log's directory alone, and checked by whoever has the log's verifier key.
 *
 * Record  C2SP tlog-proof, with the record's text as its extra data: this record stands at this place in the signed log.
 * Growth  the body of C2SP tlog-witness: the signed log holds everything that an earlier checkpoint covered, unchanged.
 * Errors  BAD_USER_INPUT for a record or size that the log has not signed; AUDIT_UNAVAILABLE for a damaged directory. Checking
 *         never throws.
 */
import { join } from "node:path";
import { GatewayError } from "../kernel/errors.ts";
import { CHECKPOINT_FILE, type Checkpoint, openCheckpoint, VKEY_FILE } from "./checkpoint.ts";
import { sequenceOf } from "./encode-record.ts";
import { type Files, realFiles } from "./files.ts";
import { leafHash } from "./merkle.ts";
import { decoded, type NoteVerifier, parseVerifier } from "./note.ts";
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from "./proofs.ts";
import { damaged, isSegmentName, readSegment, segmentName } from "./segment.ts";
import { subtreesOfTiles } from "./tiles.ts";

const PROOF_HEADER = "c2sp.org/tlog-proof@v1";

export async function proveRecord(directory: string, sequence: number, files = realFiles): Promise<string> {
  const { note, size } = await signedIn(directory, files);
  if (!Number.isSafeInteger(sequence) || sequence < 1 || sequence > size)
    throw notSigned(`the log has signed ${size} records; there is no record ${sequence} among them`);
  const payload = await recordAt(directory, sequence, files);
  const proof = await inclusionProof(sequence - 1, size, subtreesIn(directory, size, files));
  return [
    PROOF_HEADER,
    `extra ${payload.toString("base64")}`,
    `index ${sequence - 1}`,
    ...proof.map(base64),
    "",
    note,
  ].join("\n");
}

/** From an earlier checkpoint's size to the latest. */
export async function proveGrowth(directory: string, from: number, files = realFiles): Promise<string> {
  return proveGrowthTo(await signedIn(directory, files), directory, from, files);
}

export interface SignedNote {
  readonly note: string;
  readonly size: number;
}

/** To a checkpoint of this log, the latest or not. */
export async function proveGrowthTo(
  { note, size }: SignedNote,
  directory: string,
  from: number,
  files: Files,
): Promise<string> {
  if (!Number.isSafeInteger(from) || from < 0 || from > size)
    throw notSigned(`the log has signed ${size} records`);
  const proof = await consistencyProof(from, size, subtreesIn(directory, size, files));
  return [`old ${from}`, ...proof.map(base64), "", note].join("\n");
}

export interface ProvenRecord {
  /** Text of the record. */
  readonly record: string;
  readonly sequence: number;
  readonly checkpoint: Checkpoint;
}

/** Null unless the proof holds under the log's key. */
export function checkRecordProof(
  text: string,
  log: NoteVerifier,
  witnesses: readonly NoteVerifier[] = [],
): ProvenRecord | null {
  const [, extra, digits, lines = "", note = ""] =
    /^c2sp\.org\/tlog-proof@v1\nextra ([^\n]+)\nindex (0|[1-9]\d*)\n((?:[^\n]+\n)*)\n(.+)$/s.exec(text) ?? [];
  const payload = decoded(extra ?? "");
  const proof = hashesOf(lines);
  const checkpoint = openCheckpoint(note, log, witnesses);
  if (!payload || !proof || !checkpoint) return null;
  const index = Number(digits);
  const { size, root } = checkpoint;
  if (!verifyInclusion(leafHash(payload), index, size, proof, root)) return null;
  return { record: payload.toString("utf8"), sequence: index + 1, checkpoint };
}

/** The later checkpoint; null unless the proof holds from the earlier one to it. */
export function checkGrowthProof(
  text: string,
  earlier: { readonly size: number; readonly root: Buffer },
  log: NoteVerifier,
): Checkpoint | null {
  const [, digits, lines = "", note = ""] = /^old (0|[1-9]\d*)\n((?:[^\n]+\n)*)\n(.+)$/s.exec(text) ?? [];
  const proof = hashesOf(lines);
  const later = openCheckpoint(note, log);
  if (!proof || !later || Number(digits) !== earlier.size) return null;
  return verifyConsistency(earlier, later, proof) ? later : null;
}

async function signedIn(directory: string, files: Files): Promise<SignedNote> {
  const log = parseVerifier((await files.read(join(directory, VKEY_FILE))).toString("utf8"));
  const note = (await files.read(join(directory, CHECKPOINT_FILE))).toString("utf8");
  const checkpoint = log && openCheckpoint(note, log);
  if (checkpoint) return { note, size: checkpoint.size };
  throw damaged(CHECKPOINT_FILE, "is not signed by the key of this log");
}

/** Text of the record of that sequence. */
export async function recordAt(directory: string, sequence: number, files: Files): Promise<Buffer> {
  const names = (await files.list(directory)).filter(isSegmentName).toSorted();
  const name = names.findLast((one) => one <= segmentName(sequence)) ?? segmentName(1);
  const { payloads } = readSegment(await files.read(join(directory, name)), name);
  const payload = payloads.find((one) => sequenceOf(one) === sequence);
  if (payload) return payload;
  throw damaged(name, `holds no record ${sequence}`);
}

const subtreesIn = (directory: string, size: number, files: Files) =>
  subtreesOfTiles(size, (path) => files.read(join(directory, path)));

const base64 = (hash: Buffer): string => hash.toString("base64");

/** Null when a line is no base64. */
function hashesOf(lines: string): readonly Buffer[] | null {
  const hashes = lines.split("\n").slice(0, -1).map(decoded);
  return hashes.every((hash) => hash !== null) ? hashes : null;
}

const notSigned = (message: string) => new GatewayError("BAD_USER_INPUT", message);
