/**
 * Words about a subject that are kept outside the log, encrypted under the subject's key: who is forgotten in the log is forgotten
 * there too.
 *
 * Out     the key's id and a ciphertext (AES-256-GCM), bound to `context`: what it stands in.
 * Durable  a new key is on disk once a record about the same subject is: append one before the words are kept.
 */
import { openBytes, sealBytes } from "./aead.ts";
import type { Subject, SubjectKeys } from "./subject-keys.ts";

export interface SealedNote {
  /** Id of the subject's key. */
  readonly key: string;
  /** base64url */
  readonly sealed: string;
}

export interface NoteSeals {
  seal(about: Subject, context: string, words: string): SealedNote;
  /** Null when the key was destroyed, or is not one of this log's. */
  open(context: string, note: SealedNote): string | null;
}

export const noteSeals = (keys: SubjectKeys): NoteSeals => ({
  seal(about, context, words) {
    const { id, secret } = keys.keyFor(about);
    return {
      key: id,
      sealed: sealBytes(secret, Buffer.from(words), contextOf(context)).toString("base64url"),
    };
  },
  open(context, { key, sealed }) {
    const secret = keys.secretOf(key);
    return (
      secret && (openBytes(secret, Buffer.from(sealed, "base64url"), contextOf(context))?.toString() ?? null)
    );
  },
});

/** Apart from the contexts of records. */
const contextOf = (context: string): string => `note/${context}`;
