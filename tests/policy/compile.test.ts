/** Start-up refuses policies that are wrong, all at once, at the right place, and survives what would trap the compiler. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { compilePolicies, compilePolicyTexts } from "../../src/policy/compile.ts";
import type { PolicyFile } from "../../src/policy/policy-files.ts";
import { SCHEMA_DIR } from "../supergraph/schema-copy.ts";
import { DOMAIN, POLICIES_DIR, shippedPolicies } from "./shipped.ts";

const schemaText = readFileSync(join(POLICIES_DIR, "schema.cedarschema"), "utf8");
const policy = (body: string, annotations = GOOD) => `${annotations}${body}`;
const GOOD = '@id("NGO.x") @title("س") @legalBasis("R3") @owner("NGO")\n';
const PERMIT = 'permit (principal in Agency::"NGO", action in Action::"CASE_HEADER:clear", resource)';

async function problemsOf(source: string | readonly PolicyFile[]): Promise<readonly string[]> {
  const files = typeof source === "string" ? [{ file: "ngo/x.cedar", text: source }] : source;
  try {
    await compilePolicyTexts(files, schemaText, DOMAIN);
  } catch (error) {
    if (error instanceof GatewayError && error.code === "POLICY_INVALID") return error.detail.problems ?? [];
    throw error;
  }
  return [];
}

it("compiles what ships, with a version that depends on every text", async () => {
  const { version, policies } = await shippedPolicies();
  expect(version).toMatch(/^[0-9a-f]{64}$/);
  expect(policies.length).toBeGreaterThan(190);
  const file = { file: "ngo/x.cedar", text: policy(`${PERMIT};`) };
  const one = await compilePolicyTexts([file], schemaText, DOMAIN);
  const other = await compilePolicyTexts([{ ...file, text: `${file.text} // changed` }], schemaText, DOMAIN);
  expect(one.version).not.toBe(other.version);
});

it("accepts Arabic titles", async () => {
  expect(
    await problemsOf(
      policy(`${PERMIT};`, '@id("NGO.x") @title("سياسة القضية NGO") @legalBasis("R3") @owner("NGO")\n'),
    ),
  ).toEqual([]);
});

describe("a problem is told where it is", () => {
  it("counts characters, not bytes, before an error in Arabic text", async () => {
    const text = `// سياسة\n${policy(`${PERMIT}\nwhen { resource.access.wrong };`, '@id("NGO.x") @title("سياسة الشرطة") @legalBasis("R3") @owner("NGO") ')}`;
    const [problem] = await problemsOf(text);
    expect(problem).toMatch(/^ngo\/x\.cedar:3:8: .*`access.wrong`/);
  });

  it("on the same line as the Arabic text", async () => {
    const [problem] = await problemsOf(
      '@title("سياسة الشرطة") permit (principal, action, resource) when { 1 == };',
    );
    expect(problem).toMatch(/^ngo\/x\.cedar:1:73: .*unexpected token/);
  });

  it("reports everything at once", async () => {
    const problems = await problemsOf(
      `${policy('permit (principal in Agency::"NGOO", action in Action::"CASE_HEADER:clear", resource);')}
       ${policy('permit (principal, action in Action::"CASE_HEADER:cler", resource);', GOOD.replace("NGO.x", "NGO.y"))}
       permit (principal, action`,
    );
    expect(problems.map((problem) => problem.replace(/: .*/s, ""))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/:2:/),
        expect.stringMatching(/:4:/),
        expect.stringMatching(/:4:/),
      ]),
    );
    expect(problems.length).toBeGreaterThanOrEqual(3);
  });

  it("names a folder that cannot be read", async () => {
    await expect(
      compilePolicies({ policiesDir: "/nowhere", schemaDir: SCHEMA_DIR, schemaText }),
    ).rejects.toMatchObject({
      code: "POLICY_INVALID",
    });
  });

  it("names a schema that is wrong", async () => {
    await expect(compilePolicyTexts([], "entity A in [B];", DOMAIN)).rejects.toMatchObject({
      code: "POLICY_INVALID",
      detail: { problems: [expect.stringMatching(/^schema\.cedarschema:1:/)] },
    });
  });
});

