import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Allowance, allowanceProblem, type Use } from "../../src/supergraph/allowances.ts";
import { composeSubgraphs } from "../../src/supergraph/compose.ts";
import { describeSupergraphProblems } from "../../src/supergraph/load.ts";
import { finishedSupergraph } from "./finished-supergraph.ts";
import { Routes } from "./routes.ts";
import { type SchemaCopy, schemaCopy } from "./schema-copy.ts";

const TRAVEL_ORDER: Allowance = {
  coordinate: "Person.travelOrder",
  allows: "requires",
  agency: "PPO",
  inputs: ["Person.cpr"],
  why: "the order register is kept by personal number",
};
const TAKEN_OVER: Allowance = {
  coordinate: "Person.cpr",
  allows: "override",
  agency: "EXT",
  why: "the register moves",
};

async function allow(dir: string, ...allowances: readonly Partial<Allowance>[]): Promise<void> {
  const file = join(dir, "manifest.extra.json");
  const extra = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...extra, allowances }));
}

/** The prosecution asks for the personal number, to find its own order by it. */
async function requirePersonalNumber(schema: SchemaCopy, fields = "cpr"): Promise<void> {
  await schema.replace(
    "ppo.graphql",
    "travelOrder: TravelOrder",
    `cpr: PersonalNumber @external
     gender: Gender @external
     travelOrder: TravelOrder @requires(fields: "${fields}")`.replace(
      fields.includes("gender") ? "" : "gender: Gender @external",
      "",
    ),
  );
}

const problemsIn = async (dir: string) => (await describeSupergraphProblems(dir)).join("\n");

describe("an agency that requires another's field", () => {
  it("is refused without an allowance", async () => {
    await using schema = await schemaCopy();
    await requirePersonalNumber(schema);
    expect(await problemsIn(schema.dir)).toMatch(
      /^ppo\.graphql:\d+:\d+: `@requires` is not allowed on `Person\.travelOrder` for PPO; remove it, or list it under `allowances` in manifest\.extra\.json$/m,
    );
    expect(await problemsIn(schema.dir)).toMatch(/`@external` is not allowed on `Person\.cpr` for PPO/);
  });

  it("is accepted with one, and is then sent that field and no other", async () => {
    await using schema = await schemaCopy();
    await requirePersonalNumber(schema);
    await allow(schema.dir, TRAVEL_ORDER);
    expect(await problemsIn(schema.dir)).toBe("");
    await using routes = await Routes.of(schema.dir);
    const plan = await routes.plan(['case(id: "1")', "victim", "person"], "{ travelOrder { __typename } }");
    const [, sent] = /"serviceName":"ppo".*?"requires":(\[.*?\]\}\])/.exec(JSON.stringify(plan)) ?? [];
    expect([...(sent ?? "").matchAll(/"name":"(\w+)"/g)].map(([, name]) => name).toSorted()).toEqual([
      "__typename",
      "cpr",
      "uid",
    ]);
  });

  it("is refused when it asks for more than is listed", async () => {
    await using schema = await schemaCopy();
    await requirePersonalNumber(schema, "cpr gender");
    await allow(schema.dir, TRAVEL_ORDER);
    expect(await problemsIn(schema.dir)).toMatch(
      /`@requires` is not allowed on `Person\.travelOrder` with `Person\.gender`; remove it, or list it among the inputs/,
    );
    await allow(schema.dir, { ...TRAVEL_ORDER, inputs: ["Person.cpr", "Person.gender"] });
    expect(await problemsIn(schema.dir)).toBe("");
  });

  it("is refused when the allowance is another agency's", async () => {
    await using schema = await schemaCopy();
    await requirePersonalNumber(schema);
    await allow(schema.dir, { ...TRAVEL_ORDER, agency: "MOI" });
    expect(await problemsIn(schema.dir)).toMatch(
      /`@requires` is not allowed on `Person\.travelOrder` for PPO/,
    );
  });

  it("labels nothing that is another's", async () => {
    await using schema = await schemaCopy();
    await requirePersonalNumber(schema);
    await schema.replace("ppo.graphql", "@external", "@external @group(name: AGGREGATES)");
    await allow(schema.dir, TRAVEL_ORDER);
    expect(await problemsIn(schema.dir)).toMatch(/`Person\.cpr` is another's; remove `@group`/);
  });

  it("is held to the same in a finished supergraph", async () => {
    await using schema = await schemaCopy();
    await requirePersonalNumber(schema);
    await allow(schema.dir, TRAVEL_ORDER);
    await writeFile(join(schema.dir, "supergraph.graphql"), (await composeSubgraphs(schema.dir)).text);
    await using finished = await finishedSupergraph((sdl) => sdl, schema.dir);
    expect(await problemsIn(finished.dir)).toBe("");
    await allow(finished.dir);
    expect(await problemsIn(finished.dir)).toMatch(
      /^supergraph\.graphql:\d+:\d+: `@requires` is not allowed on `Person\.travelOrder` for PPO/m,
    );
    expect(await problemsIn(finished.dir)).toMatch(/`@external` is not allowed on `Person\.cpr` for PPO/);
  });
});

