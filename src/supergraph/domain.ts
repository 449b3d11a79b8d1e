/**
 * The national model as data, typed and checked: what `schema/domain.json` says.
 *
 * In      the schema folder.
 * Out     the tables as they are written, frozen by type. Who decides with them (`policy/domain.ts`) builds its own view.
 * Errors  SUPERGRAPH_INVALID naming every place that has another shape.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { supergraphInvalid } from "./problems.ts";

const text = z.string();
const level = z.enum(["S0", "S1", "S2", "S3", "S4", "S5"]);
const code = z.object({ code: text, en: text, ar: text });

const domainSchema = z.object({
  /** Agencies in the order of the matrix. */
  order: z.array(text),
  agencies: z.array(code.extend({ xroad: text, backend: text })),
  fields: z.array(
    z.object({
      type: text,
      field: text,
      gql: text,
      owner: text,
      cls: level,
      group: text,
      ar: text,
      note: text,
    }),
  ),
  groups: z.array(code.extend({ cls: level })),
  enums: z.record(text, z.object({ source: text, values: z.array(code) })),
  indicators: z.array(code.extend({ dimension: text, strength: text, ilo11: text, htcds: text })),
  matrix: z.record(text, z.record(text, z.object({ effect: text, reason: text }))),
  masks: z.array(
    z.object({
      group: text,
      agency: text,
      kind: z.enum(["fields", "rows", "transform"]),
      fields: z.array(text),
      leaves: text,
    }),
  ),
  reasons: z.array(z.object({ code: text, en: text, anchor: text })),
  roles: z.array(
    z.object({
      id: text,
      en: text,
      ar: text,
      purposes: z.array(text),
      aal: z.enum(["AAL1", "AAL2", "AAL3"]),
    }),
  ),
  clearance: z.record(text, z.object({ cls: level, scope: text })),
  transitions: z.array(
    z.object({
      id: text,
      track: text,
      from: text,
      to: text,
      mutation: text,
      who: z.array(text),
      guards: text,
      effects: text,
    }),
  ),
});

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
export type Domain = DeepReadonly<z.infer<typeof domainSchema>>;

export const loadDomain = (schemaDir: string): Promise<Domain> =>
  readTable(join(schemaDir, "domain.json"), domainSchema);

/** A JSON file of the schema folder, checked; all that is wrong at once. */
export async function readTable<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  throw supergraphInvalid(
    parsed.error.issues.map(({ path, message }) => `${file}: \`${path.join(".")}\`: ${message}`),
  );
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw supergraphInvalid([`${file}: ${cause instanceof Error ? cause.message : "unreadable"}`], cause);
  }
}
