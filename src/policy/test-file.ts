/**
 * Policy tests as security officers write them: `policies/**` `*.test.yaml`, a matrix of readers × cases × fields.
 *
 *     title: A society reads what the survivor agreed to
 *     readers:
 *       caseworker: { role: NGO.caseworker, purpose: SHELTER_CARE }
 *     cases:
 *       referred: { referrals: [{ groups: [SERVICES_PLAN] }], consents: [{ groups: [SERVICES_PLAN] }] }
 *     fields: [Case.id, Case.nrmNumber, SERVICES_PLAN]     # fields, or groups for all their fields
 *     expect:
 *       - { who: caseworker, in: referred, ALLOW: [Case.id, SERVICES_PLAN], HIDE: [Case.nrmNumber] }
 *
 * Every reader asks every field in every case. What `expect` does not list is expected to be closed (DENY or HIDE).
 * `who` and `in` take a name, a list, or `"*"`; `because` is the reason of what the entry denies. A case takes the
 * fields of a row of the decision procedure (now = 1000); a referral that does not say otherwise is ACCEPTED, in force
 * and for the reader's purpose; a consent is GIVEN, in force and names the reader's agency.
 * Errors  a file that cannot be read as this is a list of problems with lines; nothing is run from it.
 */
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import type { DecideQuestion } from "./decide.ts";
import type { Domain } from "./domain.ts";
import type { Effect } from "./verdict.ts";

const IN_FORCE = 2000;
const EFFECTS = ["ALLOW", "MASK", "AGGREGATE", "DENY", "HIDE"] as const satisfies readonly Effect[];

const names = z.union([z.string().transform((name) => [name]), z.array(z.string()).min(1)]);
const list = z.array(z.string());
const caseSchema = z.strictObject({
  caseBound: z.boolean().optional(),
  own: z.boolean().optional(),
  owner: z.boolean().optional(),
  assigned: z.boolean().optional(),
  referrals: z
    .array(
      z.strictObject({
        status: z.string().default("ACCEPTED"),
        expiresAt: z.number().default(IN_FORCE),
        purpose: z.string().optional(),
        groups: list.default([]),
      }),
    )
    .default([]),
  consents: z
    .array(
      z.strictObject({
        status: z.string().default("GIVEN"),
        validUntil: z.number().default(IN_FORCE),
        recipients: list.optional(),
        groups: list,
      }),
    )
    .default([]),
  basis: z.string().optional(),
  charged: z.boolean().optional(),
  courtGroups: list.optional(),
  child: z.boolean().optional(),
  sealed: z.boolean().optional(),
  officialSuspect: z.boolean().optional(),
  staffConflict: z.boolean().optional(),
  breakGlass: z.strictObject({ until: z.number().default(IN_FORCE) }).optional(),
});
const fileSchema = z.strictObject({
  title: z.string(),
  readers: z.record(
    z.string(),
    z.strictObject({ role: z.string(), purpose: z.string(), certificates: list.default([]) }),
  ),
  cases: z.record(
    z.string(),
    caseSchema.nullable().transform((row) => row ?? caseSchema.parse({})),
  ),
  fields: list.min(1),
  expect: z.array(
    z.strictObject({
      who: names,
      in: names,
      because: z.string().optional(),
      ALLOW: list.default([]),
      MASK: list.default([]),
      AGGREGATE: list.default([]),
      DENY: list.default([]),
      HIDE: list.default([]),
    }),
  ),
});

export interface Expectation {
  readonly line: number;
  readonly who: readonly string[];
  readonly in: readonly string[];
  readonly because: string | undefined;
  /** Field → effect. */
  readonly effects: ReadonlyMap<string, Effect>;
}

export interface PolicyTest {
  readonly file: string;
  readonly title: string;
  readonly readers: readonly string[];
  readonly cases: readonly string[];
  /** Coordinates, groups expanded. */
  readonly fields: readonly string[];
  readonly expectations: readonly Expectation[];
  question(reader: string, situation: string, field: string): DecideQuestion;
}

export type ParsedTest = { readonly test: PolicyTest } | { readonly problems: readonly string[] };

export function parsePolicyTest(file: string, text: string, domain: Domain): ParsedTest {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map(({ message, pos }) => `${at(pos[0])}: ${message.split("\n")[0]}`),
    };
  }
  const lineOf = (path: readonly PropertyKey[]) => {
    const node = document.getIn(path, true) as { range?: readonly number[] } | undefined;
    return at(node?.range?.[0] ?? 0);
  };
  const parsed = fileSchema.safeParse(document.toJS());
  if (!parsed.success) {
    return {
      problems: parsed.error.issues.map(
        ({ path, message }) => `${lineOf(path)}: \`${path.join(".")}\`: ${message}`,
      ),
    };
  }
  const { title, readers, cases, fields, expect } = parsed.data;
  const problems: string[] = [];
  const expand = (named: readonly string[], path: PropertyKey[]) =>
    named.flatMap((name, index) => {
      const found = coordinatesOf(name, domain);
      if (found.length === 0)
        problems.push(`${lineOf([...path, index])}: \`${name}\` is neither a field nor a group`);
      return found;
    });
  const asked = [...new Set(expand(fields, ["fields"]))];
  const expectations = expect.map((entry, index): Expectation => {
    const path = ["expect", index];
    const effects = new Map<string, Effect>();
    for (const effect of EFFECTS) {
      for (const field of expand(entry[effect], [...path, effect])) {
        if (!asked.includes(field)) problems.push(`${lineOf(path)}: \`${field}\` is not asked in \`fields\``);
        else effects.set(field, effect);
      }
    }
    const who = namesIn(entry.who, Object.keys(readers));
    const situations = namesIn(entry.in, Object.keys(cases));
    for (const unknown of [...who.unknown, ...situations.unknown]) {
      problems.push(`${lineOf(path)}: \`${unknown}\` is not declared`);
    }
    const line = lines.linePos(
      (document.getIn(path, true) as { range: readonly number[] }).range[0] ?? 0,
    ).line;
    return { line, who: who.known, in: situations.known, because: entry.because, effects };
  });
  if (problems.length > 0) return { problems };
  const question: PolicyTest["question"] = (reader, situation, field) =>
    questionOf(readers[reader]!, cases[situation]!, field);
  const test = {
    file,
    title,
    readers: Object.keys(readers),
    cases: Object.keys(cases),
    fields: asked,
    expectations,
    question,
  };
  return { test };
}

function coordinatesOf(name: string, { fields, groups }: Domain): string[] {
  if (fields.has(name)) return [name];
  if (!groups.has(name)) return [];
  return [...fields.values()].flatMap(({ coordinate, group }) => (group === name ? [coordinate] : []));
}

function namesIn(wanted: readonly string[], declared: readonly string[]) {
  if (wanted.includes("*")) return { known: declared, unknown: [] };
  return {
    known: wanted.filter((name) => declared.includes(name)),
    unknown: wanted.filter((name) => !declared.includes(name)),
  };
}

type ReaderEntry = z.infer<typeof fileSchema>["readers"][string];

function questionOf(
  { role, purpose, certificates }: ReaderEntry,
  row: z.infer<typeof caseSchema>,
  field: string,
): DecideQuestion {
  const agency = role.split(".")[0] ?? "";
  return {
    agency,
    role,
    purpose,
    field,
    row: {
      ...row,
      certificates,
      referrals: row.referrals.map((referral) => ({ ...referral, purpose: referral.purpose ?? purpose })),
      consents: row.consents.map((consent) => ({ ...consent, recipients: consent.recipients ?? [agency] })),
    },
  };
}
