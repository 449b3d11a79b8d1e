/** The policy, the test and the question that docs/policies.md shows are true. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { decideLine } from "../../src/policy/decide.ts";
import { runPolicyTest } from "../../src/policy/test-run.ts";
import { shippedPolicies } from "./shipped.ts";

const policies = await shippedPolicies();
const guide = readFileSync(join(PACKAGE_ROOT, "docs/policies.md"), "utf8");
const block = (language: string) => guide.split(`\`\`\`${language}\n`)[1]?.split("```")[0] ?? "";

it("shows a policy that ships", () => {
  expect(policies.policies.map(({ text }) => text)).toContain(block("cedar").trimEnd());
});

it("shows a test that passes", () => {
  expect(runPolicyTest(policies, "docs/policies.md", block("yaml")).failures).toEqual([]);
});

it("shows a question with its answer", () => {
  const [question, answer] = guide.split("\n").filter((line) => line.startsWith('    {"'));
  expect(decideLine(policies, question!, 1)).toEqual(JSON.parse(answer!));
});
