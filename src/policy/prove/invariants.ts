/**
 * What no change of a policy may ever make possible: `policies/invariants.yaml`, written by officers.
 *
 *     - id: shelter
 *       title: Where somebody is sheltered, only the centre and the care workers see
 *       because: R2
 *       never: ALLOW                          # that or anything clearer; DENY: not even being told that something is there;
 *                                             # or a masked form of the fields, such as `year`: that or anything clearer
 *       without: NO_REDISCLOSURE              # of ALLOW and MASK: never without this obligation; left out: never at all
 *       agencies: { except: [EPC, MOSD] }     # likewise roles, purposes; left out: all of them
 *       fields: [SHELTER_PLACEMENT]           # fields, groups, caseData, personData, commonData
 *       classes: [S4, S5]                     # of the fields; left out: all
 *       certified: false                      # only readers without (or with) a certificate; left out: all readers
 *       when: { child: true }                 # conditions on the situation
 *       unless: { own: true }                 # or a list, of which any
 *
 * Errors  every name that is not declared, and every invariant that speaks of no reader or no field, with its place.
 */
import { z } from "zod";
import { type Obligation, readObligations } from "../../kernel/obligations.ts";
import { EXTRA_ROLES } from "../cedar-schema.ts";
import type { Domain, DomainField } from "../domain.ts";
import { type PolicyFile, readFiles } from "../policy-files.ts";
import type { ProfileReader } from "../policy-set.ts";
import type { Place, PolicyProblem } from "../problem.ts";
import { policyRole } from "../request-nodes.ts";
import { type Path, readYaml } from "../yaml-file.ts";
import { type Condition, conditionSchema } from "./condition.ts";
import { type Furthest, isReach } from "./reach.ts";

/** Beside the policies. */
export const INVARIANTS_FILE = "invariants.yaml";

const names = z.array(z.string()).min(1);
const choice = z.union([names, z.strictObject({ except: names })]);
const fileSchema = z.array(
  z.strictObject({
    id: z.string(),
    title: z.string(),
    because: z.string(),
    never: z.string(),
    without: z.string().optional(),
    agencies: choice.optional(),
    roles: choice.optional(),
    purposes: choice.optional(),
    certified: z.boolean().optional(),
    fields: choice,
    classes: names.optional(),
    when: conditionSchema.optional(),
    unless: z.union([conditionSchema.transform((one) => [one]), z.array(conditionSchema).min(1)]).optional(),
  }),
);

type Choice = z.infer<typeof choice>;

export interface Invariant {
  readonly id: string;
  readonly title: string;
  readonly because: string;
  readonly never: Furthest;
  /** It may be shown to those who are obliged to that; null: to nobody. */
  readonly without: Obligation | null;
  readonly fields: readonly DomainField[];
  readonly when: Condition;
  /** Where one of these holds, the invariant says nothing. */
  readonly unless: readonly Condition[];
  readonly place: Place;
  speaksOf(reader: ProfileReader): boolean;
}

export interface Invariants {
  readonly invariants: readonly Invariant[];
  readonly problems: readonly PolicyProblem[];
}

/** None when the folder has no such file. */
export async function readInvariants(policiesDir: string, domain: Domain): Promise<Invariants> {
  return invariantsAmong(await readFiles(policiesDir, INVARIANTS_FILE), domain);
}

/** Of all that a folder holds. */
export function invariantsAmong(files: readonly PolicyFile[], domain: Domain): Invariants {
  const file = files.find((each) => each.file === INVARIANTS_FILE);
  return file ? parseInvariants(file, domain) : { invariants: [], problems: [] };
}

export function parseInvariants({ file, text }: PolicyFile, domain: Domain): Invariants {
  const read = readYaml(file, text, fileSchema);
  if ("problems" in read) return { invariants: [], problems: read.problems };
  const problems: PolicyProblem[] = [];
  const seen = new Set<string>();
  const invariants = read.data.map((entry, index): Invariant => {
    const complain = (path: Path, message: string) =>
      problems.push({ place: read.placeOf([index, ...path]), message });
    const check = (key: string, chosen: Choice | undefined, known: (name: string) => boolean) => {
      for (const name of namesOf(chosen)) if (!known(name)) complain([key], `\`${name}\` is not known`);
    };
    if (seen.has(entry.id)) complain(["id"], `the id \`${entry.id}\` is already used`);
    seen.add(entry.id);
    check("agencies", entry.agencies, (name) => domain.agencies.includes(name));
    check("roles", entry.roles, (name) => domain.roles.has(name) || EXTRA_ROLES.includes(name));
    check("purposes", entry.purposes, (name) => domain.purposes.includes(name));
    check("because", [entry.because], (name) => domain.reasons.includes(name));
    check("fields", entry.fields, (name) => fieldsNamed([name], domain).length > 0);
    for (const { coordinate, forms } of isReach(entry.never) ? [] : chosenFields(entry.fields, domain))
      if (forms.every(({ name }) => name !== entry.never))
        complain(["never"], `\`${coordinate}\` has no masked form \`${entry.never}\``);
    check("classes", entry.classes, (name) => /^S[0-5]$/.test(name));
    const fields = chosenFields(entry.fields, domain).filter(
      ({ level }) => !entry.classes || entry.classes.includes(level),
    );
    if (fields.length === 0) complain(["fields"], "the invariant speaks of no field");
    const { id, title, because, never, when = {}, unless = [] } = entry;
    const without = entry.without === undefined ? null : readObligations(entry.without);
    for (const problem of without?.problems ?? []) complain(["without"], problem);
    if (without && without.obligations.length > 1) complain(["without"], "one obligation is named, no more");
    if (without && (never === "AGGREGATE" || never === "DENY"))
      complain(
        ["without"],
        `nothing is owed where nothing is shown: \`never\` is ALLOW or MASK, not ${never}`,
      );
    return {
      ...{ id, title, because, never, fields, when, unless, place: read.placeOf([index]) },
      without: without?.obligations[0] ?? null,
      speaksOf: ({ agency, role, purpose, certificates }) =>
        isChosen(entry.agencies, agency) &&
        isChosen(entry.roles, policyRole(role)) &&
        isChosen(entry.purposes, purpose) &&
        (entry.certified === undefined || entry.certified === certificates.size > 0),
    };
  });
  return { invariants: problems.length > 0 ? [] : invariants, problems };
}

const namesOf = (chosen: Choice | undefined): readonly string[] =>
  chosen === undefined ? [] : Array.isArray(chosen) ? chosen : chosen.except;

function isChosen(chosen: Choice | undefined, name: string): boolean {
  if (chosen === undefined) return true;
  return Array.isArray(chosen) ? chosen.includes(name) : !chosen.except.includes(name);
}

function chosenFields(chosen: Choice, domain: Domain): readonly DomainField[] {
  const named = new Set(fieldsNamed(namesOf(chosen), domain));
  if (Array.isArray(chosen)) return [...named];
  return [...domain.fields.values()].filter((field) => !named.has(field));
}

const fieldsNamed = (chosen: readonly string[], { fields, kindOf }: Domain): readonly DomainField[] =>
  [...fields.values()].filter(({ coordinate, group }) =>
    [coordinate, group, kindOf(group)].some((name) => chosen.includes(name)),
  );
