/** A template and its links are policies as if they had been written out: they decide, explain and are refused like others. */
import { beforeAll, describe, expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { compilePolicyTexts } from "../../src/policy/compile.ts";
import { decideLines } from "../../src/policy/decide.ts";
import { explain } from "../../src/policy/explain/explain.ts";
import { explanationText } from "../../src/policy/explain/explanation-text.ts";
import { readLinks } from "../../src/policy/links.ts";
import type { PolicyFile } from "../../src/policy/policy-files.ts";
import type { PolicySet } from "../../src/policy/policy-set.ts";
import { lineAndColumn, splitPolicies } from "../../src/policy/policy-text.ts";
import { DOMAIN, SCHEMA_TEXT } from "./shipped.ts";

const TEMPLATE = `@id("plan")
@title("Plans — ?principal in a title is no slot")
@legalBasis("R3")
@owner("NGO")
permit (
  principal in ?principal, // سياسة ?resource
  action in Action::"SERVICES_PLAN:clear",
  resource
)
when { action in resource.access.granted };
`;
const CLAIM = `@id("claim") @title("t") @legalBasis("R1") @owner("NGO")
permit (principal in Agency::"NGO", action == Action::"claim", resource == Purpose::"SHELTER_CARE");
`;
const LINKS = `- id: NGO.plan
  template: plan
  principal: Agency::"NGO"
  title: Societies read the plan
`;
const files = (links: string, template = TEMPLATE): PolicyFile[] => [
  { file: "ngo/care.cedar", text: CLAIM + template },
  { file: "ngo/care.links.yaml", text: links },
];

async function problemsOf(sources: readonly PolicyFile[]): Promise<readonly string[]> {
  try {
    await compilePolicyTexts(sources, SCHEMA_TEXT, DOMAIN);
    return [];
  } catch (error) {
    if (error instanceof GatewayError) return error.detail.problems ?? [];
    throw error;
  }
}

describe("a link", () => {
  let policySet: PolicySet;
  beforeAll(async () => {
    policySet = await compilePolicyTexts(files(LINKS), SCHEMA_TEXT, DOMAIN);
  });

  it("is a policy with its own id, title and place, and the template is none", () => {
    const ids = policySet.policies.map(({ id }) => id);
    expect(ids).toEqual(["claim", "NGO.plan"]);
    expect(policySet.policies.at(-1)).toMatchObject({
      file: "ngo/care.links.yaml",
      line: 1,
      template: "plan",
      json: {
        principal: { op: "in", entity: { type: "Agency", id: "NGO" } },
        annotations: { id: "NGO.plan", title: "Societies read the plan", legalBasis: "R3", owner: "NGO" },
      },
    });
  });

  it("decides for whom it links, under its id, and for nobody else", async () => {
    expect(await decide(policySet, "NGO", "NGO.caseworker")).toMatchObject({
      effect: "ALLOW",
      policies: ["NGO.plan"],
    });
    expect(await decide(policySet, "MOI", "MOI.officer")).toMatchObject({ level: null, policies: [] });
  });

  it("is what an explanation names, with its own title and place", () => {
    const explanation = explain(policySet, {
      ...{ agency: "NGO", role: "NGO.caseworker", purpose: "SHELTER_CARE" },
      ...{ field: "SupportPlan.type", row: {} },
    });
    const { permits } = explanation.levels[0]!;
    expect(permits).toEqual([
      expect.objectContaining({
        id: "NGO.plan",
        title: "Societies read the plan",
        place: "ngo/care.links.yaml:1:3",
      }),
    ]);
    expect(permits[0]?.clauses.map(({ holds, words }) => [holds, words])).toEqual([
      [true, "the reader's agency is NGO"],
      [false, "a referral grants SERVICES_PLAN"],
    ]);
    expect(explanationText(explanation)).toContain("NGO.plan");
    expect(explanationText(explanation)).not.toContain("?principal");
  });

  it("grants nothing where the template is not linked", async () => {
    const unlinked = await compilePolicyTexts(files("[]"), SCHEMA_TEXT, DOMAIN);
    expect(unlinked.policies.map(({ id }) => id)).toEqual(["claim"]);
    expect(await decide(unlinked, "NGO", "NGO.caseworker")).toMatchObject({ effect: "HIDE" });
  });

  it("is part of the version", async () => {
    const other = await compilePolicyTexts(files(LINKS.replace("Societies", "They")), SCHEMA_TEXT, DOMAIN);
    expect(other.version).not.toBe(policySet.version);
  });

  it("fills every slot, wherever it stands", () => {
    const text = "permit (principal == ?principal, action, resource in ?resource); // ?principal";
    const [template] = splitPolicies(text).policies;
    const yaml = '- { id: a, template: t, principal: "U::\\"x\\"", resource: "NS::Box::\\"ق\\"" }';
    const { links } = readLinks({ file: "f", text: yaml }, new Map([["t", template!]]));
    expect(links[0]?.text).toBe('permit (principal == U::"x", action, resource in NS::Box::"ق");');
  });
});

async function decide(policySet: PolicySet, agency: string, role: string): Promise<unknown> {
  const referral = {
    status: "ACCEPTED",
    expiresAt: 2000,
    purpose: "SHELTER_CARE",
    groups: ["SERVICES_PLAN"],
  };
  const question = {
    agency,
    role,
    purpose: "SHELTER_CARE",
    field: "SupportPlan.type",
    row: { referrals: [referral] },
  };
  for await (const answer of decideLines(policySet, lines(JSON.stringify(question))))
    return JSON.parse(answer);
  throw new Error("no answer");
}

async function* lines(line: string) {
  yield line;
}

/** [what, the links, what is said of it] */
type Wrong = readonly [what: string, links: string, message: string];

const UNREADABLE: readonly Wrong[] = [
  [
    "a template that does not exist",
    LINKS.replace("template: plan", "template: plam"),
    "no template has the id `plam`",
  ],
  ["a slot that is not filled", LINKS.replace(/ {2}principal.*\n/, ""), "`principal` is missing"],
  ["a slot that is not there", `${LINKS}  resource: Case::"c1"\n`, "has no slot for `resource`"],
  [
    "what is no entity",
    LINKS.replace('Agency::"NGO"', `'Agency::"NGO", action, resource); permit (principal'`),
    "must be an entity",
  ],
  ["an entity that is left open", LINKS.replace('Agency::"NGO"', `'Agency::"NGO'`), "must be an entity"],
  ["a key that is not known", `${LINKS}  effect: forbid\n`, "effect"],
  ["no id", LINKS.replace("- id: NGO.plan\n ", "-"), "id"],
  ["no YAML", "- id: [", ""],
];

describe("a link that cannot be read is left out, and told where it is:", () => {
  const [template] = splitPolicies(TEMPLATE).policies;
  const templates = new Map([["plan", template!]]);

  it.each(UNREADABLE)("%s", (_, text, message) => {
    const { links, problems } = readLinks({ file: "ngo/x.links.yaml", text }, templates);
    expect(links).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.place).toMatchObject({ file: "ngo/x.links.yaml" });
  });

  it("as the third of three, behind Arabic text, beside two that are well", () => {
    const text = `${LINKS}# سياسة\n- { id: "ق", template: none }\n${LINKS.replace("NGO.plan", "other")}`;
    const { links, problems } = readLinks({ file: "f", text }, templates);
    expect(links.map(({ id }) => id)).toEqual(["NGO.plan", "other"]);
    expect(problems).toEqual([
      { place: { file: "f", line: 6, column: 3 }, message: "no template has the id `none`" },
    ]);
  });
});

