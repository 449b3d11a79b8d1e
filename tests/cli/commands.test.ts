/** Commands that look and print: `check`, `compose`, `config`, `policy decide`, `plan`, help. */
import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { suggest } from "../../src/cli/suggest.ts";
import { loadConfig } from "../../src/config/load.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { type SchemaCopy, schemaCopy } from "../supergraph/schema-copy.ts";
import { configFile, ihala } from "./run-command.ts";

describe("ihala agency suspend", () => {
  it.each([
    [["NGQ"], /there is no agency `NGQ`/],
    [["NGO", "--member", "BH/JUD/PPO/tip"], /no member of NGO/],
    [["NGO", "--reason", "two\nlines"], /`--reason` is one line/],
    [["NGO", "--reason", "\u001b[2J"], /`--reason` is one line/],
    [["PPO"], /`database.url` is not configured/],
  ])("refuses %j", async (args, complaint) => {
    const elsewhere = await configFile(`data: ${await mkdtemp(join(tmpdir(), "ihala-none-"))}`);
    const { status, err } = await ihala(["--config", elsewhere, "agency", "suspend", ...args]);
    expect(status).toBe(1);
    expect(err).toMatch(complaint);
  });
});

describe("ihala check", () => {
  it("finds what ships in order, and starts nothing", async () => {
    const { status, out } = await ihala(["check"]);
    expect(out).toMatch(
      /^ok {3}configuration: 12 agencies, 16 members\nok {3}schema: .*\nok {3}policies: .*\n$/,
    );
    expect(status).toBe(0);
  });

  it("lists all problems of the configuration", async () => {
    const { status, out } = await ihala([
      "--config",
      await configFile("server: {port: x}\nsrever: 1"),
      "check",
    ]);
    expect(status).toBe(1);
    expect(out).toMatch(/FAIL configuration.*- server\.port: .*- srever: unknown key/s);
  });

  it("says which agency is in the schema or in the configuration alone", async () => {
    const config = await loadConfig({ env: {} });
    const member = { address: "BH/GOV/HLT/insurance", name: { en: "Health", ar: "الصحة" } };
    const agencies = [
      ...config.agencies.filter(({ code }) => code !== "IGA"),
      { code: "HLT", kind: "rest", members: [member] },
    ];
    const clients = { c: { member: member.address } };
    const issuers = [{ issuer: "https://i.test", jwks: { file: "jwks.json" }, clients }];
    const file = await configFile(JSON.stringify({ agencies, identity: { issuers } }));
    const { status, out } = await ihala(["--config", file, "check"]);
    expect(status).toBe(1);
    expect(out).toContain("agencies: `HLT` is no `AgencyCode`; add it to vocabulary.graphql");
    expect(out).toContain("agencies: `IGA` serves `iga`; add it to the configuration");
  });

  it("says which persisted documents would be refused, and how many there are", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ihala-documents-"));
    const config = await configFile(`server: {persistedDocuments: {path: ${folder}, only: true}}`);
    await writeFile(join(folder, "a.graphql"), "{ agencies { code } }");
    expect((await ihala(["--config", config, "check"])).out).toContain("ok   documents: 1 persisted");
    await writeFile(join(folder, "b.json"), '{"b": "{ nothing }"}');
    const { status, out } = await ihala(["--config", config, "check"]);
    expect(status).toBe(1);
    expect(out).toMatch(/FAIL documents: .*\n {7}- persisted document `b`: Cannot query field "nothing"/);
  });

  it("lists the problems of schema and policies side by side", async () => {
    const empty = await mkdtemp(join(tmpdir(), "ihala-empty-"));
    await writeFile(join(empty, "bad.cedar"), "permit(principal, action,");
    const { status, out } = await ihala([
      "--config",
      await configFile(`policy: {directory: ${empty}}`),
      "check",
    ]);
    expect(status).toBe(1);
    expect(out).toContain("ok   schema");
    expect(out).toContain("FAIL policies");
  });
});

