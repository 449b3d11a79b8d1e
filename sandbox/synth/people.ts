/**
 * People before any register writes them down: who somebody is, the same for every agency.
 *
 * In     a number of the population (`population.ts`).
 * Out    a `Person`, a pure function of (seed, n); the cast's people are as scripted, all others drawn.
 * Rule   visitors have no personal number; everybody else has.
 */
import { isoDate, TODAY } from "./calendar.ts";
import { CAST_PEOPLE } from "./cast-people.ts";
import type { Context } from "./context.ts";
import { cprNumber, pad, passportNumber } from "./identifiers.ts";
import {
  AGES,
  OTHER_COUNTRIES,
  RESIDENT_NATIONALITIES,
  type Sex,
  STOCK,
  SUSPECT_MEN,
  SUSPECT_NATIONALITIES,
  VISITOR_NATIONALITIES,
} from "./knobs.ts";
import { drawName, NAMED_NATIONALITIES, type NameParts } from "./names.ts";
import { placeOf } from "./population.ts";
import { chooser, type Draw } from "./random.ts";

export interface Person {
  readonly n: number;
  readonly nationality: string;
  readonly sex: Sex;
  readonly kind: "worker" | "visitor" | "resident";
  readonly domestic: boolean;
  readonly birthDate: string;
  readonly names: NameParts;
  /** Null for visitors. */
  readonly cpr: string | null;
  readonly passport: string;
}

type Who = Pick<Person, "nationality" | "sex" | "kind" | "domestic"> & { readonly namesOf: string };

const pickStock = chooser(STOCK);
const pickAge = chooser(AGES);
const pickOther = chooser(OTHER_COUNTRIES);
const pickVisitor = chooser(VISITOR_NATIONALITIES);
const pickResident = chooser(RESIDENT_NATIONALITIES);
const pickSuspect = chooser(SUSPECT_NATIONALITIES);

export function person(ctx: Context, n: number): Person {
  const draw = ctx.draws("person", n);
  const drawn = who(n, draw);
  const script = CAST_PEOPLE.get(n);
  const { nationality, sex, kind, domestic, namesOf } = script
    ? { ...drawn, ...script, domestic: script.domestic ?? false, namesOf: listFor(script.nationality) }
    : drawn;
  const names = drawName(namesOf, sex, draw);
  const age = pickAge(draw());
  const year = script?.birthYear ?? 2025 - age - Math.floor(draw() * 5);
  const month = 1 + Math.floor(draw() * 12);
  const day = 1 + Math.floor(draw() * 28);
  return {
    n,
    nationality,
    sex,
    kind,
    domestic,
    birthDate: `${year}-${pad(month, 2)}-${pad(day, 2)}`,
    names,
    cpr: kind === "visitor" ? null : cprNumber(n, year, month),
    passport: passportNumber(n, nationality, false),
  };
}

/** Key of a person at the residence authority: the personal number, or a visitor's own number. */
export const residenceKey = (who: Person): string => who.cpr ?? `VIS-0${pad(who.n, 6)}`;

/** Age in whole years on a day (days since the epoch). */
export function ageOn(who: Person, day: number = TODAY): number {
  const on = isoDate(day);
  const years = Number(on.slice(0, 4)) - Number(who.birthDate.slice(0, 4));
  return on.slice(5) < who.birthDate.slice(5) ? years - 1 : years;
}

function who(n: number, draw: Draw): Who {
  const place = placeOf(n);
  if (place.kind === "worker") return workerWho(draw);
  if (place.kind === "file") {
    const nationality = pickSuspect(draw());
    return plain(nationality, draw() < SUSPECT_MEN ? "M" : "F", "resident");
  }
  if (place.slot === "visitor") return plain(pickVisitor(draw()), "F", "visitor");
  const nationality = pickResident(draw());
  return plain(nationality, draw() < 0.5 ? "M" : "F", "resident");
}

function workerWho(draw: Draw): Who {
  const [stock, sex, sector] = pickStock(draw()).split("|") as [string, Sex, "P" | "D"];
  const domestic = sector === "D";
  if (stock !== "OTH") return { nationality: stock, sex, kind: "worker", domestic, namesOf: stock };
  const [nationality, namesOf] = pickOther(draw());
  return { nationality, sex, kind: "worker", domestic, namesOf };
}

function plain(nationality: string, sex: Sex, kind: Person["kind"]): Who {
  return { nationality, sex, kind, domestic: false, namesOf: listFor(nationality) };
}

function listFor(nationality: string): string {
  if (NAMED_NATIONALITIES.has(nationality)) return nationality;
  return OTHER_COUNTRIES.find(([[country]]) => country === nationality)?.[0][1] ?? "EGY";
}