const REFUSED: readonly Wrong[] = [
  ["an agency that does not exist", LINKS.replace('"NGO"', '"NGOO"'), "NGOO"],
  ["a type that does not exist", LINKS.replace("Agency::", "Agencies::"), "Agencies"],
  ["an id that a policy has", LINKS.replace("NGO.plan", "claim"), "the id `claim` is already used"],
  ["another agency's owner", `${LINKS}  owner: MOI\n`, "stands in the folder of `ngo`"],
  ["a reason that does not exist", `${LINKS}  legalBasis: R99\n`, "`R99`, which is no reason"],
];

describe("a link that makes no good policy is refused at the link:", () => {
  let problems: readonly string[];
  beforeAll(async () => {
    const links = REFUSED.map(([, text], index) => ({
      file: `ngo/${index}.links.yaml`,
      text: text.replace("NGO.plan", `NGO.${index}`),
    }));
    problems = await problemsOf([files("[]")[0]!, ...links]);
  });

  it.each(REFUSED.map(([what, , message], index) => ({ what, message, index })))(
    "$what",
    ({ message, index }) => {
      const told = problems.filter((problem) => problem.startsWith(`ngo/${index}.links.yaml:1:3: `));
      expect(told.join("\n")).toContain(message);
    },
  );

  it("and nowhere else", () => {
    expect(problems.filter((problem) => !/^ngo\/\d\.links\.yaml:1:3: /.test(problem))).toEqual([]);
  });
});

describe("what is wrong with a template is told in the template, and not again of its links:", () => {
  it("a slot of no name, a slot in a condition, an attribute that does not exist", async () => {
    const rest = 'action in Action::"SERVICES_PLAN:clear", resource)';
    const head = (id: string) => `@id("${id}") @title("س") @legalBasis("R3") @owner("NGO")\n`;
    const text = [
      `${head("a")}permit (principal in ?somebody, ${rest};`,
      `${head("b")}permit (principal in ?principal, ${rest} when { principal in ?principal };`,
      `${head("plan")}permit (principal in ?principal, ${rest} when { action in resource.access.grantd };`,
    ].join("\n");
    const problems = await problemsOf([{ file: "ngo/care.cedar", text }, files(LINKS)[1]!]);
    const told = (near: string, what: string) => {
      const { line, column } = lineAndColumn(text, text.indexOf(near));
      return problems.some(
        (problem) => problem.startsWith(`ngo/care.cedar:${line}:${column}: `) && problem.includes(what),
      );
    };
    expect(told("?somebody", "?somebody")).toBe(true);
    expect(told("?principal }", "slot")).toBe(true);
    expect(told("resource.access.grantd", "grantd")).toBe(true);
    expect(problems.filter((problem) => !problem.startsWith("ngo/care.cedar"))).toEqual([]);
  });

  it("an annotation that is missing, though nothing links it", async () => {
    const problems = await problemsOf(files("[]", TEMPLATE.replace(/@title.*\n/, "")));
    expect(problems).toEqual([expect.stringMatching(/^ngo\/care\.cedar:3:1: .*`@title` is missing/)]);
  });
});