describe("what composition tells", () => {
  const configured = async (schema: SchemaCopy) => {
    const directory = await mkdtemp(join(tmpdir(), "ihala-composed-"));
    await cp(join(PACKAGE_ROOT, "policies"), directory, { recursive: true });
    return configFile(`schema: {directory: ${schema.dir}}\npolicy: {directory: ${directory}}`);
  };

  it.each([["check"], ["compose"]])(
    "is printed by ihala %s: hints with their place, and all is well",
    async (command) => {
      await using schema = await schemaCopy();
      await schema.replace("crt.graphql", /"""[^"]*"""(\s*role: PartyRole)/, '"As the court has it."$1');
      const { status, out } = await ihala(["--config", await configured(schema), command]);
      expect(out).toMatch(
        /hint: moi\.graphql:\d+:\d+: `Suspect\.role` is described otherwise in the supergraph/,
      );
      expect(status).toBe(0);
    },
  );

  it.each([["check"], ["compose"]])(
    "is printed by ihala %s: every problem with its place",
    async (command) => {
      await using schema = await schemaCopy();
      await schema.replace("ppo.graphql", "role: PartyRole @shareable", "role: String @shareable");
      await schema.append("ext.graphql", "type Query { persons: [Referral!] }");
      const { status, out, err } = await ihala(["--config", await configured(schema), command]);
      expect(status).toBe(1);
      expect(out + err).toMatch(/ext\.graphql:\d+:14: `Query\.persons` is not in the ownership manifest/);
      expect(out + err).toMatch(
        /crt\.graphql:\d+:3: composition: .*"Suspect\.role".*\(also moi\.graphql:.*ppo\.graphql:/,
      );
    },
  );
});

it("prints the configuration in force, which is a configuration file", async () => {
  const { status, out } = await ihala(["--config", await configFile("server: { port: 4123 }"), "config"]);
  expect(status).toBe(0);
  expect(await loadConfig({ path: await configFile(out), env: {} })).toEqual(
    await loadConfig({ env: { PORT: "4123" } }),
  );
  expect(
    out
      .trimEnd()
      .split("\n")
      .findLast((line) => /^\w/.test(line)),
  ).toBe("agencies:");
});

describe("ihala", () => {
  it("composes what ships to what ships", async () => {
    expect(await ihala(["compose", "--check"])).toMatchObject({ status: 0, err: "" });
  });

  it("answers policy questions line by line", async () => {
    const question = {
      agency: "NGO",
      role: "NGO.caseworker",
      purpose: "SHELTER_CARE",
      field: "Case.nrmNumber",
      row: {},
    };
    const { status, out } = await ihala(["policy", "decide"], `${JSON.stringify(question)}\nnonsense\n`);
    const [answer, problem] = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(status).toBe(0);
    expect(answer).toHaveProperty("effect");
    expect(problem).toEqual({ error: "the line is not JSON", line: 2 });
  });

  it("plans an operation for a reader, and says what was cut, masked, left to rows and added", async () => {
    const operation = "{ cases(first: 3) { edges { node { id nrmNumber shelterStays { securityPlan } } } } }";
    const args = ["plan", "--role", "MOI.officer", "--issue"];
    const text = await ihala(args, operation);
    expect(text).toMatchObject({ status: 0, err: "" });
    expect(text.out).toMatch(/^Asked, wave by wave\n {2}1\. epc_spine \(EPC\)/);
    expect(text.out).toContain("cases.edges.node.shelterStays");
    expect(text.out).toContain("_p_access");
    const { fetches, fields } = JSON.parse((await ihala([...args, "--json"], operation)).out);
    expect(fetches[0]).toMatchObject({ wave: 1, subgraph: "epc_spine" });
    expect(fields.length).toBeGreaterThan(0);
    const refused = await ihala(["plan", "--role", "MOI.officer", "--purpose", "SHELTER_CARE"], operation);
    expect(refused.err).toContain("[PURPOSE_NOT_HELD]");
  });

  it("helps, and complains about what it does not know", async () => {
    expect((await ihala(["--help"])).out).toContain("sandbox");
    const wrong = await ihala(["tokn"]);
    expect(wrong.status).toBe(1);
    expect(wrong.err).toContain("unknown command");
    expect((await ihala(["token"])).err).toContain("--role");
  });

  it("reports a configuration that cannot be read", async () => {
    const { status, err } = await ihala(["--config", "/nowhere.yaml", "serve"]);
    expect(status).toBe(1);
    expect(err).toContain("[CONFIG_INVALID]");
  });

  it("suggests near words only", () => {
    expect(suggest("NCC.auditr", ["NCC.auditor", "NCC.coordinator"])).toBe(" (did you mean `NCC.auditor`?)");
    expect(suggest("xyz", ["NCC.auditor"])).toBe("");
  });

  it("has the commands that its package announces", async () => {
    const { scripts, bin } = JSON.parse(
      await readFile(join(import.meta.dirname, "../../package.json"), "utf8"),
    );
    expect(bin.ihala).toBe("dist/src/cli/main.js");
    expect(scripts.start).toMatch(/dist\/src\/cli\/main\.js sandbox$/);
  });
});
