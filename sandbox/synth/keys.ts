/**
 * The keys under which each agency holds what it shares with others: the other end of every link row.
 *
 * One function for each kind of key; rows and links both call it, so that they cannot drift apart.
 */
import type { Context } from "./context.ts";
import { pad } from "./identifiers.ts";
import { MEMBERS } from "./members.ts";
import { base32 } from "./random.ts";

const FILE_YEAR = 2025;

// Police, prosecution, court: a file, its suspects (from 0), and the victims whose cases it joins (from 0).
export const policeNumber = (file: number): string => `ATD-${FILE_YEAR}-${pad(file, 5)}`;
export const prosecutionNumber = (file: number): string => `TIP-${FILE_YEAR}-${pad(file, 4)}`;
export const courtNumber = (file: number): string => `CRT-${FILE_YEAR}-${pad(file, 5)}-1`;
export const victimRef = (fileNumber: string, place: number): string => `${fileNumber}/V${place + 1}`;
export const suspectRef = (fileNumber: string, slot: number): string => `${fileNumber}/S${slot + 1}`;
export const prosecutionPerson = (n: number): string => `TIP-P-${pad(n, 6)}`;
export const courtPerson = (n: number): string => `CRT-P-${pad(n, 6)}`;

// Courts and fund.
export const awardRef = (index: number): string => `AWD-${pad(index, 6)}`;
export const fundCaseRef = (index: number): string => `FND-${pad(index, 6)}`;
export const fundPaymentRef = (index: number, kind: "grant" | "award"): string =>
  `${kind === "grant" ? "GRT" : "PAY"}-${pad(index, 6)}`;

// Care, societies, partners.
export const careNo = (index: number): string => `CARE-${pad(index, 6)}`;
export const licenceNo = (facility: number): string => `LIC-${pad(facility, 4)}`;
export const foreignRef = (index: number, place: number): string => `TNR-${pad(index, 6)}-${place + 1}`;
export const holderNo = (staff: number): string => `HLD-${pad(staff, 5)}`;
export const returnKey = (index: number): string => `RTN-${pad(index, 6)}`;

/** Survivor code of a case's victim: EPC's own, and a different one at each society. */
export function survivorCode(ctx: Context, index: number, member?: string): string {
  const who = member === undefined ? 0 : 1 + MEMBERS.findIndex(({ address }) => address === member);
  return `V-${base32(ctx.seed, `survivor:${who}`, index, 8)}`;
}
