/**
 * The tag of a public body, and whether a caller holds it already.
 *
 * Rule    weak, so that one tag stands for every compressed form; `If-None-Match` compares weakly (RFC 9110 §8.8.3, §13.1.2).
 */
import { hash } from "node:crypto";

const TAG = /(?:W\/)?("[^"]*")/g;
const TAG_CHARACTERS = 24;

export const entityTagOf = (bytes: Buffer): string =>
  `W/"${hash("sha256", bytes, "base64url").slice(0, TAG_CHARACTERS)}"`;

export function holds(ifNoneMatch: string | undefined, entityTag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return [...ifNoneMatch.matchAll(TAG)].some(([, opaque]) => entityTag === `W/${opaque}`);
}
