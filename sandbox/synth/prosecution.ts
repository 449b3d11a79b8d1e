/** Tables of the prosecution (PPO): files, the cases in them, and travel orders against suspects. */
import { isoDate } from "./calendar.ts";
import type { JusticeState, PartyRole } from "./codes.ts";
import type { Context } from "./context.ts";
import { prosecutionNumber, prosecutionPerson, suspectRef, victimRef } from "./keys.ts";
import { addressOf } from "./members.ts";
import { narrative } from "./narratives.ts";
import { filePlan, planOf } from "./plan.ts";
import { type FileSuspect, fileOpened, suspectsOf } from "./police.ts";
import { AROUND_FILE, aroundFile } from "./population.ts";
import { pick } from "./random.ts";
import { hasReached, placeInFile } from "./subjects.ts";
import { type SparseTable, sparseTable } from "./tables.ts";
import { reached } from "./tracks.ts";
import type * as R from "./types.ts";

/** Law 1/2008: trafficking, and its aggravation. */
const ARTICLES = ["BH/2008/1/2", "BH/2008/1/4"];

export function ppoCases(ctx: Context): SparseTable<R.PpoCaseRow> {
  return sparseTable("ppo.cases", ctx.sizes.cases, (i) => {
    const plan = planOf(ctx, i);
    if (plan.file === null || !hasReached(ctx, plan, "PROSECUTION_REVIEW")) return undefined;
    const number = prosecutionNumber(plan.file);
    return { ref: victimRef(number, placeInFile(ctx, plan)), number };
  });
}

export function prosecutions(ctx: Context): SparseTable<R.PpoProsecutionRow> {
  return sparseTable("ppo.prosecutions", ctx.sizes.files, (file) => {
    const { state } = filePlan(ctx, file);
    return reached(state, "PROSECUTION_REVIEW") ? prosecutionRow(ctx, file, state) : undefined;
  });
}

/** Suspects of prosecuted files; some may not travel. */
export function ppoPersons(ctx: Context): SparseTable<R.PpoPersonRow> {
  return sparseTable("ppo.persons", ctx.sizes.files * AROUND_FILE, (i) => {
    const file = Math.floor(i / AROUND_FILE);
    const { state, suspects } = filePlan(ctx, file);
    if (i % AROUND_FILE >= suspects || !reached(state, "PROSECUTION_REVIEW")) return undefined;
    const banned = i % AROUND_FILE === 0 || ctx.draws("travelOrder", i)() < 0.5;
    return {
      ref: prosecutionPerson(aroundFile(file, i % AROUND_FILE)),
      travelOrder: banned ? travelBan(isoDate(fileOpened(ctx, file) + 6)) : null,
    };
  });
}

/** A suspect under the keys of prosecution or court. */
export function defendant(
  number: string,
  suspect: FileSuspect,
  person: (n: number) => string,
  role: PartyRole,
): R.DefendantRow {
  return { ref: suspectRef(number, suspect.slot), personRef: person(suspect.n), role };
}

function prosecutionRow(ctx: Context, file: number, state: JusticeState): R.PpoProsecutionRow {
  const draw = ctx.draws("prosecution", file);
  const number = prosecutionNumber(file);
  const charged = reached(state, "CHARGED");
  const decision = charged
    ? "REFERRAL_ORDER"
    : state === "NO_GROUNDS" || state === "RECHARACTERISED"
      ? state
      : null;
  const said = (kind: "evidence" | "reasons", field: string) =>
    ctx.text(narrative(kind, draw()), "ppo.prosecutions", file, field);
  return {
    number,
    decision,
    decidedOn: decision === null ? null : isoDate(fileOpened(ctx, file) + 54),
    charges: suspectsOf(ctx, file).map((suspect) => ({
      article: pick(ARTICLES, draw()),
      defendant: defendant(number, suspect, prosecutionPerson, charged ? "DEFENDANT" : "SUSPECT"),
    })),
    evidenceList: [
      {
        number: `${number}/L1`,
        kind: "TESTIMONY",
        description: said("evidence", "evidence-1"),
        sealed: draw() < 0.3,
      },
    ],
    witnessProtection: [
      { kind: pick(["ANONYMITY", "REMOTE_TESTIMONY", "NO_CONTACT_ORDER"] as const, draw()), until: null },
    ],
    nonPunishmentNote: said("reasons", "nonPunishmentNote"),
  };
}

function travelBan(from: string): R.TravelOrderRow {
  return { kind: "TRAVEL_BAN", authority: { address: addressOf("PPO"), code: "PPO" }, from, until: null };
}
