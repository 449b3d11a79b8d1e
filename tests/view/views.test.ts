/** Schema views: what each reader could ever be shown, no less and nothing more, as a valid schema. */

import { join } from "node:path";
import {
  buildASTSchema,
  buildSchema,
  type GraphQLError,
  type GraphQLSchema,
  getIntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isObjectType,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  printSchema,
  validateSchema,
  visit,
} from "graphql";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import type { GatewayError } from "../../src/kernel/errors.ts";
import { createPrepare } from "../../src/operation/prepare.ts";
import type { GateMaker } from "../../src/plan/gates.ts";
import { NO_PERSON, REGISTER_FACTS } from "../../src/policy/facts.ts";
import { outcome } from "../../src/policy/reasons.ts";
import { loadSupergraph } from "../../src/supergraph/load.ts";
import type { Supergraph } from "../../src/supergraph/supergraph.ts";
import { typeTableOf } from "../../src/supergraph/type-table.ts";
import { schemaText } from "../../src/view/schema-text.ts";
import { Views } from "../../src/view/views.ts";
import { shippedPolicies } from "../policy/shipped.ts";
import { seeded, testSeed } from "../support/seeded.ts";
import { shownFields } from "../support/shown-schema.ts";

const policies = await shippedPolicies();
const supergraph = await loadSupergraph(join(PACKAGE_ROOT, "schema"));
const views = new Views(supergraph);
const MANY_MEMBERED = ["NGO", "EXT"];

interface Viewer {
  readonly agency: string;
  readonly role: string;
  readonly certificates?: readonly string[];
  readonly purpose?: string;
}

function gatesOf(
  { agency, role, certificates = [], purpose }: Viewer,
  of = supergraph,
): readonly GateMaker[] {
  const reader = { agency: agency as AgencyCode, role, certificates: new Set(certificates) };
  const profiles = purpose ? [policies.profile({ ...reader, purpose })] : policies.profiles(reader);
  return profiles.map((profile) => ({
    ...{ supergraph: of, profile, registerFacts: REGISTER_FACTS(NO_PERSON, 0) },
    isOwn: ({ owner }) => owner === agency && !MANY_MEMBERED.includes(owner),
  }));
}

const viewOf = (viewer: Viewer): GraphQLSchema => views.schemaFor(gatesOf(viewer));
const agencyOf = (role: string): string => role.split(".")[0] ?? "";

const VIEWERS: readonly Viewer[] = [
  ...[...policies.domain.roles.keys()].map((role) => ({ role, agency: agencyOf(role) })),
  ...policies.domain.agencies.flatMap((agency) => [
    { role: `${agency}.securityOfficer`, agency },
    { role: "dataSubject", agency },
  ]),
];

const fieldsIn = (schema: GraphQLSchema): ReadonlySet<string> =>
  new Set(
    Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) && !type.name.startsWith("__")
        ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
        : [],
    ),
  );

/** One of each: readers who see the same share a view. */
const EVERY_VIEW = new Map(VIEWERS.map((viewer) => [viewOf(viewer), viewer]));

it("is one schema for all who see the same, and the same one when asked again", () => {
  expect(EVERY_VIEW.size).toBeGreaterThan(10);
  expect(EVERY_VIEW.size).toBeLessThan(VIEWERS.length / 2);
  for (const [view, viewer] of EVERY_VIEW) expect(viewOf(viewer)).toBe(view);
});

it("is a valid schema for every role, in either language, and none is empty", () => {
  for (const [view, { role }] of EVERY_VIEW) {
    for (const language of [null, "en", "ar"] as const) {
      const read = buildSchema(schemaText(view, language));
      expect(validateSchema(read), role).toEqual([]);
      expect([...fieldsIn(read)].sort(), role).toEqual([...fieldsIn(view)].sort());
    }
    expect(view.getQueryType(), role).toBeTruthy();
  }
}, 60_000);