describe("an agency that takes a field over", () => {
  const takeOver = (schema: SchemaCopy) =>
    schema.append(
      "ext.graphql",
      'type Person @key(fields: "uid") { uid: ID! @inaccessible cpr: PersonalNumber @group(name: IDENTIFIERS) @class(level: S2_PERSONAL) @owner(agency: IGA) @override(from: "iga") }',
    );

  it("is refused without an allowance and accepted with one", async () => {
    await using schema = await schemaCopy();
    await takeOver(schema);
    await schema.replace("keys.json", '"EXT": {', '"EXT": { "Person": { "kind": "linked", "key": "X" },');
    expect(await problemsIn(schema.dir)).toMatch(/`@override` is not allowed on `Person\.cpr` for EXT/);
    await allow(schema.dir, TAKEN_OVER);
    expect(await problemsIn(schema.dir)).toBe("");
  });
});

describe("a finished supergraph in which", () => {
  it.each([
    [
      "an agency is asked by a national number",
      /(type Person [^{]*@join__type\(graph: PPO, key: )"uid"/,
      '$1"cpr"',
      /`Person` has the key `cpr`; the one key is `uid`/,
    ],
    [
      "an agency stands in for an interface",
      /(type Person [^{]*@join__type\(graph: PPO, key: "uid")/,
      "$1, isInterfaceObject: true",
      /`@interfaceObject` is not allowed on `Person` for PPO/,
    ],
    [
      "an agency's field was taken over by somebody",
      /(cpr: PersonalNumber .*@join__field\(graph: IGA)\)/,
      "$1, usedOverridden: true)",
      /`Person\.cpr` is taken over from another agency/,
    ],
  ])("%s is refused", async (_, from, to, problem) => {
    await using finished = await finishedSupergraph((sdl) => sdl.replace(from, to));
    expect(await problemsIn(finished.dir)).toMatch(problem);
  });
});

describe("an allowance", () => {
  it.each([
    [
      { ...TRAVEL_ORDER, inputs: ["Person.uid"] },
      /`Person\.uid` may be told to no agency, so nothing can allow it/,
    ],
    [{ ...TRAVEL_ORDER, inputs: ["Person.access"] }, /`Person\.access` may be told to no agency/],
    [
      { ...TRAVEL_ORDER, inputs: ["Person.shoeSize"] },
      /`Person\.shoeSize` is in an allowance and is no field/,
    ],
    [
      { ...TRAVEL_ORDER, coordinate: "Person.shoeSize" },
      /`Person\.shoeSize` is in an allowance and is no field/,
    ],
    [{ ...TRAVEL_ORDER, why: "" }, /manifest\.extra\.json: `allowances\.0\.why`: /],
    [{ ...TRAVEL_ORDER, allows: "key" as "requires" }, /manifest\.extra\.json: `allowances\.0\.allows`: /],
  ])("that nobody may have is refused: %o", async (allowance, problem) => {
    await using schema = await schemaCopy();
    await allow(schema.dir, allowance);
    expect(await problemsIn(schema.dir)).toMatch(problem);
  });

  const TYPES = new Map([
    ["Case.person", "Person"],
    ["Person.address", "Address"],
    ["Address.city", "String"],
    ["Person.cpr", "String"],
  ]);
  const use = (directive: Use["directive"], fields: string | null, coordinate = "Case.person"): Use => ({
    agency: "PPO",
    coordinate,
    directive,
    fields,
  });
  const given = (allows: Allowance["allows"], inputs: readonly string[] = [], coordinate = "Case.person") => [
    { coordinate, allows, agency: "PPO", inputs: [...inputs], why: "a reason" },
  ];

  it.each([
    [
      "@requires, of its own type",
      use("requires", "cpr", "Person.order"),
      given("requires", ["Person.cpr"], "Person.order"),
    ],
    ["@provides, of the type it returns", use("provides", "cpr"), given("provides", ["Person.cpr"])],
    [
      "a nested field set, each level of it",
      use("provides", "address { city }"),
      given("provides", ["Person.address", "Address.city"]),
    ],
    ["a fragment", use("provides", "... on Person { __typename cpr }"), given("provides", ["Person.cpr"])],
    ["@external of an input", use("external", null, "Person.cpr"), given("provides", ["Person.cpr"])],
    ["@external alone", use("external", null, "Person.cpr"), given("external", [], "Person.cpr")],
    ["@interfaceObject", use("interfaceObject", null, "Media"), given("interfaceObject", [], "Media")],
  ])("covers %s", (_, found, allowances) => {
    expect(allowanceProblem(found, allowances, TYPES)).toBeNull();
    expect(allowanceProblem(found, [], TYPES)).toMatch(/is not allowed on .* for PPO/);
    expect(allowanceProblem({ ...found, agency: "MOI" }, allowances, TYPES)).toMatch(
      /is not allowed on .* for MOI/,
    );
  });

  it.each([
    [
      "a level that is not listed",
      use("provides", "address { city }"),
      given("provides", ["Person.address"]),
      /`Address\.city`/,
    ],
    ["what is no field set", use("provides", "cpr {"), given("provides", ["Person.cpr"]), /`Person\.cpr \{`/],
    [
      "a field set that is no text",
      use("provides", null),
      given("provides", ["Person.cpr"]),
      /`@provides` is not allowed on `Case\.person` without a field set in one text/,
    ],
    [
      "another directive",
      use("requires", "cpr"),
      given("provides", ["Person.cpr"]),
      /`@requires` is not allowed/,
    ],
  ])("does not cover %s", (_, found, allowances, problem) => {
    expect(allowanceProblem(found, allowances, TYPES)).toMatch(problem);
  });
});

describe("one owner", () => {
  it.each([
    ["roots", /`Query\.case` is listed for EPC and PPO; it has one owner/, { PPO: ["Query.case"] }],
    [
      "types",
      /`TransnationalReferral` is listed for PPO and EXT; it has one owner/,
      { PPO: ["TransnationalReferral"] },
    ],
    ["shared", /`Person\.shoeSize` is served or shared and is no field/, { "Person.shoeSize": ["PPO"] }],
    [
      "fields",
      /`Person\.cpr` is listed for IGA and PPO; it has one owner/,
      { "Person.cpr": { owner: "PPO", group: "IDENTIFIERS", class: "S3" } },
    ],
  ])("is demanded in %s", async (table, problem, entries) => {
    await using schema = await schemaCopy();
    const file = join(schema.dir, "manifest.extra.json");
    const extra = JSON.parse(await readFile(file, "utf8"));
    const before = extra[table] as Readonly<Record<string, unknown>>;
    const merged = Object.entries(entries).map(([key, value]) => {
      const old = before[key];
      return [key, Array.isArray(old) && Array.isArray(value) ? [...old, ...value] : value];
    });
    await writeFile(
      file,
      JSON.stringify({ ...extra, [table]: { ...before, ...Object.fromEntries(merged) } }),
    );
    expect(await problemsIn(schema.dir)).toMatch(problem);
  });
});
