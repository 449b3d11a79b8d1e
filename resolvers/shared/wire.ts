/** Readers of what REST agencies write: codes of their own, dates in their own forms. What they do not know is refused. */
import { z } from "zod";
import { vocabularyEnum } from "./codes.ts";

/** A code of the agency, by table. */
export const coded = <Value>(table: Readonly<Record<string, Value>>): z.ZodType<Value> =>
  z.union([z.string(), z.number()]).transform((text, context) => {
    const value = Object.hasOwn(table, text) ? table[text] : undefined;
    return value === undefined ? unknownCode(context) : value;
  });

/** A code of the vocabulary's list `name`, written in the agency's own way: `food clothing`, `broker-travel-agent`. */
export const listed = (
  name: string,
  toCode: (text: string) => string = (text) => text.toUpperCase().replaceAll(/[ -]/g, "_"),
): z.ZodType<string> => {
  const list = vocabularyEnum(name);
  return z.string().transform((text, context) => {
    const code = toCode(text);
    return Object.hasOwn(list, code) ? code : unknownCode(context);
  });
};

function unknownCode(context: z.RefinementCtx): never {
  context.addIssue({ code: "custom", message: "a code that is in no list" });
  return z.NEVER;
}

const dateFrom = (pattern: RegExp) =>
  z
    .string()
    .regex(pattern)
    .transform((text) => {
      const { y, m, d } = pattern.exec(text)?.groups ?? {};
      return `${y}-${m}-${d}`;
    })
    .pipe(z.iso.date());

/** `19910412` */
export const compactDate = dateFrom(/^(?<y>\d{4})(?<m>\d{2})(?<d>\d{2})$/);
/** `12/04/1991` */
export const dayMonthYear = dateFrom(/^(?<d>\d{2})\/(?<m>\d{2})\/(?<y>\d{4})$/);
export const isoInstant = z.iso.datetime();

const BAHRAIN_OFFSET_MS = 3 * 3_600_000;

/** `2025-01-02 12:15:00` by Bahrain's clocks (UTC+3, no summer time), as an instant in UTC. */
export const bahrainTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)
  .transform((text) => Date.parse(`${text.replace(" ", "T")}Z`) - BAHRAIN_OFFSET_MS)
  .pipe(z.number())
  .transform((ms) => new Date(ms).toISOString().replace(".000Z", "Z"));