it("describes itself in the language that was asked for", () => {
  const { publicSchema } = supergraph;
  expect(schemaText(publicSchema, "en")).not.toMatch(/\p{Script=Arabic}/u);
  const arabic = schemaText(publicSchema, "ar").match(/"[^"]+"/g) ?? [];
  expect(arabic.filter((text) => !/\p{Script=Arabic}/u.test(text)).length).toBeLessThan(arabic.length / 20);
});

it("is part of the public schema: nothing is added, no type is changed", () => {
  const all = fieldsIn(supergraph.publicSchema);
  for (const view of EVERY_VIEW.keys()) {
    expect([...fieldsIn(view)].filter((field) => !all.has(field))).toEqual([]);
    for (const type of Object.values(view.getTypeMap())) {
      const whole = supergraph.publicSchema.getType(type.name);
      if (!isObjectType(type) || !isObjectType(whole)) continue;
      for (const field of Object.values(type.getFields()))
        expect(String(field.type)).toBe(String(whole.getFields()[field.name]?.type));
    }
  }
});

it("shows what the decision procedure shows in some question, and nothing that it shows in none", () => {
  const reading = withoutMutations(supergraph);
  const types = typeTableOf(supergraph);
  const decided = (fields: ReadonlySet<string>) =>
    [...fields]
      .filter((field) => !types.isPlain(field.split(".")[0] ?? "") && !/^PageInfo\./.test(field))
      .sort();
  const readingViews = new Views(reading);
  const dice = seeded(testSeed());
  const staff = [...policies.domain.roles];
  let differing = 0;
  for (let i = 0; i < 20; i++) {
    const [role, purposes] = dice.pick(staff);
    const purpose = dice.pick([...purposes]);
    const certificates = dice.chance(0.5) ? ["INTERVIEW_CHILD"] : [];
    const viewer = { role, agency: agencyOf(role), purpose, certificates };
    const isOneMembered = !MANY_MEMBERED.includes(viewer.agency);
    const expected = shownFields(reading, { ...viewer, isOneMembered });
    const view = readingViews.schemaFor(gatesOf(viewer, reading));
    expect(decided(fieldsIn(view)), `seed ${dice.seed} ${role} ${purpose}`).toEqual(decided(expected));
    if (expected.size < 400) differing += 1;
  }
  expect(differing).toBeGreaterThan(0);
}, 120_000);

const withoutMutations = (whole: Supergraph): Supergraph =>
  withDefinitions(whole, (node) => (node.name.value === "Mutation" ? null : undefined));

/** With the object types that `change` gives, as in `visit`. */
function withDefinitions(
  whole: Supergraph,
  change: (node: ObjectTypeDefinitionNode) => ObjectTypeDefinitionNode | null | undefined,
): Supergraph {
  const { definitions } = visit(parse(whole.publicSdl), { ObjectTypeDefinition: change });
  const document = { kind: Kind.DOCUMENT, definitions } as const;
  const publicSchema = buildASTSchema(document);
  return { ...whole, publicSchema, publicSdl: printSchema(publicSchema) };
}

it("names nothing of what it leaves out: no type, no field, not in a description either", () => {
  for (const [view, { role }] of EVERY_VIEW) {
    const answer = views.introspect(gatesOf(EVERY_VIEW.get(view)!), parse(getIntrospectionQuery()), {});
    const texts = [JSON.stringify(answer), schemaText(view, null)];
    const hiddenTypes = Object.keys(supergraph.publicSchema.getTypeMap()).filter(
      (name) => !view.getType(name),
    );
    const hidden = [...fieldsIn(supergraph.publicSchema)].filter((field) => !fieldsIn(view).has(field));
    expect(hidden.length, role).toBeGreaterThan(0);
    for (const text of texts) {
      const words = new Set(
        text.replaceAll(/"""[\s\S]*?"""|"description":"(?:[^"\\]|\\.)*"/g, "").match(/\w+/g),
      );
      expect(
        hiddenTypes.filter((name) => words.has(name)),
        role,
      ).toEqual([]);
      const coordinates = new Set(text.match(/\b[A-Z]\w*\.\w+/g));
      expect(
        hidden.filter((field) => coordinates.has(field)),
        role,
      ).toEqual([]);
    }
  }
}, 60_000);

