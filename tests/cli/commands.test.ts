import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { productionProblems } from "../../src/cli/production.ts";
import { runProgram } from "../../src/cli/program.ts";
import { suggest } from "../../src/cli/suggest.ts";
import type { DataDirectory } from "../../src/config/data-directory.ts";
import { openDataDirectory } from "../../src/config/data-directory.ts";
import { loadConfig } from "../../src/config/load.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { type SchemaCopy, schemaCopy } from "../supergraph/schema-copy.ts";
import { testTerminal } from "./test-terminal.ts";

/** None of these commands starts anything. */
const noParts = async () => expect.fail("a part was started");

async function ihala(args: readonly string[], input = "") {
  const terminal = testTerminal(input);
  const status = await runProgram(args, noParts, terminal);
  return { status, out: terminal.written(), err: terminal.complaints() };
}

async function configFile(text: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "ihala-cli-")), "ihala.yaml");
  await writeFile(file, text);
  return file;
}

describe("ihala token", () => {
  let data: DataDirectory;
  let config: string;
  beforeAll(async () => {
    data = await openDataDirectory(await mkdtemp(join(tmpdir(), "ihala-token-")), "sandbox");
    await writeFile(data.file("world.json"), '{"seed":20250730,"scale":"tiny"}');
    config = await configFile(`data: ${data.path}`);
  });
  afterAll(() => data.release());
  const token = (...args: string[]) => ihala(["--config", config, "token", ...args]);

  it("prints one token and nothing else, while the sandbox holds its directory", async () => {
    const { status, out, err } = await token("--role", "NGO.caseworker");
    expect([status, err]).toEqual([0, ""]);
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(decodeProtectedHeader(out.trim())).toMatchObject({ typ: "at+jwt", alg: "ES256" });
    expect(decodeJwt(out.trim())).toMatchObject({
      client_id: "bh-ngo-mwps-assist",
      roles: ["NGO.caseworker"],
      sub: expect.stringMatching(/^ngo-mwps-caseworker-/),
      acr: "AAL2",
    });
  });

  it.each([
    ["EXT.consul", "in-ext-emb-consular"],
    ["EXT.foreignNrm", "jo-ext-ncht-nrm"],
    ["EXT.intlObserver", "un-ext-unodc-stats"],
    ["PPO.securityOfficer", "bh-jud-ppo-tip"],
  ])("speaks for %s at %s unless a member is named", async (role, client) => {
    expect(decodeJwt((await token("--role", role)).out.trim())["client_id"]).toBe(client);
  });

  it("takes a member, a member of staff, a data subject", async () => {
    const aman = decodeJwt(
      (await token("--role", "NGO.caseworker", "--member", "BH/NGO/AMAN/shelter")).out.trim(),
    );
    expect(aman).toMatchObject({
      client_id: "bh-ngo-aman-shelter",
      sub: expect.stringMatching(/^ngo-aman-/),
    });
    const second = decodeJwt(
      (await token("--role", "EPC.caseWorker", "--staff", "epc-caseWorker-2")).out.trim(),
    );
    expect(second.sub).toBe("epc-caseWorker-2");
    const subject = decodeJwt((await token("--role", "dataSubject", "--subject", "131300001")).out.trim());
    expect(subject).toMatchObject({ client_id: "national-portal", roles: ["dataSubject"], sub: "131300001" });
  });

  it("picks somebody who holds certificates, which are no claim", async () => {
    const { status, out } = await token(
      "--role",
      "EPC.screener",
      "--certificates",
      "SCREENING_L1, INTERVIEW_CHILD",
    );
    expect(status).toBe(0);
    expect(Object.keys(decodeJwt(out.trim())).toSorted()).toEqual([
      ...["acr", "aud", "auth_time", "client_id", "exp", "iat", "iss", "jti", "roles", "sub"],
    ]);
  });

  it.each([
    [["--role", "NGO.casewroker"], /did you mean `NGO\.caseworker`/],
    [["--role", "NGO.caseworker", "--member", "BH/NGO/MWPS/asist"], /did you mean `BH\/NGO\/MWPS\/assist`/],
    [["--role", "NGO.caseworker", "--member", "BH/JUD/PPO/tip"], /no member of NGO/],
    [
      ["--role", "NGO.caseworker", "--staff", "epc-caseWorker-1"],
      /those who have it are ngo-mwps-caseworker-1/,
    ],
    [["--role", "NGO.caseworker", "--certificates", "SCRENING_L1"], /did you mean `SCREENING_L1`/],
    [["--role", "NGO.caseworker", "--staff", "a", "--certificates", "SCREENING_L1"], /leave `--staff` out/],
    [["--role", "dataSubject"], /needs `--subject`/],
    [["--role", "dataSubject", "--subject", "1", "--staff", "a"], /`--subject` alone/],
    [["--role", "NGO.caseworker", "--subject", "1"], /is for the role `dataSubject`/],
  ])("refuses %j and says what there is", async (args, complaint) => {
    const { status, out, err } = await token(...args);
    expect([status, out]).toEqual([1, ""]);
    expect(err).toMatch(complaint);
    expect(err).toContain("[BAD_USER_INPUT]");
  });

  it("needs a sandbox that was started there", async () => {
    const elsewhere = await configFile(`data: ${await mkdtemp(join(tmpdir(), "ihala-none-"))}`);
    const { status, err } = await ihala(["--config", elsewhere, "token", "--role", "NGO.caseworker"]);
    expect(status).toBe(1);
    expect(err).toContain("npm start");
  });
});

