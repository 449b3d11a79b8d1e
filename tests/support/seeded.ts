import { inject } from "vitest";

/** A small seeded generator (mulberry32), so that a failing random test can be run again. */
export interface Seeded {
  readonly seed: number;
  number(): number;
  integer(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Up to `count` distinct items. */
  some<T>(items: readonly T[], count: number): T[];
}

export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (from: number, to: number) => from + Math.floor(number() * (to - from + 1));
  const pick = <T>(items: readonly T[]): T => items[integer(0, items.length - 1)] as T;
  return {
    seed,
    number,
    integer,
    chance: (probability) => number() < probability,
    pick,
    some: (items, count) => [...new Set(Array.from({ length: count }, () => pick(items)))],
  };
}

/** The run's seed: `npm test -- --sequence.seed N` tries other questions. */
export const testSeed = (): number => inject("campaign").seed;