it("leaves an argument, an input field and an order out that the reader could never make use of", () => {
  const inspector = viewOf({ role: "LMRA.inspector", agency: "LMRA" });
  const judge = viewOf({ role: "CRT.judge", agency: "CRT" });
  const inputs = (schema: GraphQLSchema, type: string) => {
    const found = schema.getType(type);
    if (isEnumType(found)) return found.getValues().map(({ name }) => name);
    return isInputObjectType(found) ? Object.keys(found.getFields()) : [];
  };
  expect(inputs(inspector, "WorkerFilter")).toContain("unpaidMonthsAtLeast");
  expect(
    inspector
      .getQueryType()
      ?.getFields()
      ["worker"]?.args.map(({ name }) => name),
  ).toEqual(["id", "workPermitNo"]);
  expect(judge.getType("WorkerFilter")).toBeUndefined();
  // A monitor of the whole sees risk levels masked at best: nobody there orders or filters by them.
  for (const [view, { role }] of EVERY_VIEW) {
    const order = inputs(view, "CaseOrder");
    if (view.getQueryType()?.getFields()["cases"]) expect(order, role).toContain("OPENED_AT_DESC");
    const filter = inputs(view, "CaseFilter");
    expect(order.includes("RISK_LEVEL_DESC"), role).toBe(filter.includes("riskLevel"));
  }
});

it("holds no mutation of which the reader could see refusals alone", () => {
  const mutations = (viewer: Viewer) => Object.keys(viewOf(viewer).getMutationType()?.getFields() ?? {});
  const researcher = mutations({ role: "RTC.researcher", agency: "RTC" });
  expect(researcher).not.toContain("recordVerdict");
  expect(researcher).not.toContain("linkPerson");
  expect(mutations({ role: "CRT.judge", agency: "CRT" })).toContain("recordVerdict");
});

it("shows one purpose alone when one is named", () => {
  const viewer = { role: "NPRA.residenceOfficer", agency: "NPRA" };
  const all = fieldsIn(viewOf(viewer));
  const enforcing = fieldsIn(viewOf({ ...viewer, purpose: "IMMIGRATION_ENFORCEMENT" }));
  expect(all.has("Person.travelOrder")).toBe(true);
  expect(enforcing.has("Person.travelOrder")).toBe(false);
  expect([...enforcing].filter((field) => !all.has(field))).toEqual([]);
});

it("answers introspection beside variables of types that it does not hold, and keeps the answer", () => {
  const gates = gatesOf({ role: "RTC.researcher", agency: "RTC" });
  const document = parse(
    `query ($filter: WorkerFilter!, $name: String!, $yes: Boolean = true) {
      a: __type(name: $name) { name @include(if: $yes) } b: __type(name: "Worker") { name } }`,
  );
  const given = { filter: { unpaidMonthsAtLeast: 3 }, name: "Trainer" };
  const answer = views.introspect(gates, document, given);
  expect(answer).toEqual({ a: { name: "Trainer" }, b: null });
  expect(views.introspect(gates, document, { ...given, filter: {} })).toBe(answer);
  expect(views.introspect(gates, document, { ...given, name: "Case" })).toEqual({ a: null, b: null });
});

it("is the public schema itself where nothing is decided", () => {
  const fields = new Map([...supergraph.fields].map(([at, info]) => [at, { ...info, group: null }]));
  const open = { ...supergraph, fields };
  expect(new Views(open).schemaFor(gatesOf({ role: "RTC.researcher", agency: "RTC" }, open))).toBe(
    supergraph.publicSchema,
  );
});

