/** Numbers that JSON rounds decide as they are written, in conditions, explanations and publications; too large ones are refused. */
import { describe, expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { compilePolicyTexts } from "../../src/policy/compile.ts";
import { decideQuestion } from "../../src/policy/decide.ts";
import { cedarText } from "../../src/policy/explain/cedar-text.ts";
import { bundleText, policySetOfBundle } from "../../src/policy/policy-bundle.ts";
import type { PolicySet } from "../../src/policy/policy-set.ts";
import { DOMAIN, SCHEMA_TEXT } from "./shipped.ts";
import { policyText } from "./variant.ts";

const CLAIM = policyText(
  "claim",
  'permit (principal in Agency::"NGO", action == Action::"claim", resource == Purpose::"SHELTER_CARE");',
);
/** One for each condition. */
const FIELDS = [...DOMAIN.fields.keys()];
const compiled = (...conditions: readonly string[]): Promise<PolicySet> => {
  const permits = conditions.map((condition, at) =>
    policyText(
      `n${at}`,
      `permit (principal in Agency::"NGO", action == Action::"${FIELDS[at]}", resource) when { ${condition} };`,
    ),
  );
  return compilePolicyTexts([{ file: "ngo/n.cedar", text: CLAIM + permits.join("\n") }], SCHEMA_TEXT, DOMAIN);
};
/** Whether each condition holds. */
const holding = (policySet: PolicySet): readonly boolean[] =>
  CONDITIONS.map((_, at) => {
    const reader = { agency: "NGO", role: "NGO.caseworker", purpose: "SHELTER_CARE" };
    const { policies } = decideQuestion(policySet, { ...reader, field: FIELDS[at] ?? "", row: {} });
    return policies.includes(`n${at}`);
  });

/** Each with whether it holds. */
const CONDITIONS: readonly (readonly [string, boolean])[] = [
  ["9007199254740993 + 0 == 9007199254740992", false],
  ["9007199254740993 > 9007199254740992", true],
  ["9007199254740993 - 9007199254740992 == 1", true],
  ["-9007199254740993 < -9007199254740992", true],
  ["[1, 9223372036854775807].contains(9223372036854775806)", false],
  ["[1, -9223372036854775808].contains(-9223372036854775807 - 1)", true],
  ["{a: 9007199254740993, Value: 2}.a == 9007199254740993", true],
  ["9223372036854775807 + 1 > 0", false],
  ['"9007199254740993" == "9007199254740992" || 1 + 0 == 9007199254740993', false],
  ["1 + 0 == 2 // 9007199254740993\n", false],
];

describe("a number beyond 2⁵³", () => {
  const conditions = CONDITIONS.map(([condition]) => condition);
  const expected = CONDITIONS.map(([, holds]) => holds);

  it("decides as it is written", async () => {
    expect(holding(await compiled(...conditions))).toEqual(expected);
  });

  it("is told as it was written", async () => {
    const { policies } = await compiled("9007199254740993 > -9223372036854775808");
    expect(cedarText(policies[1]!.json.conditions[0]!.body)).toBe("9007199254740993 > -9223372036854775808");
  });

  it("decides alike when it was published", async () => {
    const policySet = await compiled(...conditions);
    const taken = policySetOfBundle(bundleText(policySet, SCHEMA_TEXT), SCHEMA_TEXT, policySet.domain);
    expect(holding(taken!)).toEqual(expected);
  });

  it("beyond 64 bits is refused at its place", async () => {
    const error = await compiled("1 < 9223372036854775808").catch((thrown) => thrown);
    expect(error).toBeInstanceOf(GatewayError);
    expect(error.detail.problems[0]).toMatch(/^ngo\/n\.cedar:\d+:\d+: .*9223372036854775808/);
  });
});
