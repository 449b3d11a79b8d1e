/**
 * Tables of the population register (IGA) and of passports, residence and movements (NPRA).
 *
 * Hold   `protectionHold` is set for presumed victims, and as well for pending labour disputes, witnesses and
 *        medical cases, so that it proves nothing (agencies.md §8).
 */
import { FAR_FUTURE, isoDate, isoInstant, TODAY } from "./calendar.ts";
import type { Context } from "./context.ts";
import { pad, passportNumber } from "./identifiers.ts";
import { returnKey } from "./keys.ts";
import { NOISE, OTHER_HOLDS } from "./knobs.ts";
import { hasPendingDispute } from "./labour.ts";
import { personName } from "./names.ts";
import { ageOn, type Person, person, residenceKey } from "./people.ts";
import { caseOfPerson, planOf } from "./plan.ts";
import { personAt, populationCount } from "./population.ts";
import { chooser, pick } from "./random.ts";
import { type SparseTable, sparseTable, type Table, table } from "./tables.ts";
import type * as R from "./types.ts";

const pickMarital = chooser<R.IgaPersonRow["maritalStatus"]>([
  ["SINGLE", 42],
  ["MARRIED", 50],
  ["WIDOWED", 3],
  ["DIVORCED", 4],
  ["SEPARATED", 1],
]);
const AREAS = [
  "Manama",
  "Muharraq",
  "Riffa",
  "Isa Town",
  "Hamad Town",
  "Sitra",
  "Hidd",
  "Jidhafs",
  "Budaiya",
];
const AGE_BANDS = [
  [9, "AGE_0_8"],
  [18, "AGE_9_17"],
  [21, "AGE_18_20"],
  [24, "AGE_21_23"],
  [27, "AGE_24_26"],
  [30, "AGE_27_29"],
  [39, "AGE_30_38"],
  [48, "AGE_39_47"],
] as const;

/** Everybody but visitors. */
export function igaPersons(ctx: Context): SparseTable<R.IgaPersonRow> {
  return sparseTable("iga.persons", populationCount(ctx.sizes), (i) => {
    const who = person(ctx, personAt(ctx.sizes, i));
    return who.cpr === null ? undefined : igaRow(ctx, who, who.cpr);
  });
}

/** Everybody. */
export function npraPersons(ctx: Context): Table<R.NpraPersonRow> {
  return table("npra.persons", populationCount(ctx.sizes), (i) =>
    npraRow(ctx, person(ctx, personAt(ctx.sizes, i))),
  );
}

export function npraReturns(ctx: Context): SparseTable<R.NpraReturnRow> {
  return sparseTable("npra.returns", ctx.sizes.cases, (i) => {
    const plan = planOf(ctx, i);
    if (plan.returnWish === null || plan.returnWish === "UNDECIDED") return undefined;
    const gone = plan.tracks.PROTECTION === "COMPLETED" && plan.returnWish === "RETURN";
    return {
      key: returnKey(i),
      travelDocument:
        plan.returnWish === "STAY" ? null : ctx.text(`LP-0${pad(i, 6)}`, "npra.returns", i, "travelDocument"),
      departedOn: gone ? isoDate(Math.min(TODAY, plan.openedDay + 120)) : null,
    };
  });
}

export function address(ctx: Context, tableName: string, i: number): R.Address {
  const draw = ctx.draws(`address:${tableName}`, i);
  const block = 100 + Math.floor(draw() * 900);
  return {
    flat: draw() < 0.6 ? String(1 + Math.floor(draw() * 40)) : null,
    building: ctx.text(String(1 + Math.floor(draw() * 2_000)), tableName, i, "building"),
    road: `0${block}${pad(Math.floor(draw() * 100), 2)}`,
    block: `0${block}`,
    area: pick(AREAS, draw()),
  };
}

function igaRow(ctx: Context, who: Person, cpr: string): R.IgaPersonRow {
  const draw = ctx.draws("iga", who.n);
  const age = ageOn(who);
  return {
    cpr,
    nameAr: markedName(ctx, personName(who.names, "ar"), who.n, "nameAr"),
    nameLatin: markedName(ctx, personName(who.names, "latin"), who.n, "nameLatin"),
    birthDate: who.birthDate,
    ageBand: AGE_BANDS.find(([below]) => age < below)?.[1] ?? "AGE_48_PLUS",
    isChild: age < 18,
    gender: who.sex === "F" ? "FEMININE" : "MASCULINE",
    citizenships: [who.nationality],
    maritalStatus: age < 18 ? "SINGLE" : pickMarital(draw()),
    deceased: draw() < 0.001,
    address: address(ctx, "iga.persons", who.n),
  };
}

function markedName(ctx: Context, name: R.PersonName, n: number, field: string): R.PersonName {
  const mark = (part: string | null, of: string) =>
    part === null ? null : ctx.text(part, "iga.persons", n, `${field}-${of}`);
  return {
    given: mark(name.given, "given"),
    father: mark(name.father, "father"),
    grandfather: mark(name.grandfather, "grandfather"),
    family: mark(name.family, "family"),
    full: ctx.text(name.full, "iga.persons", n, `${field}-full`),
  };
}

function npraRow(ctx: Context, who: Person): R.NpraPersonRow {
  const draw = ctx.draws("npra", who.n);
  const arrived = TODAY - 60 - Math.floor(draw() * 2_000);
  const passports = [passport(who, who.passport, isoDate(TODAY + 100 + Math.floor(draw() * 3_000)))];
  if (draw() < NOISE.noPassport)
    passports.unshift(passport(who, passportNumber(who.n, who.nationality, true), isoDate(arrived)));
  return {
    key: residenceKey(who),
    residence: residence(who, draw(), arrived),
    protectionHold: hold(ctx, who.n) || draw() < OTHER_HOLDS,
    passports,
    movements: who.nationality === "BHR" ? [] : movements(draw, arrived),
  };
}

function passport(who: Person, number: string, expiresOn: string): R.NpraPassportRow {
  return { key: `${who.nationality}-${number}`, country: who.nationality, number, expiresOn };
}

function residence(who: Person, u: number, arrived: number): R.NpraPersonRow["residence"] {
  if (who.nationality === "BHR") return null;
  const kinds = { worker: "LABOUR_MIGRANT", visitor: "VISITOR", resident: "FAMILY_MIGRANT" } as const;
  const lapsed = u < 0.04;
  return {
    number: `RES-0${pad(who.n, 6)}`,
    kind: lapsed ? "IRREGULAR" : kinds[who.kind],
    validUntil: lapsed ? isoDate(arrived + 365) : FAR_FUTURE.slice(0, 10),
    status: lapsed ? "LAPSED" : "VALID",
  };
}

function movements(draw: () => number, arrived: number): R.NpraMovementRow[] {
  const port = "Bahrain International Airport";
  const first = { at: isoInstant(arrived, draw()), direction: "ARRIVAL", port } as const;
  const left = arrived + 300;
  if (draw() > 0.3 || left + 40 > TODAY) return [first];
  return [
    first,
    { at: isoInstant(left, draw()), direction: "DEPARTURE", port },
    { at: isoInstant(left + 30, draw()), direction: "ARRIVAL", port },
  ];
}

function hold(ctx: Context, n: number): boolean {
  const index = caseOfPerson(ctx, n);
  if (index !== undefined) {
    const { IDENTIFICATION } = planOf(ctx, index).tracks;
    if (IDENTIFICATION === "PRESUMED" || IDENTIFICATION === "CONFIRMED") return true;
  }
  return hasPendingDispute(ctx, n);
}
