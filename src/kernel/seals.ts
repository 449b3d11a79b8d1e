/**
 * How ids and cursors are given to a reader and taken back: sealed for the reader's member, or, in `ihala dev`, as they are.
 */
import type { MemberAddress, Uid } from "./brands.ts";
import { CURSOR_LIFETIME_MS, openCursor, sealCursor } from "./sealed-cursor.ts";
import { type FileReader, openFileLink, sealFileLink } from "./sealed-file-link.ts";
import { type OpenedId, openId, sealId } from "./sealed-id.ts";
import { deriveKey, type SealingKeys } from "./sealing.ts";

/** Who holds a cursor, for what, and when the request came. */
export interface Holder {
  readonly member: MemberAddress;
  readonly purpose: string;
  readonly nowMs: number;
}

export interface Seals {
  /** Null for what does not open for this member. */
  readonly openId: (member: MemberAddress, given: string) => OpenedId | null;
  readonly sealId: (member: MemberAddress, type: string, uid: string) => string;
  /** Null for what is no cursor of this list, this holder and this day. */
  readonly openCursor: (holder: Holder, filterHash: string, given: string) => string | null;
  readonly sealCursor: (holder: Holder, filterHash: string, cursor: string) => string;
  /** Links to files; null where nothing is sealed: then a reference is shown as the agency wrote it. */
  readonly fileLinks: FileSeals | null;
  /** Key of the pseudonyms that masks write. */
  readonly pseudonymKey: Uint8Array;
  /** Rows that a page may ask for at most. */
  readonly maxPageSize: number;
}

export interface FileSeals {
  readonly seal: (reader: FileReader, text: string) => string;
  /** Null for what does not open for this reader. */
  readonly open: (reader: FileReader, sealed: string) => string | null;
}

/** More is refused, not cut. */
const MAX_PAGE_SIZE = 100;

export const sealed = (keys: SealingKeys): Seals => ({
  openId: (member, given) => openId(keys, member, given),
  sealId: (member, type, uid) => sealId(keys, member, type, uid as Uid),
  openCursor: (holder, filterHash, given) => openCursor(keys, { ...holder, filterHash }, given),
  sealCursor: ({ member, purpose, nowMs }, filterHash, cursor) =>
    sealCursor(keys, { member, purpose, filterHash, cursor, expiresAtMs: nowMs + CURSOR_LIFETIME_MS }),
  fileLinks: {
    seal: (reader, text) => sealFileLink(keys, reader, text),
    open: (reader, given) => openFileLink(keys, reader, given),
  },
  pseudonymKey: deriveKey(keys.current, "pseudonyms"),
  maxPageSize: MAX_PAGE_SIZE,
});

/** Nothing is sealed: for a supergraph of which nothing is known and nothing is decided. */
export const unsealed: Seals = {
  openId: (_member, given) => ({ type: "", uid: given as Uid }),
  sealId: (_member, _type, uid) => uid,
  openCursor: (_holder, _filterHash, given) => given,
  sealCursor: (_holder, _filterHash, cursor) => cursor,
  fileLinks: null,
  pseudonymKey: new Uint8Array(32),
  maxPageSize: Number.POSITIVE_INFINITY,
};
