/**
 * Names drawn at random from common parts (`names.txt`), in Latin and Arabic at once.
 *
 * In   a nationality (alpha-3) that `names.txt` has, a sex, draws.
 * Out  given, father's, grandfather's and family name in both scripts. No real person is meant.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import type { Sex } from "./knobs.ts";
import { type Draw, pick } from "./random.ts";
import type { PersonName } from "./types.ts";

/** One part in Latin and in Arabic. */
type Part = readonly [latin: string, arabic: string];
type Lists = Readonly<Record<"M" | "F" | "L", readonly Part[]>>;

export interface NameParts {
  readonly given: Part;
  readonly father: Part;
  readonly grandfather: Part;
  readonly family: Part;
}
export type Script = "latin" | "ar";

export function drawName(nationality: string, sex: Sex, draw: Draw): NameParts {
  const lists = NAMES.get(nationality);
  if (!lists) throw new RangeError(`names.txt has no names for ${nationality}`);
  return {
    given: pick(lists[sex], draw()),
    father: pick(lists.M, draw()),
    grandfather: pick(lists.M, draw()),
    family: pick(lists.L, draw()),
  };
}

export function personName(parts: NameParts, script: Script): PersonName {
  const at = script === "latin" ? 0 : 1;
  const [given, father, grandfather, family] = [
    parts.given[at],
    parts.father[at],
    parts.grandfather[at],
    parts.family[at],
  ];
  return { given, father, grandfather, family, full: `${given} ${father} ${family}` };
}

const NAMES: ReadonlyMap<string, Lists> = readNames();

/** Nationalities that `names.txt` has lists for. */
export const NAMED_NATIONALITIES: ReadonlySet<string> = new Set(NAMES.keys());

function readNames(): Map<string, Lists> {
  const text = readFileSync(join(PACKAGE_ROOT, "sandbox/synth/names.txt"), "utf8");
  const found = new Map<string, Record<"M" | "F" | "L", Part[]>>();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [nationality, kind, values] = line.split(";") as [string, "M" | "F" | "L", string];
    const lists = found.get(nationality) ?? { M: [], F: [], L: [] };
    lists[kind] = values.split(",").map((part) => part.split("=") as unknown as Part);
    found.set(nationality, lists);
  }
  return found;
}
