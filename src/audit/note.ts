/**
 * Signed notes (C2SP signed-note), with Ed25519 signatures of a log and cosignatures of a witness (C2SP tlog-cosignature).
 *
 *     <text, each line ended by a newline>
 *
 *     — <key name> base64(key id, signature)
 *
 * Keys     a verifier key as text is `<name>+<key id in hex>+base64(type, public key)`; the type says what it signs.
 * Opening  signatures by unknown keys are passed over; one by a known key that does not verify spoils the note.
 */
import { hash, type KeyObject, sign, verify } from "node:crypto";
import { ED25519_KEY_BYTES, ed25519PrivateKey, ed25519PublicKey, rawEd25519 } from "../kernel/ed25519.ts";

export type SignatureType = "log" | "witness";
const TYPE_BYTES: Readonly<Record<SignatureType, number>> = { log: 0x01, witness: 0x04 };

const KEY_ID_BYTES = 4;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
/** More than sixteen lines of Ed25519 signatures. */
const MAX_NOTE_CHARACTERS = 16_384;
const KEY_NAME = /^[^\s+]+$/u;
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/=]+)$/u;

export interface NoteVerifier {
  readonly name: string;
  readonly type: SignatureType;
  /** As text, to hand to others. */
  readonly vkey: string;
  readonly keyId: Buffer;
  readonly publicKey: KeyObject;
}

export interface NoteSigner extends NoteVerifier {
  readonly privateKey: KeyObject;
}

export function noteSigner(name: string, seed: Uint8Array, type: SignatureType = "log"): NoteSigner {
  const privateKey = ed25519PrivateKey(seed);
  return { ...verifierOf(name, rawEd25519(privateKey), type), privateKey };
}

/** Null when the text is no verifier key, or its id is not that of its key. */
export function parseVerifier(vkey: string): NoteVerifier | null {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(vkey.trim()) ?? [];
  const material = decoded(encoded ?? "");
  if (name === undefined || material?.length !== 1 + ED25519_KEY_BYTES) return null;
  const type = (["log", "witness"] as const).find((one) => TYPE_BYTES[one] === material[0]);
  if (!type) return null;
  const verifier = verifierOf(name, material.subarray(1), type);
  return verifier.keyId.toString("hex") === id ? verifier : null;
}

/** The whole note, signed once. The text ends with a newline. */
export function signNote(text: string, signer: NoteSigner): string {
  return `${text}\n${signatureLine(signer, sign(null, Buffer.from(text), signer.privateKey))}`;
}

/** The line that a witness adds to a note. */
export function cosign(text: string, signer: NoteSigner, seconds: number): string {
  const signature = Buffer.alloc(TIME_BYTES + SIGNATURE_BYTES);
  signature.writeBigUInt64BE(BigInt(seconds));
  sign(null, cosigned(text, BigInt(seconds)), signer.privateKey).copy(signature, TIME_BYTES);
  return signatureLine(signer, signature);
}

export interface OpenedNote {
  readonly text: string;
  /** The keys among those given whose signature it carries. */
  readonly signedBy: readonly NoteVerifier[];
  /** Its signature lines, known and unknown. */
  readonly lines: readonly string[];
}

/** Null when it is no note, or a signature by one of the keys is wrong. */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): OpenedNote | null {
  const end = note.lastIndexOf("\n\n");
  if (note.length > MAX_NOTE_CHARACTERS || end < 0 || !note.endsWith("\n") || hasControl(note)) return null;
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split("\n");
  const signedBy: NoteVerifier[] = [];
  for (const line of lines) {
    const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = decoded(encoded ?? "");
    if (!name || !bytes || bytes.length <= KEY_ID_BYTES) return null;
    const known = verifiers.find(
      (one) => one.name === name && one.keyId.equals(bytes.subarray(0, KEY_ID_BYTES)),
    );
    if (!known) continue;
    if (!isSigned(known, text, bytes.subarray(KEY_ID_BYTES))) return null;
    signedBy.push(known);
  }
  return { text, signedBy, lines };
}

function isSigned({ type, publicKey }: NoteVerifier, text: string, signature: Buffer): boolean {
  if (type === "log")
    return signature.length === SIGNATURE_BYTES && verify(null, Buffer.from(text), publicKey, signature);
  if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return false;
  const message = cosigned(text, signature.readBigUInt64BE());
  return verify(null, message, publicKey, signature.subarray(TIME_BYTES));
}

const cosigned = (text: string, seconds: bigint): Buffer =>
  Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);

const signatureLine = ({ name, keyId }: NoteVerifier, signature: Buffer): string =>
  `— ${name} ${Buffer.concat([keyId, signature]).toString("base64")}\n`;

function verifierOf(name: string, raw: Buffer, type: SignatureType): NoteVerifier {
  if (!KEY_NAME.test(name)) throw new RangeError("a key's name has neither spaces nor plus signs");
  const material = Buffer.concat([Buffer.of(TYPE_BYTES[type]), raw]);
  const named = Buffer.concat([Buffer.from(`${name}\n`), material]);
  const keyId = hash("sha256", named, "buffer").subarray(0, KEY_ID_BYTES);
  const vkey = `${name}+${keyId.toString("hex")}+${material.toString("base64")}`;
  return { name, type, vkey, keyId, publicKey: ed25519PublicKey(raw) };
}

/** Null unless it is canonical base64: a note has one spelling. */
export function decoded(base64: string): Buffer | null {
  const bytes = Buffer.from(base64, "base64");
  return bytes.length > 0 && bytes.toString("base64") === base64 ? bytes : null;
}

/** Any character below the space but the newline. */
function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 && code !== 0x0a) return true;
  }
  return false;
}
