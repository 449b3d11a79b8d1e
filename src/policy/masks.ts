/**
 * Applies the masks of outcomes to values, for one reader at one instant.
 *
 * In      the name of a mask (`Outcome.mask`), a value as its agency sent it.
 * Out     what the form leaves of it (`kernel/mask-forms.ts`). Of a file nothing is left by any of them
 *         (`respond/file-leaf.ts`): it is given whole or not at all.
 * Errors  none: a value of an unexpected shape becomes null.
 */
import { createHmac } from "node:crypto";
import { leaveForm, type MaskEnvironment } from "../kernel/mask-forms.ts";
import type { MaskName } from "./verdict.ts";

/** Pseudonyms of one reading member: HMAC-SHA-256 under a key of the gateway, 80 bits as base64url. */
export function maskEnvironment(key: Uint8Array, member: string, now: number): MaskEnvironment {
  return {
    now,
    pseudonym: (value) =>
      createHmac("sha256", key).update(`${member}\0${value}`).digest().subarray(0, 10).toString("base64url"),
  };
}

const PREFIX = "transform:";

export const applyMask = (name: MaskName, value: unknown, environment: MaskEnvironment): unknown =>
  leaveForm(name.slice(PREFIX.length), value, environment);
