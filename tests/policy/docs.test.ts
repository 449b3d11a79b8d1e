/** Examples that docs/policies.md shows are true, and its commands print what it says; docs/policies.ar.md shows the same. */
import { readFileSync } from "node:fs";
import { cp, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { MASK_FORMS } from "../../src/kernel/mask-forms.ts";
import { OBLIGATIONS, readObligations, toldObligation } from "../../src/kernel/obligations.ts";
import { compilePolicyTexts } from "../../src/policy/compile.ts";
import { decideLine, decideQuestion } from "../../src/policy/decide.ts";
import { parseInvariants } from "../../src/policy/prove/invariants.ts";
import { runPolicyTest } from "../../src/policy/test-run.ts";
import { testTerminal } from "../cli/test-terminal.ts";
import { PROBES } from "../support/cedar/probes.ts";
import { DOMAIN, POLICIES_DIR, SCHEMA_TEXT, shippedPolicies } from "./shipped.ts";
import { variantPolicies } from "./variant.ts";

const policies = await shippedPolicies();
const guide = readFileSync(join(PACKAGE_ROOT, "docs/policies.md"), "utf8");
const arabic = readFileSync(join(PACKAGE_ROOT, "docs/policies.ar.md"), "utf8");
const blocks = (language: string) =>
  guide
    .split(`\`\`\`${language}\n`)
    .slice(1)
    .map((rest) => rest.split("```")[0] ?? "");
const [shown = "", owing = "", masking = "", added = "", template = ""] = blocks("cedar");
const [answer = "", forms = ""] = blocks("json");
const [test = "", maskingTest = "", invariant = "", links = ""] = blocks("yaml");

it("shows policies that ship", () => {
  const texts = policies.policies.map(({ text }) => text);
  expect(texts).toContain(shown.trimEnd());
  expect(texts).toContain(owing.trimEnd());
});

it("shows each obligation as an answer tells it, and what the policy that it shows obliges to", () => {
  const now = Date.parse("2027-01-01T12:00:00Z");
  const { extensions } = JSON.parse(answer);
  const { policies: ids, obligations } = decideQuestion(policies, {
    ...{ agency: "NGO", role: "NGO.caseworker", purpose: "SHELTER_CARE", field: "SupportPlan.type" },
    row: {
      referrals: [
        { status: "ACCEPTED", expiresAt: 2000, purpose: "SHELTER_CARE", groups: ["SERVICES_PLAN"] },
      ],
      consents: [{ status: "GIVEN", validUntil: 2000, recipients: ["NGO"], groups: ["SERVICES_PLAN"] }],
    },
  });
  expect(ids).toEqual([/@id\("(.*)"\)/.exec(owing)?.[1]]);
  const told = (text: string) => readObligations(text).obligations.map((each) => toldObligation(each, now));
  expect(extensions.obligations).toEqual({ SERVICES_PLAN: told(obligations.join(" ")) });
  for (const each of Object.keys(OBLIGATIONS)) {
    const row = guide.split("\n").find((line) => line.startsWith(`| \`${each}`)) ?? "";
    const [, text = "", json = ""] = /^\| `(.*?)` \|.*\| `(.*)` \|$/.exec(row) ?? [];
    expect([JSON.parse(json)], row).toEqual(told(text));
  }
});

it("shows a test that passes", () => {
  expect(runPolicyTest(policies, "docs/policies.md", test).failures).toEqual([]);
});

it("shows a masked form: how a field gets it, a policy that permits it, and a test of that", async () => {
  expect(readFileSync(join(PACKAGE_ROOT, "schema/manifest.extra.json"), "utf8")).toContain(forms.trim());
  const changed = await variantPolicies({ add: masking });
  expect(runPolicyTest(changed, "docs/policies.md", maskingTest).failures).toEqual([]);
  expect(runPolicyTest(policies, "docs/policies.md", maskingTest).failures).toHaveLength(1);
});

it("lists every masked form, in the words of the registry", () => {
  const rows = (language: "en" | "ar") =>
    [...MASK_FORMS].flatMap(([name, { words }]) =>
      words ? [`| \`${name}\` | ${words.on[language]} | ${words.shows[language]} |`] : [],
    );
  expect(rows("en").filter((row) => !guide.includes(row))).toEqual([]);
  expect(rows("ar").filter((row) => !arabic.includes(row))).toEqual([]);
});

it("shows a question with its answer", () => {
  const [question, answer] = guide.split("\n").filter((line) => line.startsWith('    {"'));
  expect(decideLine(policies, question!, 1)).toEqual(JSON.parse(answer!));
});

it("shows an invariant that ships", () => {
  expect(parseInvariants({ file: "docs", text: invariant }, policies.domain).problems).toEqual([]);
  expect(readFileSync(join(POLICIES_DIR, "invariants.yaml"), "utf8")).toContain(invariant);
});

it("shows a template whose links make policies", async () => {
  const files = [
    { file: "ngo/plans.cedar", text: template },
    { file: "ngo/plans.links.yaml", text: links },
  ];
  const linked = await compilePolicyTexts(files, SCHEMA_TEXT, DOMAIN);
  expect(linked.policies.map(({ id, json }) => [id, json.annotations?.["title"]])).toEqual([
    ["NGO.plan-legal", "The plan, once granted"],
    ["NGO.plan-caseworker", "Caseworkers read the plan, once granted"],
  ]);
});

it("names every operator that is compared with Cedar", () => {
  const named = new Set(
    guide
      .slice(guide.indexOf("## What a condition can say"))
      .match(/\b(is|to|contains|less|greater|has|get|duration)[A-Z]?\w*/g),
  );
  const compared = PROBES.map(({ operator }) => operator).filter((operator) =>
    /^[a-z]+[A-Z]\w*$/.test(operator),
  );
  expect(compared.length).toBeGreaterThan(20);
  expect(compared.filter((operator) => !named.has(operator))).toEqual([]);
});

/** Fenced blocks, and runs of indented lines. */
const EXAMPLE = /^```\w+\n[\s\S]*?^```$|(?:^ {4}.*\n)+/gm;
const examplesOf = (text: string) => text.match(EXAMPLE) ?? [];
const proseOf = (text: string) => text.replaceAll(EXAMPLE, "");
const found = (text: string, pattern: RegExp) =>
  [...proseOf(text).matchAll(pattern)].map(([, part = ""]) => part);

/** What both guides have, whatever the language of their prose. */
const shape = (text: string) => ({
  headings: found(text, /^(#+) /gm),
  tables: found(text, /^\|(?!-)(.*)\|$/gm).map((row) => row.split(/(?<!\\)\|/).length),
  links: found(text, /\]\((?!policies)([^)]+)\)/g),
});

const namesOf = (text: string) => [...new Set(found(text, /`([^`\n]+)`/g))];

it("shows the same examples in Arabic, so that they are as true", () => {
  expect(examplesOf(guide).length).toBeGreaterThan(15);
  const fenced = examplesOf(guide).filter((block) => block.startsWith("`"));
  expect(guide.match(/^```/gm)).toHaveLength(2 * fenced.length);
  expect(examplesOf(arabic)).toEqual(examplesOf(guide));
});

it("says as much in Arabic: headings, rows of tables, links, names in code", () => {
  expect(shape(guide).headings.length).toBeGreaterThan(15);
  expect(shape(guide).tables.length).toBeGreaterThan(50);
  expect(shape(arabic)).toEqual(shape(guide));
  expect(namesOf(guide).length).toBeGreaterThan(100);
  expect(namesOf(guide).filter((name) => !namesOf(arabic).includes(name))).toEqual([]);
  expect(namesOf(arabic).filter((name) => !guide.includes(name))).toEqual([]);
  expect(guide).toContain("](policies.ar.md)");
  expect(arabic).toContain("](policies.md)");
});

it("sets Arabic from right to left, and examples outside of it", () => {
  const sections = arabic.split(/^<div dir="rtl" lang="ar">\n\n([\s\S]*?)\n\n<\/div>$/gm);
  const outside = sections.filter((_, index) => index % 2 === 0).join("");
  expect(outside).not.toMatch(/\p{Script=Arabic}/u);
  expect(examplesOf(outside)).toEqual(examplesOf(guide));
});

interface Example {
  readonly command: string;
  /** Lines that it prints, `…` for some that are left out. */
  readonly printed: readonly string[];
}

const EXAMPLES = blocks("console").flatMap((block) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((text): Example => {
      const [command = "", ...printed] = text.trimEnd().split("\n");
      return { command, printed };
    }),
);

let draft: string;
beforeAll(async () => {
  draft = join(await mkdtemp(join(tmpdir(), "ihala-docs-")), "draft");
  await cp(POLICIES_DIR, draft, { recursive: true });
  await writeFile(join(draft, "ngo/names.cedar"), added);
});

it("shows a command of every tool", () => {
  const tools = EXAMPLES.flatMap(({ command }) =>
    [...command.matchAll(/ihala policy (\w+)/g)].map(([, tool]) => tool),
  );
  expect(new Set(tools)).toEqual(
    new Set(["check", "fmt", "explain", "who", "matrix", "diff", "decide", "replay", "prove"]),
  );
});

it.each(
  EXAMPLES.map((example, index) => ({
    ...example,
    name: `${index + 1}: ${example.command.replace(/^echo .* \| /, "")}`,
  })),
)(
  "prints what it says for example $name",
  async ({ command, printed }) => {
    let output = "";
    for (const step of command.split(" | ")) output = await run(step, output);
    const lines = output.trimEnd().split("\n");
    let from = 0;
    let skipping = false;
    for (const line of printed) {
      if (line === "…") {
        skipping = true;
        continue;
      }
      const at = skipping ? lines.indexOf(line, from) : from;
      expect(lines[at], `after line ${from} of\n${output}`).toBe(line);
      from = at + 1;
      skipping = false;
    }
    if (printed.length > 0 && !skipping) expect(lines.slice(from)).toEqual([]);
  },
  90_000,
);

async function run(step: string, input: string): Promise<string> {
  const echoed = /^echo '(.*)'$/.exec(step)?.[1];
  if (echoed !== undefined) return `${echoed}\n`;
  const places = new Map([
    ["draft", draft],
    ["policies", POLICIES_DIR],
  ]);
  const args = step.split(" ").slice(1);
  const terminal = testTerminal(input);
  await runProgram(
    args.map((arg, index) => (index > 1 ? (places.get(arg) ?? arg) : arg)),
    async () => expect.fail("a part was started"),
    terminal,
  );
  expect(terminal.complaints()).toBe("");
  return terminal
    .written()
    .replaceAll("\r\n", "\n")
    .replaceAll(draft, "draft")
    .replaceAll(POLICIES_DIR, "policies");
}
