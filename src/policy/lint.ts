/**
 * What Cedar accepts silently and we do not: each rule here is a mistake that once opened or hid something.
 *
 * In      validated policies, the schema, the domain.
 * Out     one problem for each mistake, at the annotation or action that makes it.
 * Source  docs/decisions/0004-cedar.md ("Awkward").
 */

import { readObligations } from "../kernel/obligations.ts";
import { scopeActions } from "./action-index.ts";
import { type PolicyJson, unknownOperators } from "./cedar/partial.ts";
import type { CedarSchema } from "./cedar/types.ts";
import type { Domain } from "./domain.ts";
import { isShowing, levelsOf } from "./levels.ts";
import type { CompiledPolicy } from "./policy-set.ts";
import { lineAndColumn } from "./policy-text.ts";
import { type Place, type PolicyProblem, placeText } from "./problem.ts";

const ANNOTATIONS = new Set(["id", "title", "legalBasis", "owner", "reviewBy", "obligations"]);
const REQUIRED = ["id", "title", "legalBasis", "owner"];
const OPEN_FORMS = ["clear", "masked", "aggregate", "exists"];

/** `near`: text of the policy at which the mistake is shown; without it, the policy's first character. */
interface Finding {
  readonly message: string;
  readonly near?: string;
}

type Check = (policy: CompiledPolicy, schema: CedarSchema, domain: Domain) => readonly Finding[];

export function lint(
  policies: readonly CompiledPolicy[],
  templates: readonly CompiledPolicy[],
  schema: CedarSchema,
  domain: Domain,
): PolicyProblem[] {
  const found = (policy: CompiledPolicy, checks: readonly Check[]) =>
    checks
      .flatMap((check) => check(policy, schema, domain))
      .map(({ message, near }) => ({ place: placeOf(policy, near), message }));
  return [
    ...policies.flatMap((policy) => found(policy, CHECKS)),
    ...templates.flatMap((template) => found(template, TEMPLATE_CHECKS)),
    ...duplicates([...policies, ...templates]),
  ];
}

function placeOf({ file, line, column, text, template }: CompiledPolicy, near = ""): Place {
  if (template !== undefined) return { file, line, column };
  const inside = lineAndColumn(text, Math.max(0, text.indexOf(near)));
  return {
    file,
    line: line + inside.line - 1,
    column: inside.line === 1 ? column + inside.column - 1 : inside.column,
  };
}

function duplicates(policies: readonly CompiledPolicy[]): PolicyProblem[] {
  const byId = Map.groupBy(policies, ({ id }) => id);
  return [...byId].flatMap(([id, [first, ...others]]) =>
    others.map((other) => ({
      place: placeOf(other, "@id("),
      message: `the id \`${id}\` is already used at ${placeText(placeOf(first!))}`,
    })),
  );
}

const annotationsAreKnown: Check = ({ json }, _, { agencies, reasons }) => {
  const annotations = json.annotations ?? {};
  const unknown = Object.keys(annotations).filter((name) => !ANNOTATIONS.has(name));
  const missing = REQUIRED.filter((name) => !annotations[name]);
  const codes = (annotations["legalBasis"] ?? "").split(" ").filter(Boolean);
  const badCodes = codes.filter((code) => !reasons.includes(code));
  const { owner, reviewBy } = annotations;
  return [
    ...unknown.map((name) => at(`@${name}`, `the annotation \`@${name}\` is not known`)),
    ...missing.map((name) => ({ message: `the annotation \`@${name}\` is missing` })),
    ...badCodes.map((code) => at("@legalBasis", `\`@legalBasis\` names \`${code}\`, which is no reason`)),
    ...(owner && !agencies.includes(owner)
      ? [at("@owner", `\`@owner\` names \`${owner}\`, which is no agency`)]
      : []),
    ...(reviewBy !== undefined && !isDate(reviewBy)
      ? [at("@reviewBy", `\`@reviewBy\` is not a date: \`${reviewBy}\``)]
      : []),
  ];
};

const at = (near: string, message: string): Finding => ({ near, message });
const atAction = (action: string, message: string): Finding => at(`Action::"${action}"`, message);

