/**
 * A reference to a file as the link boundary hands it on: with the member that gave it, since an agency with several members has
 * several servers. Addresses hold no blank, so what follows the first one is the member's own reference, whatever it holds.
 */
import type { MemberAddress } from "../kernel/brands.ts";

export interface AddressedFile {
  readonly member: MemberAddress;
  readonly reference: string;
}

export const addressFile = ({ member, reference }: AddressedFile): string => `${member} ${reference}`;

export function addressedFile(text: string): AddressedFile | null {
  const at = text.indexOf(" ");
  return at < 0 ? null : { member: text.slice(0, at) as MemberAddress, reference: text.slice(at + 1) };
}
