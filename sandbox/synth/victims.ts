/**
 * Who may become the victim of a drawn case: a stretch of workers that belongs to that case alone.
 *
 * The cast's cases come first, with ten workers each; what is left is shared out equally, so that both ways (case to
 * workers, worker to case) are arithmetic.
 */
import { CAST_WORKERS_A_CASE } from "./cast-people.ts";
import { CAST } from "./cast-script.ts";
import type { Context } from "./context.ts";
import { LEAN } from "./knobs.ts";
import { type Person, person } from "./people.ts";
import { chooser } from "./random.ts";

const RESERVED = CAST.length * CAST_WORKERS_A_CASE;

/** One worker of the case's stretch: domestic women likelier than others. */
export function victimFor(ctx: Context, index: number): Person {
  const width = stretch(ctx);
  const from = RESERVED + (index - CAST.length) * width;
  const people = Array.from({ length: width }, (_, k) => person(ctx, from + k));
  return chooser(people.map((who) => [who, lean(who)] as const))(ctx.draws("victim", index)());
}

export function caseOfCandidate(ctx: Context, worker: number): number | undefined {
  if (worker < RESERVED) return Math.floor(worker / CAST_WORKERS_A_CASE);
  const width = stretch(ctx);
  const index = width === 0 ? ctx.sizes.cases : CAST.length + Math.floor((worker - RESERVED) / width);
  return index < ctx.sizes.cases ? index : undefined;
}

function stretch(ctx: Context): number {
  const drawn = ctx.sizes.cases - CAST.length;
  return drawn === 0 ? 0 : Math.floor((ctx.sizes.workers - RESERVED) / drawn);
}

function lean(who: Person): number {
  if (who.sex === "F") return who.domestic ? LEAN.domesticWoman : LEAN.otherWoman;
  return ["IND", "BGD", "PAK"].includes(who.nationality) ? LEAN.builder : LEAN.other;
}