const isDate = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/** A permit names forms or fields: a bare group opens clear and masked alike, a super-group opens everything. */
const permitsNameForms: Check = ({ json }, schema) => {
  if (json.effect !== "permit") return [];
  if (json.action.op === "All") return [at("action", "a permit must name its actions")];
  return actionsOf(json).flatMap((action) => {
    if (!schema.actions.has(action)) return [];
    if (schema.actions.get(action)?.appliesTo) {
      return action === "CASE_HEADER:exists"
        ? [atAction(action, "no permit may tell that a case header is withheld")]
        : [];
    }
    const [, form] = action.split(":");
    if (form !== undefined && OPEN_FORMS.includes(form)) return emptyForm(action, schema);
    return action === "told"
      ? []
      : [atAction(action, `a permit on the group \`${action}\` opens every form of it`)];
  });
};

/** Cedar names the nearest action, which need not be one of the field. */
const formsAreKnown: Check = ({ json }, { actions }, { fields }) =>
  actionsOf(json).flatMap((action) => {
    const field = actions.has(action) ? undefined : fields.get(coordinateOrGroup(action));
    if (!field) return [];
    const forms = field.forms.map(({ name }) => `\`${name}\``).join(", ");
    return [
      atAction(action, `\`${field.coordinate}\` has no such form; its masked forms: ${forms || "none"}`),
    ];
  });

/** A row gets the clearest form that is left: a forbid that leaves a clearer one than it names takes nothing away. */
const forbidsCloseClearer: Check = ({ json }, _, { fields }) => {
  const named = new Set(json.effect === "forbid" ? actionsOf(json) : []);
  return [...named].flatMap((action) => {
    const field = fields.get(coordinateOrGroup(action));
    const levels = (field ? levelsOf(field) : []).filter(isShowing);
    const place = levels.findIndex((level) => level.action === action);
    const open = levels.slice(0, Math.max(place, 0)).find((level) => !named.has(level.action));
    return open ? [atAction(action, `\`${open.action}\` is clearer and not forbidden with it`)] : [];
  });
};

function emptyForm(action: string, schema: CedarSchema): readonly Finding[] {
  const holds = [...schema.actions.values()].some(
    ({ ancestors, appliesTo }) => appliesTo && ancestors.has(action),
  );
  return holds ? [] : [atAction(action, `no field has the form \`${action}\``)];
}

/** Break-glass never covers the six groups (rules §3, glass): the forbids would not catch it. */
const breakGlassIsNarrow: Check = ({ json }, { actions }) => {
  if (json.effect !== "permit" || !JSON.stringify(json.conditions).includes('"breakGlassUntil"')) return [];
  return actionsOf(json)
    .filter((action) => actions.get(action)?.ancestors.has("neverBroken"))
    .map((action) => atAction(action, `break-glass must not open \`${action}\``));
};

/** Before the colon: a group, or a field. */
const coordinateOrGroup = (action: string) => action.split(":")[0] ?? "";

/** `principal in Agency::"NGO" && principal in Role::"EPC.nurse"` is never true, and Cedar does not say so. */
const rolesFitAgencies: Check = ({ json }) => {
  const roles = [...joined(json, "Role"), ...scopeIds(json, "Role")];
  const agencies = new Set([...joined(json, "Agency"), ...scopeIds(json, "Agency")]);
  const [one, other] = agencies;
  return [
    ...(other ? [{ message: `nobody is both in agency \`${one}\` and in agency \`${other}\`` }] : []),
    ...roles.flatMap((role) =>
      [...agencies]
        .filter((agency) => role.includes(".") && !role.startsWith(`${agency}.`))
        .map((agency) =>
          at(`Role::"${role}"`, `nobody is both in agency \`${agency}\` and in role \`${role}\``),
        ),
    ),
  ];
};

/** Entities of a type that the principal must be in: those of the scope. */
function scopeIds({ principal }: PolicyJson, type: string): string[] {
  const entity = principal.entity as
    | { type?: string; id?: string; __entity?: { type: string; id: string } }
    | undefined;
  const ref = entity?.__entity ?? entity;
  return ref?.type === type && ref.id ? [ref.id] : [];
}

/** Those that the `when` clauses demand, reached through `&&` alone. */
function joined({ conditions }: PolicyJson, type: string): string[] {
  return conditions.flatMap(({ kind, body }) => (kind === "when" ? demanded(body, type) : []));
}

