/**
 * People as EPC's own intake wrote them down: the noise of a first contact (synthetic.md §6), and what only EPC asks.
 *
 * Out   three slots for each case: victim, reporter (unless anonymous), guardian or witness.
 * Note  the true person is `personUid(n)`; a linkage test scores against it.
 */

import { EDUCATION_LEVELS } from "./codes.ts";
import type { Context } from "./context.ts";
import { NOISE } from "./knobs.ts";
import { personName, type Script } from "./names.ts";
import { ageOn, type Person, person } from "./people.ts";
import { planOf } from "./plan.ts";
import { aroundCase } from "./population.ts";
import { type Draw, pick } from "./random.ts";
import { personUid, reporterOf } from "./subjects.ts";
import { type SparseTable, sparseTable } from "./tables.ts";
import type * as R from "./types.ts";

const SLOTS = 3;
const LANGUAGES: Readonly<Record<string, string>> = {
  IND: "hin",
  BGD: "ben",
  PAK: "urd",
  PHL: "tgl",
  NPL: "nep",
  ETH: "amh",
  LKA: "sin",
  KEN: "swa",
  IDN: "ind",
  THA: "tha",
};

export function epcPersons(ctx: Context): SparseTable<R.EpcPersonRow> {
  return sparseTable("epc.persons", ctx.sizes.cases * SLOTS, (i) => {
    const plan = planOf(ctx, Math.floor(i / SLOTS));
    const slot = i % SLOTS;
    // A merged case's victim is written down by the case that was kept.
    const victim = plan.mergedInto === null ? plan.victim : null;
    const n = [victim, reporterOf(plan), aroundCase(plan.index, "guardian")][slot]!;
    return n === null ? undefined : row(ctx, person(ctx, n), slot === 0);
  });
}

function row(ctx: Context, who: Person, victim: boolean): R.EpcPersonRow {
  const draw = ctx.draws("intake", who.n);
  const script: Script = draw() < NOISE.otherScript ? "ar" : "latin";
  const mark = (value: string, field: string) => ctx.text(value, "epc.persons", who.n, field);
  const noCpr = draw() < NOISE.noCpr;
  const noPassport = draw() < NOISE.noPassport;
  return {
    uid: personUid(ctx, who.n),
    index: who.n,
    intakeName: noisyName(personName(who.names, script), script, draw, mark),
    intakeScript: script,
    intakeBirthDate: noisyBirthDate(who.birthDate, draw),
    intakeCpr: noCpr ? null : who.cpr,
    intakePassport: noPassport ? null : who.passport,
    aliases: draw() < 0.3 ? [mark(pick(who.names.given, draw()), "alias")] : [],
    primaryLanguage: LANGUAGES[who.nationality] ?? "ara",
    otherLanguages: draw() < 0.5 ? ["eng"] : [],
    numberOfChildren: ageOn(who) < 18 ? 0 : Math.floor(draw() ** 2 * 5),
    education: pick(EDUCATION_LEVELS.slice(1, 7), draw()),
    safeContact: victim
      ? {
          channel: pick(["VOICE", "SMS", "CHAT", "THROUGH_THIRD_PARTY"] as const, draw()),
          address: mark("through the centre's desk", "safeContact-address"),
          hours: mark("18:00-20:00", "safeContact-hours"),
          codeWord: mark(pick(["lantern", "harbour", "saffron", "orchard"], draw()), "safeContact-codeWord"),
          logSafe: false,
        }
      : null,
    isChild: ageOn(who) < 18,
    citizenships: [who.nationality],
  };
}

function noisyName(
  name: R.PersonName,
  script: Script,
  draw: Draw,
  mark: (value: string, field: string) => string,
): R.PersonName {
  const spelt = (part: string | null) =>
    part !== null && script === "latin" && draw() < NOISE.vowelsChanged
      ? part.replace(/[aeiou](?!$)/, "e")
      : part;
  const given = spelt(name.given) ?? "";
  const father = draw() < NOISE.partMissing ? null : spelt(name.father);
  const family = spelt(name.family) ?? "";
  const parts = [given, father, family].filter((part) => part !== null);
  const full = (draw() < NOISE.reversed ? parts.reverse() : parts).join(" ");
  return {
    given: mark(given, "intakeName-given"),
    father: father === null ? null : mark(father, "intakeName-father"),
    grandfather: null,
    family: mark(family, "intakeName-family"),
    full: mark(full, "intakeName-full"),
  };
}

function noisyBirthDate(birthDate: string, draw: Draw): string | null {
  const u = draw();
  const [year, month, day] = birthDate.split("-") as [string, string, string];
  if (u < NOISE.birthDateUnknown) return null;
  if (u < NOISE.birthDateUnknown + NOISE.birthDateFirstOfJanuary) return `${year}-01-01`;
  if (u > 1 - NOISE.birthDateDamaged)
    return Number(day) <= 12 ? `${year}-${day}-${month}` : `${Number(year) - 1}-${month}-${day}`;
  return birthDate;
}
