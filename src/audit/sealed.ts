/** Something that was sealed under a subject's key: an entry of a record, a note. */
import { openBytes } from "./aead.ts";
import type { SubjectKeyring } from "./subject-keys.ts";

export interface Sealed {
  /** Id of the subject's key. */
  readonly key: string;
  /** Base64url. */
  readonly sealed: string;
  /** What it stands in, and must be opened as. */
  readonly context: string;
}

/** Opens many, in order; null for what cannot be opened. */
export type Opening = (all: readonly Sealed[]) => Promise<readonly (Buffer | null)[]>;

/** Null when the key was destroyed, or is not one of these. */
export function openSealed(keys: SubjectKeyring, { key, sealed, context }: Sealed): Buffer | null {
  const secret = keys.secretOf(key);
  return secret && openBytes(secret, Buffer.from(sealed, "base64url"), context);
}
