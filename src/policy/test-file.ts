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
 * Every reader asks every field in every case. What `expect` does not list is expected to be closed (DENY or HIDE). `MASK` takes
 * the form as well: `MASK: [Person.birthDate:year]`.
 * `obligations` are what the readers owe for all that the entry shows, `[NO_REDISCLOSURE, DELETE_AFTER(30d)]`, no more and no less.
 * `who` and `in` take a name, a list, or `"*"`; `because` is the reason of what the entry denies. A case takes the
 * fields of a row of the decision procedure (now = 1000); a referral that does not say otherwise is ACCEPTED, in force
 * and for the reader's purpose; a consent is GIVEN, in force and names the reader's agency.
 * Errors  a file that cannot be read as this is a list of problems with lines; nothing is run from it.
 */
import { z } from "zod";
import { obligationTexts, readObligations } from "../kernel/obligations.ts";
import type { DecideQuestion } from "./decide.ts";
import type { Domain } from "./domain.ts";
import { levelsOf, shownLevel } from "./levels.ts";
import type { Place, PolicyProblem } from "./problem.ts";
import type { Effect } from "./verdict.ts";
import { type Path, readYaml } from "./yaml-file.ts";

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
      obligations: list.optional(),
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
  /** As policies write them, in their order; undefined: not looked at. */
  readonly obligations: readonly string[] | undefined;
  /** By field. */
  readonly effects: ReadonlyMap<string, ExpectedEffect>;
}

export interface ExpectedEffect {
  readonly effect: Effect;
  /** As `policy decide` names it; null when any will do. */
  readonly level: string | null;
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

export type ParsedTest = { readonly test: PolicyTest } | { readonly problems: readonly PolicyProblem[] };

type TestData = z.infer<typeof fileSchema>;

export function parsePolicyTest(file: string, text: string, domain: Domain): ParsedTest {
  const document = readYaml(file, text, fileSchema);
  return "problems" in document ? document : resolve(file, document.data, document.placeOf, domain);
}

/** Expands groups and `"*"`, and checks every name against what is declared. */
function resolve(file: string, data: TestData, placeOf: (path: Path) => Place, domain: Domain): ParsedTest {
  const { title, readers, cases, fields } = data;
  const problems: PolicyProblem[] = [];
  const complain = (place: Place, message: string) => problems.push({ place, message });
  const expand = (name: string, path: Path) => {
    const found = coordinatesOf(name, domain);
    if (found.length === 0) complain(placeOf(path), `\`${name}\` is neither a field nor a group`);
    return found;
  };
  const declared = (wanted: readonly string[], names: readonly string[], place: Place) => {
    const chosen = wanted.includes("*") ? names : wanted;
    for (const name of chosen) if (!names.includes(name)) complain(place, `\`${name}\` is not declared`);
    return chosen;
  };
  const asked = [...new Set(fields.flatMap((name, at) => expand(name, ["fields", at])))];
  const expectations = data.expect.map((entry, index): Expectation => {
    const path = ["expect", index];
    const place = placeOf(path);
    const listed = EFFECTS.flatMap((effect) =>
      entry[effect].flatMap((name, at): readonly (readonly [string, ExpectedEffect])[] => {
        const masked = effect === "MASK" ? maskedForm(name, domain) : null;
        if (masked) return [[masked.coordinate, { effect, level: masked.level }]];
        return expand(name, [...path, effect, at]).map((field) => [field, { effect, level: null }]);
      }),
    );
    const owed = entry.obligations && readObligations(entry.obligations.join(" "));
    if (entry.obligations?.length)
      for (const problem of owed?.problems ?? []) complain(placeOf([...path, "obligations"]), problem);
    for (const [field] of listed)
      if (!asked.includes(field)) complain(place, `\`${field}\` is not asked in \`fields\``);
    return {
      line: place.line,
      who: declared(entry.who, Object.keys(readers), place),
      in: declared(entry.in, Object.keys(cases), place),
      because: entry.because,
      obligations: owed && obligationTexts(owed.obligations),
      effects: new Map(listed),
    };
  });
  if (problems.length > 0) return { problems };
  return {
    test: {
      file,
      title,
      readers: Object.keys(readers),
      cases: Object.keys(cases),
      fields: asked,
      expectations,
      question: (reader, situation, field) => questionOf(readers[reader]!, cases[situation]!, field),
    },
  };
}

function coordinatesOf(name: string, { fields, groups }: Domain): string[] {
  if (fields.has(name)) return [name];
  if (!groups.has(name)) return [];
  return [...fields.values()].flatMap(({ coordinate, group }) => (group === name ? [coordinate] : []));
}

/** `Person.birthDate:year`, as the action is called. */
function maskedForm(name: string, { fields }: Domain) {
  const [coordinate = ""] = name.split(":");
  const field = fields.get(coordinate);
  const level = field && levelsOf(field).find(({ action }) => action === name);
  return level?.effect === "MASK" ? { coordinate, level: shownLevel(level) } : null;
}

type ReaderEntry = TestData["readers"][string];

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
