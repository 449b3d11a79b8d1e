/** The demo world keeps to the counts and assumptions of synthetic.md §2–§4 within a stated error. */
import { describe, expect, it } from "vitest";
import { createContext } from "../../../sandbox/synth/context.ts";
import * as K from "../../../sandbox/synth/knobs.ts";
import { person } from "../../../sandbox/synth/people.ts";
import { planOf } from "../../../sandbox/synth/plan.ts";
import { SEED } from "../../../sandbox/synth/world.ts";
import { world } from "./tables-of.ts";

const SAMPLE = 20_000;
/** Past the cast. */
const FROM = 200;
const demo = world("demo");
const ctx = createContext(SEED, "demo", false);
const people = Array.from({ length: SAMPLE }, (_, k) => person(ctx, FROM + k));
const workers = Array.from({ length: SAMPLE }, (_, k) => demo.lmra.workers.row(FROM + k));
const plans = Array.from({ length: 1_480 }, (_, k) => planOf(ctx, 20 + k));

const share = <Row>(rows: readonly Row[], keep: (row: Row) => boolean): number =>
  rows.filter(keep).length / rows.length;
const within = (actual: number, expected: number, points: number, what: string): void =>
  expect(Math.abs(actual - expected), `${what}: ${actual} for ${expected}`).toBeLessThan(points / 100);

describe("20,000 workers", () => {
  it("have the nationalities, sexes and kinds of the stock within 1 point", () => {
    const named = new Set(K.STOCK.map(([stock]) => stock.slice(0, 3)));
    const total = K.STOCK.reduce((sum, [, count]) => sum + count, 0);
    const stockOf = ({ nationality, sex, domestic }: (typeof people)[number]) =>
      `${named.has(nationality) ? nationality : "OTH"}|${sex}|${domestic ? "D" : "P"}`;
    for (const [stock, count] of K.STOCK)
      within(
        share(people, (p) => stockOf(p) === stock),
        count / total,
        1,
        stock,
      );
  });

  it("have the sections of the census within 1.5 points", () => {
    const men = workers.filter((_, i) => people[i]!.sex === "M" && !people[i]!.domestic);
    const total = K.SECTORS.M.reduce((sum, [, count]) => sum + count, 0);
    for (const [section, count] of K.SECTORS.M)
      within(
        share(men, (w) => w.sector === section),
        count / total,
        1.5,
        section,
      );
  });

  it("have the permits, complaints and left-work reports assumed", () => {
    within(
      share(workers, (w) => w.permitType === "EMPLOYER_SPONSORED"),
      0.82,
      1.5,
      "employer-sponsored",
    );
    within(
      share(workers, (w) => w.permitType === "DOMESTIC"),
      0.134,
      1,
      "domestic",
    );
    within(
      share(workers, (w) => w.permitType === "LABOUR_REGISTRATION"),
      0.04,
      0.5,
      "registration",
    );
    within([...demo.lmra.leftWork].length / demo.lmra.workers.count, 0.008, 0.15, "left work");
    // Cases bring complaints of their own: 78 % of 1,500 cases over 50,000 workers.
    within([...demo.lmra.complaints].length / demo.lmra.workers.count, 0.025 + 0.0225, 0.6, "complaints");
  });

  it("are paid late or not at all in 1.5 % of months within 0.6 points", () => {
    const rows = Array.from({ length: SAMPLE * 12 }, (_, k) => demo.lmra.wageMonths.row(FROM * 12 + k));
    within(
      share(rows, ({ paidOn }) => paidOn === null || paidOn.endsWith("28")),
      0.015,
      0.6,
      "late months",
    );
  });
});

describe("1,480 cases", () => {
  it("fall into outcomes as the funnel says within 3 points", () => {
    const total = 100;
    for (const [outcome, weight] of K.OUTCOMES) {
      const actual = share(plans, ({ tracks }) =>
        outcome === "PRESUMED"
          ? tracks.IDENTIFICATION === "PRESUMED" || tracks.IDENTIFICATION === "CONFIRMED"
          : tracks.IDENTIFICATION === outcome,
      );
      within(actual, weight / total, 3, outcome);
    }
  });

  it("have forms by sex as assumed within 6 points", () => {
    const women = plans.filter(({ victim }) => person(ctx, victim).sex === "F");
    const men = plans.filter(({ victim }) => person(ctx, victim).sex === "M");
    for (const [form, weight] of K.FORMS.F)
      within(
        share(women, (p) => p.form === form),
        weight / 100,
        6,
        `F ${form}`,
      );
    for (const [form, weight] of K.FORMS.M)
      within(
        share(men, (p) => p.form === form),
        weight / 100,
        6,
        `M ${form}`,
      );
  });

  it("shelter a quarter, for 39 days on average", () => {
    within(
      share(plans, ({ shelteredAt }) => shelteredAt !== null),
      392 / 1_500,
      4,
      "sheltered",
    );
    const days = [...demo.epc.content].flatMap(({ shelterStays }) =>
      shelterStays
        .filter((s) => s.leftOn !== null)
        .map((s) => (Date.parse(s.leftOn!) - Date.parse(s.admittedOn)) / 864e5),
    );
    const mean = days.reduce((sum, day) => sum + day, 0) / days.length;
    expect(mean).toBeGreaterThan(30);
    expect(mean).toBeLessThan(48);
  });

  it("bring 25 to 36 files to the police, several victims in some", () => {
    const files = new Set(plans.flatMap(({ file }) => file ?? []));
    expect(files.size).toBeGreaterThan(10);
    expect([...demo.moi.investigations].length - 8).toBeGreaterThanOrEqual(25);
    expect([...demo.moi.investigations].length - 8).toBeLessThanOrEqual(36);
  });

  it("keep a passport in 22 % of labour-only cases and 72 % of labour victims, within 10 points", () => {
    const kept = (outcome: string, form?: string) =>
      share(
        plans.filter((plan) => plan.outcome === outcome && (form === undefined || plan.form === form)),
        ({ index }) =>
          demo.epc.content
            .row(index)
            .screening!.findings.some(({ indicator }) => indicator === "CD_DOCUMENTS"),
      );
    within(kept("LABOUR_VIOLATION_ONLY"), 0.22, 4, "labour-only");
    within(kept("PRESUMED_VICTIM", "labour"), 0.72, 15, "labour victims");
  });
});
