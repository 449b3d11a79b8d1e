/**
 * Nonces that a proof must hold where the configuration wants them (RFC 9449 §9): proofs cannot be made ahead.
 *
 * Form    the number of its minute pair and an HMAC of it: nothing is kept, and replicas with one key know each other's.
 * Life    two minutes at least, four at most.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../kernel/clock.ts";

export interface Nonces {
  current(): string;
  isOurs(nonce: unknown): boolean;
}

const PERIOD_MS = 120_000;
const TAG_BYTES = 16;

export function createNonces(key: Uint8Array, clock: Clock): Nonces {
  const period = () => Math.floor(clock.now() / PERIOD_MS);
  const nonceOf = (number: number): string => {
    const tag = createHmac("sha256", key).update(String(number)).digest().subarray(0, TAG_BYTES);
    return `${number.toString(36)}.${tag.toString("base64url")}`;
  };
  return {
    current: () => nonceOf(period()),
    isOurs(nonce) {
      if (typeof nonce !== "string") return false;
      const now = period();
      return [now, now - 1].some((number) => isEqual(nonce, nonceOf(number)));
    },
  };
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
