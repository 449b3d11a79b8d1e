import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeSupergraphProblems, loadSupergraph } from "../../src/supergraph/load.ts";
import { finishedSupergraph } from "./finished-supergraph.ts";
import { SCHEMA_DIR, type SchemaCopy, schemaCopy } from "./schema-copy.ts";

type Attack = (schema: SchemaCopy) => Promise<void>;

/** What a document must not do, and what the gateway says to it. Each of these composes or would change the supergraph. */
const HOSTILE: readonly (readonly [name: string, attack: Attack, problem: RegExp])[] = [
  [
    "takes over a field of another agency with @override",
    (schema) =>
      schema.append(
        "ext.graphql",
        'type Person @key(fields: "uid") { uid: ID! @inaccessible cpr: PersonalNumber @override(from: "iga") }',
      ),
    /ext\.graphql:\d+:\d+: `@override` is not allowed.*; remove it/,
  ],
  [
    "declares a field of another agency",
    (schema) =>
      schema.append(
        "ext.graphql",
        'type Person @key(fields: "uid") { uid: ID! @inaccessible cpr: PersonalNumber }',
      ),
    /ext\.graphql:\d+:\d+: `Person\.cpr` belongs to IGA; remove it/,
  ],
  [
    "answers for another agency with @provides",
    (schema) =>
      schema.replace(
        "ppo.graphql",
        "person: Person @shareable",
        'person: Person @provides(fields: "gender") @shareable',
      ),
    /ppo\.graphql:\d+:\d+: `@provides` is not allowed/,
  ],
  [
    "asks for another agency's data with @requires",
    (schema) =>
      schema.replace(
        "ppo.graphql",
        "travelOrder: TravelOrder",
        'travelOrder: TravelOrder @requires(fields: "cpr")',
      ),
    /ppo\.graphql:\d+:\d+: `@requires` is not allowed/,
  ],
  [
    "adds a root field",
    (schema) => schema.append("ext.graphql", "type Query { persons: [Referral!] }"),
    /ext\.graphql:\d+:\d+: `Query\.persons` is not in the ownership manifest/,
  ],
  [
    "shares a root field of another agency",
    (schema) => schema.append("ext.graphql", "type Query { case(id: ID): Referral @shareable }"),
    /ext\.graphql:\d+:\d+: `Query\.case` belongs to EPC; remove it/,
  ],
  [
    "brings a header that composes no labels",
    (schema) =>
      schema.append(
        "moi.graphql",
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])',
      ),
    /moi\.graphql:\d+:\d+: holds a header or a directive definition; remove it/,
  ],
  [
    "drops a field of a shared input",
    (schema) => schema.append("ncc.graphql", "input DateRangeInput { from: Date }"),
    /ncc\.graphql:\d+:\d+: `DateRangeInput` belongs to vocabulary\.graphql; remove it here/,
  ],
  [
    "adds a code to a shared list",
    (schema) => schema.append("npra.graphql", "enum MigrationStatus { CITIZEN NEWCODE }"),
    /npra\.graphql:\d+:\d+: `MigrationStatus` belongs to vocabulary\.graphql/,
  ],
  [
    "lowers the class of a field",
    (schema) => schema.replace("crt.graphql", "@class(level: S5_INVESTIGATIVE)", "@class(level: S0_PUBLIC)"),
    /crt\.graphql:\d+:\d+: `Suspect\.\w+`: `@class` is `S0`, the manifest says `S5`/,
  ],
  [
    "labels with a group that is none",
    (schema) => schema.replace("iga.graphql", "@group(name: IDENTIFIERS)", "@group(name: NONSENSE)"),
    /iga\.graphql:\d+:\d+: `Person\.cpr`: `@group` is `NONSENSE`, the manifest says `IDENTIFIERS`/,
  ],
  [
    "leaves out a label",
    (schema) => schema.replace("iga.graphql", "@group(name: IDENTIFIERS)", ""),
    /iga\.graphql:\d+:\d+: `Person\.cpr`: `@group` is none, the manifest says `IDENTIFIERS`/,
  ],
  [
    "labels a field twice",
    (schema) =>
      schema.replace(
        "iga.graphql",
        "@group(name: IDENTIFIERS)",
        "@group(name: AGGREGATES) @group(name: IDENTIFIERS)",
      ),
    /`@group` is `AGGREGATES` and `IDENTIFIERS`, the manifest says `IDENTIFIERS`/,
  ],
  [
    "adds an unlabelled field to its own type",
    (schema) =>
      schema.replace("moi.graphql", "  perpetratorDetails:", "  secret: String\n  perpetratorDetails:"),
    /moi\.graphql:\d+:\d+: `Suspect\.secret` is not in the ownership manifest; remove it, or list it in manifest\.extra\.json/,
  ],
  [
    "makes a grouped field non-null",
    (schema) =>
      schema.replace("iga.graphql", "citizenships: [CountryCode!]", "citizenships: [CountryCode!]!"),
    /iga\.graphql:\d+:\d+: `Person\.citizenships` has a group and must be nullable; remove the `!`/,
  ],
  [
    "shows a policy input",
    (schema) =>
      schema.replace(
        "rtc.graphql",
        "own(reader: ReaderInput!): Boolean @policyInput @inaccessible",
        "own(reader: ReaderInput!): Boolean",
      ),
    /rtc\.graphql:\d+:\d+: `\w+\.own` exists to decide others; add `@policyInput`/,
  ],
  [
    "hides a field that readers have a right to",
    (schema) => schema.replace("iga.graphql", "cpr: PersonalNumber", "cpr: PersonalNumber @inaccessible"),
    /iga\.graphql:\d+:\d+: `Person\.cpr` is for readers; remove `@inaccessible`/,
  ],
  [
    "shows its uid",
    (schema) => schema.replace("ext.graphql", "uid: ID! @inaccessible", "uid: ID!"),
    /ext\.graphql:\d+:\d+: `Referral\.uid` must be `ID! @inaccessible`/,
  ],
  [
    "makes a national number a federation key",
    (schema) =>
      schema.replace("iga.graphql", '@key(fields: "uid")', '@key(fields: "uid") @key(fields: "cpr")'),
    /iga\.graphql:\d+:\d+: `Person`: the one key is `uid`/,
  ],
  [
    "computes a field by itself",
    (schema) =>
      schema.replace("iga.graphql", "ageBand: AgeBand", 'ageBand: AgeBand @computed(from: ["birthDate"])'),
    /iga\.graphql:\d+:\d+: `Person\.ageBand`: only the gateway computes fields/,
  ],
  [
    "widens a shared value",
    (schema) => schema.append("crt.graphql", "extend type Money { words: String }"),
    /crt\.graphql:\d+:\d+: `Money` belongs to vocabulary\.graphql/,
  ],
  [
    "brings a type of its own that nobody agreed to",
    (schema) => schema.append("ext.graphql", "type Dossier { name: String }"),
    /ext\.graphql:\d+:\d+: `Dossier` is not in the ownership manifest/,
  ],
  [
    "hides a label in a value",
    (schema) =>
      schema.replace("ext.graphql", "mechanism: String", "mechanism: String @group(name: AGGREGATES)"),
    /ext\.graphql:\d+:\d+: `TransnationalReferral\.mechanism` is part of a value/,
  ],
  [
    "no longer serves what the manifest promises",
    (schema) => schema.replace("iga.graphql", /\n {2}cpr: .*\n/, "\n"),
    /`Person\.cpr`: no document of IGA declares it; add it there/,
  ],
];

