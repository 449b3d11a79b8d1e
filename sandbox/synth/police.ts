/** Tables of the police (MOI): files with their suspects, and the place of each victim's case in a file. */
import { isoDate, isoInstant, TODAY } from "./calendar.ts";
import type { Context } from "./context.ts";
import { policeNumber, suspectRef, victimRef } from "./keys.ts";
import { narrative } from "./narratives.ts";
import { person } from "./people.ts";
import { casesOfFile, filePlan, planOf } from "./plan.ts";
import { aroundFile } from "./population.ts";
import { pick } from "./random.ts";
import { placeInFile } from "./subjects.ts";
import { type SparseTable, sparseTable, type Table, table } from "./tables.ts";
import { reached } from "./tracks.ts";
import type * as R from "./types.ts";

const KINDS = ["DOCUMENT", "DEVICE", "TESTIMONY", "FINANCIAL"] as const;
const ROLES = ["RECRUITER", "EXPLOITER", "CONTROLLER", "BROKER_TRAVEL_AGENT", "HARBOURER"];

export function moiCases(ctx: Context): SparseTable<R.MoiCaseRow> {
  return sparseTable("moi.cases", ctx.sizes.cases, (i) => {
    const plan = planOf(ctx, i);
    if (plan.file === null) return undefined;
    const number = policeNumber(plan.file);
    return {
      ref: victimRef(number, placeInFile(ctx, plan)),
      policeNumber: number,
      suspectProximity: ctx.draws("proximity", i)() < 0.3,
    };
  });
}

export function investigations(ctx: Context): Table<R.MoiInvestigationRow> {
  return table("moi.investigations", ctx.sizes.files, (file) => {
    const draw = ctx.draws("investigation", file);
    const number = policeNumber(file);
    const opened = fileOpened(ctx, file);
    const { state } = filePlan(ctx, file);
    const said = (kind: "line" | "evidence", field: string) =>
      ctx.text(narrative(kind, draw()), "moi.investigations", file, field);
    return {
      policeNumber: number,
      openedAt: isoDate(opened),
      unit: "Anti-trafficking directorate",
      lines: [said("line", "line-1"), said("line", "line-2")],
      evidence: [0, 1].map((k) => ({
        number: `${number}/E${k + 1}`,
        kind: pick(KINDS, draw()),
        description: said("evidence", `evidence-${k + 1}`),
        sealed: draw() < 0.2,
      })),
      suspects: suspectsOf(ctx, file).map(({ n, slot }) => suspectRow(ctx, file, n, slot)),
      arrests: [
        {
          at: isoInstant(opened + 2, draw()),
          place: ctx.text(
            pick(["Manama", "Riffa", "Muharraq"], draw()),
            "moi.investigations",
            file,
            "arrest-place",
          ),
          released: draw() < 0.5 ? isoInstant(opened + 4, draw()) : null,
        },
      ],
      closedAs: reached(state, "PROSECUTION_REVIEW") ? "REFERRED" : state === "SHELVED" ? "SHELVED" : null,
    };
  });
}

export interface FileSuspect {
  /** Number in the population. */
  readonly n: number;
  readonly slot: number;
}

export function suspectsOf(ctx: Context, file: number): FileSuspect[] {
  return Array.from({ length: filePlan(ctx, file).suspects }, (_, slot) => ({
    n: aroundFile(file, slot),
    slot,
  }));
}

/** Day on which police opened a file: after the first of its cases. */
export function fileOpened(ctx: Context, file: number): number {
  const first = casesOfFile(ctx, file)[0];
  return first === undefined ? TODAY - 200 : planOf(ctx, first).openedDay + 4;
}

function suspectRow(ctx: Context, file: number, n: number, slot: number): R.MoiSuspectRow {
  const draw = ctx.draws("suspect", n);
  return {
    ref: suspectRef(policeNumber(file), slot),
    personRef: person(ctx, n).cpr!,
    role: "SUSPECT",
    perpetratorRoles: [pick(ROLES, draw())],
    perpetratorDetails: ctx.text(
      narrative("suspect", draw()),
      "moi.investigations",
      file,
      `suspect-${slot}-details`,
    ),
  };
}