describe("what would trap the compiler is refused before it sees it", () => {
  it.each([
    ["deep brackets", `${"(".repeat(200)}true${")".repeat(200)}`, "nested more than 60 deep"],
    ["many terms", Array.from({ length: 400 }, () => "true").join(" || "), "more than 250"],
    ["many choices", `${"if true then true else ".repeat(400)}true`, "more than 250"],
    ["many negations", `${"!".repeat(100)}true`, "more than 60 prefix operators"],
  ])("%s", async (_, expression, message) => {
    expect(await problemsOf(policy(`${PERMIT} when { ${expression} };`))).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it("an unfinished string", async () => {
    expect((await problemsOf('@id("x) permit (principal, action, resource);'))[0]).toContain(
      "string does not end",
    );
  });
});

/** [what, text, the problem, its folder]; compiled all at once, each in a file of its own. */
const LINTS: readonly [string, string, string, string?][] = [
  ["an unknown annotation", `@mak("year") ${policy(`${PERMIT};`)}`, "`@mak` is not known"],
  ["a missing annotation", `@id("a") @title("t") @owner("NGO") ${PERMIT};`, "`@legalBasis` is missing"],
  [
    "a reason that does not exist",
    policy(`${PERMIT};`, GOOD.replace("R3", "R99")),
    "`R99`, which is no reason",
  ],
  ["a date that is none", policy(`${PERMIT};`, `@reviewBy("soon") ${GOOD}`), "`@reviewBy` is not a date"],
  ["the same id twice", policy(`${PERMIT};`) + policy(`${PERMIT};`), "already used at ngo/4.cedar:1"],
  [
    "a permit on everything",
    policy('permit (principal in Agency::"NGO", action, resource);'),
    "must name its actions",
  ],
  [
    "a permit on a super-group",
    policy('permit (principal in Agency::"NGO", action in Action::"clear", resource);'),
    "`clear` opens every form",
  ],
  [
    "a permit on a bare group",
    policy('permit (principal in Agency::"NGO", action in Action::"SCREENING", resource);'),
    "`SCREENING` opens every form",
  ],
  [
    "telling that a header is withheld",
    policy('permit (principal in Agency::"NGO", action == Action::"CASE_HEADER:exists", resource);'),
    "no permit may tell",
  ],
  [
    "break-glass on a group that is never broken",
    policy(
      'permit (principal in Agency::"NGO", action in Action::"HEALTH_PSYCH:clear", resource) when { resource.access.breakGlassUntil > context.now };',
    ),
    "break-glass must not open `HEALTH_PSYCH:clear`",
  ],
  [
    "a role of another agency",
    policy(
      'permit (principal in Agency::"NGO", action in Action::"CASE_HEADER:clear", resource) when { principal in Role::"EPC.nurse" };',
    ),
    "nobody is both in agency `NGO` and in role `EPC.nurse`",
  ],
  [
    "a masked form without fields",
    policy('permit (principal in Agency::"NGO", action in Action::"VICTIM_STATEMENT:masked", resource);'),
    "no field has the form `VICTIM_STATEMENT:masked`",
  ],
  [
    "a legal basis that is not the matrix's",
    policy('permit (principal in Agency::"NGO", action in Action::"HEALTH_PSYCH:clear", resource);'),
    "rests on R8",
  ],
  [
    "a function of Cedar's own tools",
    policy(`${PERMIT} when { unknown("x") };`),
    "`unknown` is not part of Cedar's language",
  ],
  ["another agency's folder", policy(`${PERMIT};`), "stands in the folder of `moi`", "moi"],
];

describe("what Cedar accepts and we do not", () => {
  let problems: readonly string[] = [];
  beforeAll(async () => {
    const files = LINTS.map(([, text, , folder = "ngo"], index) => ({
      file: `${folder}/${index}.cedar`,
      text: text.replaceAll("NGO.x", `NGO.${index}`),
    }));
    problems = await problemsOf(files);
  });

  it.each(
    LINTS.map(([what, , problem, folder = "ngo"], index) => ({
      what,
      problem,
      file: `${folder}/${index}.cedar`,
    })),
  )("$what", ({ problem, file }) => {
    expect(problems).toContainEqual(expect.stringContaining(problem));
    expect(problems.filter((line) => line.includes(problem)).join("\n")).toContain(file);
  });
});