function demanded(body: unknown, type: string): string[] {
  const expression = body as Record<string, { left: unknown; right: unknown } | undefined>;
  const both = expression["&&"];
  if (both) return [...demanded(both.left, type), ...demanded(both.right, type)];
  const membership = expression["in"];
  const left = membership?.left as { Var?: string } | undefined;
  const right = membership?.right as { Value?: { __entity?: { type: string; id: string } } } | undefined;
  const entity = right?.Value?.__entity;
  return left?.Var === "principal" && entity?.type === type ? [entity.id] : [];
}

/** The reason of a cell is told to readers: the policy that opens the cell must rest on it. */
const legalBasisFitsTheMatrix: Check = ({ json }, schema, domain) => {
  const [agency] = scopeIds(json, "Agency");
  const basis = (json.annotations?.["legalBasis"] ?? "").split(" ");
  const isBreakGlass = JSON.stringify(json.conditions).includes('"breakGlassUntil"');
  if (json.effect !== "permit" || !agency || !domain.agencies.includes(agency) || isBreakGlass) return [];
  return actionsOf(json).flatMap((action) => {
    const group = domain.fields.get(coordinateOrGroup(action))?.group ?? coordinateOrGroup(action);
    if (!domain.groups.has(group) || action.endsWith(":exists")) return [];
    const { reason } = domain.cell(group, agency);
    const opens = schema.actions.has(action);
    return opens && !basis.includes(reason)
      ? [
          at(
            "@legalBasis",
            `\`${action}\` rests on ${reason} for ${agency}, which \`@legalBasis\` does not name`,
          ),
        ]
      : [];
  });
};

/** Facts that a reader must not learn, be it by what is owed. */
const SECRET_FACTS = ["child", "sealed", "officialSuspect", "staffConflict"];

/** What nobody is shown by the policy obliges nobody. */
const obligationsAreOwed: Check = ({ json }, schema) => {
  const text = json.annotations?.["obligations"];
  if (text === undefined) return [];
  const of = (message: string) => at("@obligations", message);
  const { problems } = readObligations(text);
  if (json.effect === "forbid") return [of("a forbid shows nothing that could oblige its readers")];
  const showsNothing = actionsOf(json).filter((action) => !showsValues(action, schema));
  const conditions = JSON.stringify(json.conditions);
  const secret = SECRET_FACTS.filter((fact) => conditions.includes(`"attr":"${fact}"`));
  return [
    ...problems.map((problem) => of(`\`@obligations\`: ${problem}`)),
    ...showsNothing.map((action) =>
      atAction(action, `\`${action}\` shows nothing that could oblige its readers`),
    ),
    ...secret.map((fact) =>
      of(`a policy that looks at \`${fact}\` has no obligations: they would tell its readers`),
    ),
  ];
};

/** In clear or masked: a field, or a form of a group. */
function showsValues(action: string, { actions }: CedarSchema): boolean {
  const found = actions.get(action);
  return ["clear", "masked"].some((form) => action.endsWith(`:${form}`) || found?.ancestors.has(form));
}

/** Files of an agency hold its own policies; only the baseline speaks for the country. */
const filesFitOwners: Check = ({ file, json }) => {
  const [folder, name] = file.split("/");
  const owner = json.annotations?.["owner"];
  if (name === undefined || owner?.toLowerCase() === folder) return [];
  return [at("@owner", `a policy owned by ${owner} stands in the folder of \`${folder}\``)];
};

/** Cedar's parser and validator let through functions that are no part of the language, such as `unknown("x")`. */
const operatorsAreKnown: Check = ({ json }) =>
  json.conditions
    .flatMap(({ body }) => unknownOperators(body))
    .map((operator) => at(`${operator}(`, `\`${operator}\` is not part of Cedar's language`));

/** Of a template that nothing links too: what its links do is looked at in them. */
const TEMPLATE_CHECKS: readonly Check[] = [
  annotationsAreKnown,
  operatorsAreKnown,
  filesFitOwners,
  obligationsAreOwed,
];
const CHECKS: readonly Check[] = [
  operatorsAreKnown,
  annotationsAreKnown,
  permitsNameForms,
  formsAreKnown,
  forbidsCloseClearer,
  breakGlassIsNarrow,
  rolesFitAgencies,
  legalBasisFitsTheMatrix,
  filesFitOwners,
  obligationsAreOwed,
];

const actionsOf = ({ action }: PolicyJson): string[] => scopeActions(action);