describe("ihala serve", () => {
  it("refuses what ships, with every reason", async () => {
    const { status, err } = await ihala(["serve"]);
    expect(status).toBe(1);
    expect(err).toContain("[PRODUCTION_REFUSED]");
    for (const reason of [
      "is a development issuer",
      "speaks for several agencies",
      "`bh-ngo-mwps-assist` that are plain Bearer",
      "BH/GOV/IGA/population",
      "ledger.url",
      "database.url",
      "trustedProxy",
    ])
      expect(err).toContain(reason);
  });

  it("refuses a policy that permits all, a development key, and a sandbox's directory", async () => {
    const data = await openDataDirectory(await mkdtemp(join(tmpdir(), "ihala-serve-")), "sandbox");
    await data.folder("issuer");
    const config = await loadConfig({ env: {}, overrides: { data: data.path } });
    const problems = await productionProblems(config, [
      {
        file: "fine.cedar",
        text: "// permit(principal, action, resource);\npermit(principal, action, resource) when { false };",
      },
      { file: "open.cedar", text: "permit (\n  principal, action,\n  resource // all\n) ;" },
    ]);
    expect(problems).toEqual(
      expect.arrayContaining([
        "policies: `open.cedar` permits everything to everybody",
        expect.stringContaining("development key"),
        expect.stringMatching(/^data: .*belongs to `sandbox`/),
      ]),
    );
    expect(problems.join()).not.toContain("fine.cedar");
    await data.release();
  });
});

describe("production", () => {
  const jwks = { url: "https://i.test/jwks" };
  const member = "BH/GOV/IGA/population";
  const problemsOf = async (server: object, client: object, keys: object = jwks) => {
    const issuers = [{ issuer: "https://i.test", jwks: keys, clients: { c: { member, ...client } } }];
    const file = await configFile(JSON.stringify({ server, identity: { issuers, maxTokenSeconds: 600 } }));
    const config = await loadConfig({ env: {}, path: file });
    const about = /^(identity|server)/;
    return (await productionProblems(config, [])).filter((problem) => about.test(problem));
  };
  const tls = { certificate: "c.pem", key: "k.pem" };
  const publicUrl = "https://gateway.test/graphql";

  it.each([
    ["proofs, over its own TLS", { tls, publicUrl }, {}],
    ["proofs, behind a proxy", { trustedProxy: true, publicUrl }, { binding: "dpop" }],
    ["certificates, over its own TLS", { tls: { ...tls, clientCa: "ca.pem" } }, { binding: "mtls" }],
    ["certificates, behind a proxy", { trustedProxy: true }, { binding: "mtls" }],
    ["proofs, behind a proxy that speaks TLS with it", { tls, trustedProxy: true, publicUrl }, {}],
  ])("takes clients bound by %s", async (_, server, client) => {
    expect(await problemsOf(server, client)).toEqual([]);
  });

  it.each([
    ["plain Bearer", { tls, publicUrl }, { binding: "bearer" }, jwks, /`c` that are plain Bearer/],
    ["no TLS", { publicUrl }, {}, jwks, /in the clear/],
    ["no public address", { tls }, {}, jwks, /^server\.publicUrl/],
    ["a public address without TLS", { tls, publicUrl: "http://g.test" }, {}, jwks, /^server\.publicUrl/],
    ["certificates that nobody asks for", { tls }, { binding: "mtls" }, jwks, /^server\.tls\.clientCa/],
    ["keys in the clear", { tls, publicUrl }, {}, { url: "http://i.test/jwks" }, /without TLS/],
  ])("refuses %s", async (_, server, client, keys, complaint) => {
    const problems = await problemsOf(server, client, keys);
    expect(problems).toEqual([expect.stringMatching(complaint)]);
  });
});

describe("ihala revoke", () => {
  it.each([
    [["--agency", "NGQ"], /there is no agency `NGQ`/],
    [["--agency", "NGO"], /say which by `--member`: BH\/NGO\/MWPS\/assist, BH\/NGO\/AMAN\/shelter/],
    [["--agency", "NGO", "--member", "BH/JUD/PPO/tip"], /no member of NGO/],
    [["--agency", "PPO"], /`database.url` is not configured/],
  ])("refuses %j", async (args, complaint) => {
    const elsewhere = await configFile(`data: ${await mkdtemp(join(tmpdir(), "ihala-none-"))}`);
    const { status, err } = await ihala(["--config", elsewhere, "revoke", ...args, "--staff", "s"]);
    expect(status).toBe(1);
    expect(err).toMatch(complaint);
  });
});

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