describe("a document that", () => {
  it.each(HOSTILE)("%s is refused", async (_, attack, problem) => {
    await using schema = await schemaCopy();
    await attack(schema);
    expect((await describeSupergraphProblems(schema.dir)).join("\n")).toMatch(problem);
  });
});

describe("bad input", () => {
  it("is reported all at once, with file and place", async () => {
    await using schema = await schemaCopy();
    await schema.append("ngo.graphql", "type {");
    await schema.append("npra.graphql", "type Query { visas: [Visa!] }");
    await schema.replace("iga.graphql", "@group(name: CONTACT)", "");
    const problems = await describeSupergraphProblems(schema.dir);
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ngo\.graphql:\d+:\d+: Syntax Error/),
        expect.stringMatching(/^npra\.graphql:\d+:\d+: `Visa` is used and defined nowhere/),
        expect.stringMatching(/^npra\.graphql:\d+:\d+: `Query\.visas` is not in the ownership manifest/),
        expect.stringMatching(/^iga\.graphql:\d+:\d+: `Person\.address`: `@group` is none/),
      ]),
    );
  });

  it("is refused with SUPERGRAPH_INVALID", async () => {
    await using schema = await schemaCopy();
    await schema.append("ngo.graphql", "type {");
    await expect(loadSupergraph(schema.dir)).rejects.toMatchObject({
      code: "SUPERGRAPH_INVALID",
      detail: { problems: expect.arrayContaining([expect.stringContaining("ngo.graphql")]) },
    });
  });

  it("tells what does not compose", async () => {
    await using schema = await schemaCopy();
    await schema.replace("ppo.graphql", "role: PartyRole @shareable", "role: String @shareable");
    expect((await describeSupergraphProblems(schema.dir)).join("\n")).toMatch(
      /^crt\.graphql:\d+:\d+: composition: .*Suspect\.role/m,
    );
  });

  it("tells of a filter that reads no field", async () => {
    await using schema = await schemaCopy();
    await schema.replace("lmra.graphql", '@filters(by: "Worker.sector")', '@filters(by: "Worker.sektor")');
    expect((await describeSupergraphProblems(schema.dir)).join("\n")).toMatch(
      /^lmra\.graphql:\d+:\d+: `WorkerFilter\.sector` filters by `Worker\.sektor`, which is no field$/,
    );
  });

  it("tells of an agency without a key for what it serves", async () => {
    await using schema = await schemaCopy();
    await schema.replace("keys.json", '"ReturnPlan"', '"Departure"');
    const problems = await describeSupergraphProblems(schema.dir);
    expect(problems).toContain("keys.json: NPRA serves `ReturnPlan` and has no key for it; add one");
    expect(problems).toContain("keys.json: NPRA has a key for `Departure` and never mentions it; remove it");
  });

  it.each([
    [
      "domain.json",
      /domain\.json: `\w+\.\w+\.cls`: Invalid option/,
      (text: string) => text.replace('"cls": "S1"', '"cls": "S9"'),
    ],
    [
      "manifest.extra.json",
      /manifest\.extra\.json: Unexpected|manifest\.extra\.json: .*JSON/,
      (text: string) => text.slice(1),
    ],
  ])("tells what is wrong with %s", async (file, problem, change) => {
    await using schema = await schemaCopy();
    const path = join(schema.dir, file);
    await writeFile(path, change(await readFile(path, "utf8")));
    expect((await describeSupergraphProblems(schema.dir)).join("\n")).toMatch(problem);
  });

  it("tells of an empty folder", async () => {
    await using schema = await schemaCopy();
    const empty = await mkdtemp(join(tmpdir(), "ihala-empty-"));
    for (const file of ["domain.json", "manifest.extra.json", "keys.json"])
      await writeFile(join(empty, file), await readFile(join(schema.dir, file)));
    expect(await describeSupergraphProblems(empty)).toEqual([
      `${empty}: neither subgraph documents nor supergraph.graphql`,
    ]);
    await rm(empty, { recursive: true });
  });
});

