/**
 * A checkpoint: what a log says that its tree is (C2SP tlog-checkpoint), as the text of a signed note of three lines,
 *
 *     <origin>
 *     <number of leaves>
 *     <root, base64>
 */
import { HASH_BYTES } from "./merkle.ts";
import { decoded, type NoteVerifier, openNote } from "./note.ts";

/** The latest one, in the log's folder. */
export const CHECKPOINT_FILE = "checkpoint";
/** The log's verifier key, for whoever checks it; auditors compare it with the one that they were given. */
export const VKEY_FILE = "log.vkey";

export interface TreeHead {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

export function checkpointText({ origin, size, root }: TreeHead): string {
  return `${origin}\n${size}\n${root.toString("base64")}\n`;
}

/** Null when the text is no checkpoint of ours: extension lines, which nobody could check, are refused. */
export function parseCheckpointText(text: string): TreeHead | null {
  const [, origin, digits, base64] = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([^\n]+)\n$/u.exec(text) ?? [];
  const root = decoded(base64 ?? "");
  const size = Number(digits);
  if (origin === undefined || root?.length !== HASH_BYTES || !Number.isSafeInteger(size)) return null;
  return { origin, size, root };
}

export interface Checkpoint extends TreeHead {
  /** Those of the given keys that signed it. */
  readonly signedBy: readonly NoteVerifier[];
}

/** Null unless the log signed it, under the name of its origin, and no given witness's signature is wrong. */
export function openCheckpoint(
  note: string,
  log: NoteVerifier,
  witnesses: readonly NoteVerifier[] = [],
): Checkpoint | null {
  const opened = openNote(note, [log, ...witnesses]);
  const head = opened && parseCheckpointText(opened.text);
  if (!head || !opened.signedBy.includes(log) || head.origin !== log.name) return null;
  return { ...head, signedBy: opened.signedBy };
}
