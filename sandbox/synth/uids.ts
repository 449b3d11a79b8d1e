/** Canonical uids of objects that several agencies hold. Case objects are in `subjects.ts`, staff in `staff.ts`. */
import type { Context } from "./context.ts";

export const employerUid = (ctx: Context, employer: number): string => ctx.uid("Employer", employer);
/** By the number of the person who is suspected. */
export const suspectUid = (ctx: Context, n: number): string => ctx.uid("Suspect", n);
export const compensationUid = (ctx: Context, index: number, kind: "award" | "grant"): string =>
  ctx.uid("Compensation", index * 2 + (kind === "award" ? 0 : 1));
