/** Tables of social care (MOSD), of the societies (NGO) and of the foreign side of referrals (EXT). */
import { isoDate, isoInstant } from "./calendar.ts";
import type { Context } from "./context.ts";
import { pad } from "./identifiers.ts";
import { careNo, foreignRef, survivorCode } from "./keys.ts";
import { MEMBERS } from "./members.ts";
import { narrative } from "./narratives.ts";
import { planOf } from "./plan.ts";
import { pick } from "./random.ts";
import { isForeign } from "./subjects.ts";
import { type SparseTable, sparseTable } from "./tables.ts";
import type * as R from "./types.ts";

const CARE_A_CASE = 2;
const ASSISTANCE_A_CASE = 2;
/** Referrals of a case that a table of the foreign side looks at. */
const REFERRALS_A_CASE = 16;

export function careRecords(ctx: Context): SparseTable<R.MosdCareRow> {
  return sparseTable("mosd.care", ctx.sizes.cases * CARE_A_CASE, (i) => {
    const plan = planOf(ctx, Math.floor(i / CARE_A_CASE));
    if (!plan.cared) return undefined;
    const draw = ctx.draws("care", i);
    return {
      careNo: careNo(plan.index),
      kind: pick(["SHELTER", "SOCIAL", "PSYCHOLOGICAL", "FINANCIAL"] as const, draw()),
      on: isoDate(plan.openedDay + 10 + 15 * (i % CARE_A_CASE)),
      summary: ctx.text(narrative("care", draw()), "mosd.care", i, "summary"),
    };
  });
}

/** Decisions of the status committee; on confirmed victims in its care. */
export function statusDecisions(ctx: Context): SparseTable<R.MosdStatusDecisionRow> {
  return sparseTable("mosd.statusDecisions", ctx.sizes.cases, (i) => {
    const plan = planOf(ctx, i);
    if (!plan.cared || plan.tracks.IDENTIFICATION !== "CONFIRMED") return undefined;
    return {
      careNo: careNo(i),
      status: "ACTUAL_VICTIM",
      decidedOn: isoDate(plan.openedDay + 40),
      reasons: ctx.text(narrative("reasons", ctx.draws("status", i)()), "mosd.statusDecisions", i, "reasons"),
    };
  });
}

/** Two slots for each case and society. */
export function assistance(ctx: Context): SparseTable<R.NgoAssistanceRow> {
  const societies = MEMBERS.filter(({ agency }) => agency === "NGO").map(({ address }) => address);
  const width = societies.length * ASSISTANCE_A_CASE;
  return sparseTable("ngo.assistance", ctx.sizes.cases * width, (i) => {
    const plan = planOf(ctx, Math.floor(i / width));
    const member = societies[Math.floor((i % width) / ASSISTANCE_A_CASE)]!;
    if (!plan.assistedBy.includes(member)) return undefined;
    const draw = ctx.draws("assistance", i);
    return {
      member,
      code: survivorCode(ctx, plan.index, member),
      kind: pick(["SOCIAL_CARE", "FOOD_CLOTHING", "LEGAL", "EDUCATION"] as const, draw()),
      on: isoDate(plan.openedDay + 9 + 20 * (i % ASSISTANCE_A_CASE)),
      summary: ctx.text(narrative("assistance", draw()), "ngo.assistance", i, "summary"),
    };
  });
}

/** One row for each referral that went abroad and was answered. */
export function transnational(ctx: Context): SparseTable<R.ExtTransnationalRow> {
  return sparseTable("ext.transnational", ctx.sizes.cases * REFERRALS_A_CASE, (i) => {
    const index = Math.floor(i / REFERRALS_A_CASE);
    const place = i % REFERRALS_A_CASE;
    const plan = planOf(ctx, index);
    const referral = plan.referrals[place];
    if (referral?.status !== "ACCEPTED" || !isForeign(referral.to)) return undefined;
    const draw = ctx.draws("transnational", i);
    return {
      member: referral.to,
      ref: foreignRef(index, place),
      country: MEMBERS.find(({ address }) => address === referral.to)!.nationality ?? "JOR",
      mechanism: referral.reason === "FOREIGN_NRM" ? "national referral mechanism" : "consular section",
      foreignNumber: ctx.text(
        `F-${pad(Math.floor(draw() * 1e6), 6)}`,
        "ext.transnational",
        i,
        "foreignNumber",
      ),
      acknowledgedAt: isoInstant(plan.openedDay + 6, draw()),
    };
  });
}
