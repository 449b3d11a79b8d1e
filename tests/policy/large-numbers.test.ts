/** Numbers that JSON rounds decide as they are written, in conditions, explanations and publications; too large ones are refused. */
import { describe, expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { compilePolicyTexts } from "../../src/policy/compile.ts";
import { decideQuestion } from "../../src/policy/decide.ts";
import { cedarText } from "../../src/policy/explain/cedar-text.ts";
import { bundleText, policySetOfBundle } from "../../src/policy/policy-bundle.ts";
import type { PolicySet } from "../../src/policy/policy-set.ts";
import { SCHEMA_TEXT } from "./shipped.ts";
import { policyText } from "./variant.ts";

const CLAIM = policyText(
  "claim",
  'permit (principal in Agency::"NGO", action == Action::"claim", resource == Purpose::"SHELTER_CARE");',
);
const compiled = (condition: string): Promise<PolicySet> =>
  compilePolicyTexts(
    [
      {
        file: "ngo/n.cedar",
        text: `${CLAIM}${policyText("n", `permit (principal in Agency::"NGO", action in Action::"SERVICES_PLAN:clear", resource) when { ${condition} };`)}`,
      },
    ],
    SCHEMA_TEXT,
  );
const effectOf = (policySet: PolicySet) =>
  decideQuestion(policySet, {
    ...{ agency: "NGO", role: "NGO.caseworker", purpose: "SHELTER_CARE" },
    ...{ field: "SupportPlan.type", row: { caseBound: true } },
  }).effect;

describe("a number beyond 2⁵³", () => {
  it.each([
    ["9007199254740993 + 0 == 9007199254740992", "HIDE"],
    ["9007199254740993 > 9007199254740992", "ALLOW"],
    ["9007199254740993 - 9007199254740992 == 1", "ALLOW"],
    ["-9007199254740993 < -9007199254740992", "ALLOW"],
    ["[1, 9223372036854775807].contains(9223372036854775806)", "HIDE"],
    ["[1, -9223372036854775808].contains(-9223372036854775807 - 1)", "ALLOW"],
    ["{a: 9007199254740993, Value: 2}.a == 9007199254740993", "ALLOW"],
    ["9223372036854775807 + 1 > 0", "HIDE"],
    ['"9007199254740993" == "9007199254740992" || 1 + 0 == 9007199254740993', "HIDE"],
    ["1 + 0 == 2 // 9007199254740993\n", "HIDE"],
  ])("%s: %s", async (condition, effect) => {
    expect(effectOf(await compiled(condition))).toBe(effect);
  });

  it("is told as it was written", async () => {
    const { policies } = await compiled("9007199254740993 > -9223372036854775808");
    expect(cedarText(policies[1]!.json.conditions[0]!.body)).toBe("9007199254740993 > -9223372036854775808");
  });

  it("decides alike when it was published", async () => {
    const policySet = await compiled("9007199254740993 + 0 == 9007199254740992");
    const taken = policySetOfBundle(bundleText(policySet, SCHEMA_TEXT), SCHEMA_TEXT, policySet.domain);
    expect(effectOf(taken!)).toBe("HIDE");
  });

  it("beyond 64 bits is refused at its place", async () => {
    const error = await compiled("1 < 9223372036854775808").catch((thrown) => thrown);
    expect(error).toBeInstanceOf(GatewayError);
    expect(error.detail.problems[0]).toMatch(/^ngo\/n\.cedar:\d+:\d+: .*9223372036854775808/);
  });
});
