/**
 * Cedar's 64-bit integers, exactly: a number where JavaScript's is exact, a bigint beyond ±(2⁵³ − 1).
 *
 * Invariant: every value has one form only, so that `===` and `includes` compare values; `<` compares both forms.
 * Errors  outside 64 bits, as in Cedar.
 * Cost    bigints are made only when a result leaves what numbers hold.
 */
import { fail } from "./evaluation-error.ts";

export type Long = number | bigint;

const HIGHEST = 2n ** 63n - 1n;
const LOWEST = -(2n ** 63n);

export function longFrom(value: bigint): Long {
  if (value < LOWEST || value > HIGHEST) return fail();
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** From data: anything but an integer that JavaScript holds exactly is an error, never rounded. */
export const longFromJson = (json: unknown): Long => (Number.isSafeInteger(json) ? (json as number) : fail());

type Operation = (a: Long, b: Long) => Long;

/** A result that is a safe integer is exact: rounding cannot bring one back from beyond 2⁵³. */
const exactly =
  (ofNumbers: (a: number, b: number) => number, ofBigints: (a: bigint, b: bigint) => bigint): Operation =>
  (a, b) => {
    if (typeof a === "number" && typeof b === "number") {
      const result = ofNumbers(a, b);
      // `+ 0` turns −0, which no Long is, into 0.
      if (Number.isSafeInteger(result)) return result + 0;
    }
    return longFrom(ofBigints(BigInt(a), BigInt(b)));
  };

export const sum = exactly(
  (a, b) => a + b,
  (a, b) => a + b,
);
export const difference = exactly(
  (a, b) => a - b,
  (a, b) => a - b,
);
export const product = exactly(
  (a, b) => a * b,
  (a, b) => a * b,
);
/** Rounded towards zero. */
export const quotient = exactly(
  (a, b) => (a - (a % b)) / b,
  (a, b) => a / b,
);
/** Of a positive divisor: never negative. */
export const modulus = exactly(
  (a, b) => ((a % b) + b) % b,
  (a, b) => ((a % b) + b) % b,
);
