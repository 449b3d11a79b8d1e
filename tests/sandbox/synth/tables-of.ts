/** Every table of a world by name, for tests that look at all of them. */
import type { SparseTable, Table } from "../../../sandbox/synth/tables.ts";
import { createWorld, type Scale, SEED, type World } from "../../../sandbox/synth/world.ts";

export type AnyTable = Table<object> | SparseTable<object>;

export const world = (scale: Scale, canary = false): World => createWorld({ seed: SEED, scale, canary });

export function tablesOf(from: World): ReadonlyMap<string, AnyTable> {
  const { iga, lmra, npra, epc, moi, ppo, crt, mosd, ngo, ext, ncc, rtc } = from;
  const groups = [iga, lmra, npra, epc, moi, ppo, crt, mosd, ngo, ext, ncc, rtc];
  const all: readonly AnyTable[] = [
    from.staff,
    ...groups.flatMap((tables) => Object.values<AnyTable>(tables)),
  ];
  return new Map(all.map((one) => [one.name, one]));
}

/** Every string in a row, with the path to it. */
export function* textsOf(value: unknown, path = ""): Iterable<readonly [path: string, text: string]> {
  if (typeof value === "string") yield [path, value];
  else if (Array.isArray(value))
    for (const [i, item] of value.entries()) yield* textsOf(item, `${path}[${i}]`);
  else if (typeof value === "object" && value !== null)
    for (const [key, item] of Object.entries(value))
      yield* textsOf(item, path === "" ? key : `${path}.${key}`);
}