describe("a composed file", () => {
  it("that is older than the documents is not used", async () => {
    await using schema = await schemaCopy();
    await schema.replace("iga.graphql", "Gender, as registered.", "Gender, as written in the register.");
    expect((await loadSupergraph(schema.dir)).sdl).toContain("Gender, as written in the register.");
  });

  it("is enough without the documents", async () => {
    await using finished = await finishedSupergraph((sdl) => sdl);
    const { version } = await loadSupergraph(finished.dir);
    expect(version).toBe((await loadSupergraph(SCHEMA_DIR)).version);
  });

  it.each([
    [
      "a doubled class",
      /(role: PartyRole )(@owner)/,
      "$1@class(level: S0_PUBLIC) $2",
      /`Suspect\.role`: `@class` is `S0` and `S5`/,
    ],
    [
      "a lost group",
      "cpr: PersonalNumber @group(name: IDENTIFIERS)",
      "cpr: PersonalNumber",
      /`Person\.cpr`: `@group` is none/,
    ],
    [
      "an overridden field",
      /(cpr: PersonalNumber .*@join__field\(graph: )IGA\)/,
      '$1EXT, override: "iga")',
      /`@override` is not allowed on `Person\.cpr` for EXT; remove it, or list it/,
    ],
    [
      "a field served by another agency",
      /(cpr: PersonalNumber .*@join__field\(graph: )IGA\)/,
      "$1EXT)",
      /`Person\.cpr` is served by EXT; the manifest says IGA/,
    ],
    ["a visible uid", "uid: ID! @inaccessible", "uid: ID!", /`\w+\.uid` must be `@inaccessible`/],
    [
      "a field nobody owns",
      "  cpr: PersonalNumber",
      "  secret: String\n  cpr: PersonalNumber",
      /`Person\.secret` is not in the ownership manifest/,
    ],
    [
      "a field that is missing",
      "  cpr: PersonalNumber",
      "  cprNumber: PersonalNumber",
      /`Person\.cpr` is in the manifest and not in the supergraph/,
    ],
    [
      "a shrunk input",
      /(input DateRangeInput [^}]*)\n {2}until: Date/,
      "$1",
      /`DateRangeInput\.until` of the vocabulary was lost/,
    ],
    ["no GraphQL in it", /^[\s\S]*$/, "type {", /supergraph\.graphql:\d+:\d+: Syntax Error/],
  ])("with %s is refused", async (_, from, to, problem) => {
    await using finished = await finishedSupergraph((sdl) => sdl.replace(from, to));
    expect((await describeSupergraphProblems(finished.dir)).join("\n")).toMatch(problem);
  });
});
