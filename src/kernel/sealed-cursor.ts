/**
 * A page cursor as a client holds it: the agency's own cursor, sealed for one member, purpose and filter.
 *
 * In      the agency's cursor (opaque to us, at most 2,048 bytes) and what it is bound to.
 * Out     base64url; opens only for the same member, purpose and filter hash, and strictly before its expiry
 *         (security design §5, "Pages": 24 hours). Anything else is null: the caller answers BAD_CURSOR.
 */
import type { MemberAddress } from "./brands.ts";
import { open, type SealingKeys, seal } from "./sealing.ts";

export interface CursorBinding {
  readonly member: MemberAddress;
  readonly purpose: string;
  /** Hash of filter and order: a cursor of one list is no cursor of another. */
  readonly filterHash: string;
}

export const CURSOR_LIFETIME_MS = 24 * 60 * 60 * 1_000;
const MAX_CURSOR_BYTES = 2_048;
const EXPIRY_AND_CURSOR = /^(\d{1,16})\|(.*)$/s;

export function sealCursor(
  keys: SealingKeys,
  cursor: CursorBinding & { readonly cursor: string; readonly expiresAtMs: number },
): string {
  if (Buffer.byteLength(cursor.cursor) > MAX_CURSOR_BYTES)
    throw new RangeError("cursor too long to be sealed");
  return seal(keys, cursorBox(cursor), `${Math.trunc(cursor.expiresAtMs)}|${cursor.cursor}`);
}

export function openCursor(
  keys: SealingKeys,
  { nowMs, ...binding }: CursorBinding & { readonly nowMs: number },
  sealed: string,
): string | null {
  const [, expiresAtMs, cursor] = EXPIRY_AND_CURSOR.exec(open(keys, cursorBox(binding), sealed) ?? "") ?? [];
  return cursor !== undefined && Number(expiresAtMs) > nowMs ? cursor : null;
}

const cursorBox = ({ member, purpose, filterHash }: CursorBinding) => ({
  use: "cursor",
  holder: member,
  bound: [purpose, filterHash],
});
