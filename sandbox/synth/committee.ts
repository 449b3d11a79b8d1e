/**
 * Tables of the national committee (NCC): recommendations, reports, released tables, and the assistance fund.
 *
 * Released  cells and margins below 10 are marked SMALL without a value, all others rounded to base 5 (reports.md §3).
 */
import { isoDate } from "./calendar.ts";
import type { Context } from "./context.ts";
import { awardOf } from "./courts.ts";
import { pad } from "./identifiers.ts";
import { fundCaseRef, fundPaymentRef } from "./keys.ts";
import { money } from "./labour.ts";
import { MEMBERS } from "./members.ts";
import { planOf } from "./plan.ts";
import { type Draw, pick } from "./random.ts";
import { type SparseTable, sparseTable, type Table, table } from "./tables.ts";
import type * as R from "./types.ts";

const YEARS = [2022, 2023, 2024];
const SOURCES = ["TIP_REPORT", "UPR", "UNTOC_REVIEW", "TREATY_BODY", "NATIONAL"] as const;
const STATUSES = ["OPEN", "IN_PROGRESS", "PARTLY", "DONE", "REJECTED"] as const;
const TABLES = [
  {
    code: "T-01",
    en: "Victims by sex and age",
    ar: "الضحايا حسب الجنس والعمر",
    keys: [
      ["F", "M"],
      ["under 18", "adult"],
    ],
  },
  {
    code: "T-02",
    en: "Victims by form and sex",
    ar: "الضحايا حسب الشكل والجنس",
    keys: [
      ["labour", "sexual", "other"],
      ["F", "M"],
    ],
  },
  {
    code: "T-04",
    en: "Victims by referral source",
    ar: "الضحايا حسب مصدر الإحالة",
    keys: [["hotline", "police", "society", "embassy"]],
  },
  {
    code: "T-07",
    en: "Persons by justice step",
    ar: "الأشخاص حسب مرحلة الدعوى",
    keys: [["suspected", "prosecuted", "convicted"]],
  },
] as const;
const TEXTS = [
  { en: "Screen every worker in detention before removal.", ar: "فرز كل عامل محتجز قبل الإبعاد." },
  { en: "Publish figures on second reviews.", ar: "نشر أرقام المراجعة الثانية." },
  { en: "Train labour inspectors in indicators.", ar: "تدريب مفتشي العمل على المؤشرات." },
  { en: "Widen the assistance fund.", ar: "توسيع صندوق دعم الضحايا." },
];

export function recommendations(ctx: Context): Table<R.NccRecommendationRow> {
  return table("ncc.recommendations", 40, (i) => {
    const draw = ctx.draws("recommendation", i);
    return {
      number: `REC-${pad(i + 1, 4)}`,
      source: pick(SOURCES, draw()),
      text: pick(TEXTS, draw()),
      assignees: [MEMBERS[i % MEMBERS.length]!.address, pick(MEMBERS, draw()).address],
      status: pick(STATUSES, draw()),
      evidence: draw() < 0.5 ? [{ code: pick(TABLES, draw()).code, year: pick(YEARS, draw()) }] : [],
      published: draw() < 0.5,
    };
  });
}

export function reports(ctx: Context): Table<R.NccReportRow> {
  return table("ncc.reports", 20, (i) => {
    const year = YEARS[i % YEARS.length]!;
    const draw = ctx.draws("report:national", i);
    return {
      number: `NR-${pad(i + 1, 4)}`,
      kind: `R${pad((i % 10) + 1, 2)}`,
      period: { from: `${year}-01-01`, until: `${year}-12-31` },
      status: pick(["DRAFT", "AGENCY_APPROVED", "FILED"] as const, draw()),
      assignees: [pick(MEMBERS, draw()).address, pick(MEMBERS, draw()).address],
      tables: TABLES.slice(0, 2).map(({ code }) => ({ code, year })),
    };
  });
}

export function releasedTables(ctx: Context): Table<R.NccTableRow> {
  return table("ncc.releasedTables", TABLES.length * YEARS.length, (i) => {
    const { code, en, ar, keys } = TABLES[i % TABLES.length]!;
    const draw = ctx.draws("releasedTable", i);
    const year = YEARS[Math.floor(i / TABLES.length)]!;
    return {
      code,
      year,
      title: { ar, en },
      method: "ROUNDING",
      cells: cross(keys).map((at) => cell(at, draw)),
    };
  });
}

/** Two slots for each case: the fund's own grant, and the payment of a court's award. */
export function fund(ctx: Context): SparseTable<R.NccFundRow> {
  return sparseTable("ncc.fund", ctx.sizes.cases * 2, (i) => {
    const plan = planOf(ctx, Math.floor(i / 2));
    const kind = i % 2 === 0 ? "grant" : "award";
    const { grant, award } = plan.compensation;
    if (kind === "grant" ? !grant : award !== "paid") return undefined;
    return {
      ref: fundPaymentRef(plan.index, kind),
      caseRef: fundCaseRef(plan.index),
      kind,
      source: kind === "grant" ? "FUND" : "COURT",
      amount: kind === "grant" ? money(300) : awardOf(ctx, plan.index),
      paidOn: plan.tracks.REDRESS === "PAID" ? isoDate(plan.openedDay + 130) : null,
    };
  });
}

function cell(keys: readonly string[], draw: Draw): R.NccTableRow["cells"][number] {
  const count = Math.floor(draw() ** 2 * 120);
  return count < 10
    ? { keys, value: null, mark: "SMALL" }
    : { keys, value: 5 * Math.round(count / 5), mark: null };
}

function cross(keys: readonly (readonly string[])[]): string[][] {
  return keys.reduce<string[][]>(
    (rows, values) => rows.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );
}
