/** The runner of officers' tests fails what is wrong in a test as well as what is wrong in a policy. */
import { describe, expect, it } from "vitest";
import { runPolicyTest } from "../../src/policy/test-run.ts";
import { shippedPolicies } from "./shipped.ts";

const policies = await shippedPolicies();
const run = (
  fields: string,
  expectations: string,
  readers = "caseworker: { role: NGO.caseworker, purpose: SHELTER_CARE }",
) =>
  runPolicyTest(
    policies,
    "x.test.yaml",
    `title: t\nreaders: { ${readers} }\ncases:\n  referred: { referrals: [{ groups: [CASE_HEADER] }] }\nfields: [${fields}]\nexpect:\n${expectations}`,
  );
const line = (effects: string) => `  - { who: caseworker, in: referred, ${effects} }\n`;

it("passes what is as expected, and expects the rest to be closed", () => {
  expect(run("Case.id, Screening.outcome", line("ALLOW: [Case.id]"))).toMatchObject({
    cells: 2,
    failures: [],
  });
});

describe("fails", () => {
  it.each([
    [
      "an open field that is not listed",
      "Case.id, Case.stage",
      line("ALLOW: [Case.id]"),
      "x.test.yaml: caseworker in referred asks Case.stage: not listed",
    ],
    [
      "another effect than listed",
      "Case.id",
      line("HIDE: [Case.id]"),
      "x.test.yaml:7: caseworker in referred asks Case.id: expected HIDE, got ALLOW R3 (NGO.case)",
    ],
    [
      "another reason than listed",
      "Screening.outcome",
      line("because: R7, DENY: [Screening.outcome]"),
      "expected DENY R7, got DENY R3",
    ],
    [
      "an expectation that matches nothing",
      "Case.id",
      line("ALLOW: [Case.id]") + line("because: R3"),
      "x.test.yaml:8: the entry matches nothing",
    ],
    ["a field that is not asked", "Case.id", line("ALLOW: [Case.stage]"), "`Case.stage` is not asked"],
    [
      "a field that does not exist",
      "Case.id, Case.stge",
      line("ALLOW: [Case.id]"),
      "`Case.stge` is neither a field nor a group",
    ],
    [
      "a case that is not declared",
      "Case.id",
      "  - { who: caseworker, in: refered, ALLOW: [Case.id] }\n",
      "`refered` is not declared",
    ],
    [
      "the same cell twice",
      "Case.id",
      line("ALLOW: [Case.id]") + line("HIDE: [Case.id]"),
      "x.test.yaml:8: caseworker in referred asks Case.id is already listed at line 7",
    ],
    ["an unknown key", "Case.id", line("ALOW: [Case.id]"), "x.test.yaml:7:5: `expect.0`: Unrecognized key"],
  ])("%s", (_, fields, expectations, failure) => {
    expect(run(fields, expectations).failures.join("\n")).toContain(failure);
  });

  it("a reader who may not claim the purpose", () => {
    const report = run(
      "Case.id",
      line("HIDE: [Case.id]"),
      "caseworker: { role: NGO.caseworker, purpose: PROSECUTION }",
    );
    expect(report.failures.join("\n")).toContain("may not claim");
  });

  it("a file that is not YAML", () => {
    expect(runPolicyTest(policies, "x.test.yaml", "title: [").failures[0]).toMatch(/^x\.test\.yaml:1:9: /);
  });
});