it("holds no object of which no row can be there", () => {
  const [gates] = gatesOf({ role: "EPC.caseWorker", agency: "EPC" }) as [GateMaker];
  const hidden = outcome("HIDE", null, []);
  const profile = { key: "nothing", verdict: () => ({ kind: "settled", outcome: hidden }) as const };
  const view = views.schemaFor([{ ...gates, profile }]);
  expect(validateSchema(view)).toEqual([]);
  expect(Object.keys(view.getQueryType()?.getFields() ?? {})).toEqual([
    "indicators",
    "agencies",
    "fieldCatalogue",
    "myDecision",
    "breakGlassNotices",
    "trainerCoverage",
  ]);
  // Nothing is decided below them: they tell nobody what there is.
  expect(Object.keys(view.getMutationType()?.getFields() ?? {})).toEqual([
    "openBreakGlass",
    "reviewBreakGlass",
  ]);
  const casesAlone = withDefinitions(withoutMutations(supergraph), (node) =>
    node.name.value === "Query"
      ? { ...node, fields: (node.fields ?? []).filter(({ name }) => name.value === "cases") }
      : undefined,
  );
  const nothing = new Views(casesAlone).schemaFor([{ ...gates, supergraph: casesAlone, profile }]);
  expect(validateSchema(nothing)).toEqual([]);
  expect([...fieldsIn(nothing)]).toEqual(["Query._"]);
});

it("is what a refusal speaks of: what is outside reads as what does not exist, and is suggested to nobody", () => {
  const limits = { maxTokens: 2000, maxDepth: 20, maxAliases: 30, maxSelections: 1000 };
  const prepare = createPrepare(supergraph.publicSchema, limits, new Set());
  const messages = (text: string, view: GraphQLSchema): readonly string[] => {
    try {
      prepare(text, undefined, () => view);
      return [];
    } catch (error) {
      return ((error as GatewayError).detail.cause as GraphQLError[]).map(({ message }) => message);
    }
  };
  let suggested = 0;
  for (const [view, { role }] of EVERY_VIEW) {
    const hidden = [...fieldsIn(supergraph.publicSchema)].filter((field) => !fieldsIn(view).has(field));
    for (const coordinate of hidden.filter((_, index) => index % 7 === 0)) {
      const [type = "", field = ""] = coordinate.split(".");
      const on = (name: string) => `{ agencies { code } ...F nothing } fragment F on ${type} { ${name} }`;
      const misspelt = messages(on(`${field}x`), view);
      expect(misspelt, `${role} ${coordinate}`).not.toEqual([]);
      const names = new RegExp(`"(?:${field}|${type})"`);
      for (const message of misspelt)
        expect(/Did you mean (.*)/s.exec(message)?.[1] ?? "").not.toMatch(names);
      // One that is valid for all, beside something that is not, is told like the one that nobody knows.
      const known = messages(on(field), view).map((message) => message.replaceAll(`"${field}"`, '"x"'));
      const unknown = messages(on("qqqqqqqqqqqq"), view);
      expect(known.map(withoutSuggestion)).toEqual(
        unknown.map((message) => message.replaceAll('"qqqqqqqqqqqq"', '"x"')).map(withoutSuggestion),
      );
    }
    suggested += messages("{ agencie { code } }", view).filter((message) =>
      message.includes('"agencies"'),
    ).length;
    expect(messages("{ agencies { code } }", view)).toEqual([]);
  }
  expect(suggested).toBe(EVERY_VIEW.size);
});

const withoutSuggestion = (message: string): string => message.replace(/ Did you mean .*$/s, "");

it("leaves a document valid that names what the reader never sees: that is withheld, not refused", () => {
  const limits = { maxTokens: 2000, maxDepth: 20, maxAliases: 30, maxSelections: 1000 };
  const prepare = createPrepare(supergraph.publicSchema, limits, new Set());
  const view = viewOf({ role: "RTC.researcher", agency: "RTC" });
  expect(prepare("{ cases { edges { node { stage } } } }", undefined, () => view).hash).toMatch(/^\w{64}$/);
});
