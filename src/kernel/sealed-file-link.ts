/**
 * The text of a link to a file as a reader holds it: sealed for this reader, who cannot look inside and cannot pass it on.
 *
 * In      at most 4 kB of text and whom it is for: member, staff, role, purpose and the case that the request named.
 * Out     base64url; opens only for the same reader, and anything else is null. When it ends and that it is used once is
 *         what the text says and `files/` holds.
 */
import type { MemberAddress } from "./brands.ts";
import { open, type SealingKeys, seal } from "./sealing.ts";

export interface FileReader {
  readonly member: MemberAddress;
  readonly staff: string;
  readonly role: string;
  readonly purpose: string;
  /** Uid of the issue's case; null when none was named. */
  readonly issue: string | null;
}

export const sealFileLink = (keys: SealingKeys, reader: FileReader, text: string): string =>
  seal(keys, boxOf(reader), text);

export const openFileLink = (keys: SealingKeys, reader: FileReader, sealed: string): string | null =>
  open(keys, boxOf(reader), sealed);

const boxOf = ({ member, staff, role, purpose, issue }: FileReader) => ({
  use: "file",
  holder: member,
  bound: [staff, role, purpose, issue === null ? "" : `Case|${issue}`],
});
