/**
 * Words about a subject that are kept outside the log, encrypted under the subject's key: who is forgotten in the log is forgotten
 * there too.
 *
 * Out     the key's id and a ciphertext (AES-256-GCM), bound to `context`: what it stands in.
 * Durable  a new key is on disk once a record about the same subject is: append one before the words are kept.
 */
import { sealBytes } from "./aead.ts";
import type { Sealed } from "./sealed.ts";
import type { Subject, SubjectKeys } from "./subject-keys.ts";

export interface SealedNote {
  /** Id of the subject's key. */
  readonly key: string;
  /** base64url */
  readonly sealed: string;
}

export function sealNote(keys: SubjectKeys, about: Subject, context: string, words: string): SealedNote {
  const { id, secret } = keys.keyFor(about);
  return {
    key: id,
    sealed: sealBytes(secret, Buffer.from(words), contextOf(context)).toString("base64url"),
  };
}

/** To be opened by who has the key. */
export const sealedNote = (context: string, note: SealedNote): Sealed => ({
  ...note,
  context: contextOf(context),
});

/** Apart from the contexts of records. */
const contextOf = (context: string): string => `note/${context}`;
