/** What readers owe for what policies show: by row, added up over all that hold; and what the checks refuse. */
import { describe, expect, it } from "vitest";
import type { GatewayError } from "../../src/kernel/errors.ts";
import { type Answer, decideQuestion } from "../../src/policy/decide.ts";
import { policyText, variantPolicies } from "./variant.ts";

const NGO = 'principal in Agency::"NGO", action in Action::"CASE_HEADER:clear", resource';
const BY_CASE = { owner: false, referrals: [referral("CASE_HEADER")] };

function referral(...groups: string[]) {
  return { status: "ACCEPTED", expiresAt: 2000, purpose: "SHELTER_CARE", groups };
}

const owing = (obligations: string, id: string, rest: string) =>
  `@obligations("${obligations}") ${policyText(id, rest, "R3")}`;

async function ask(add: string, row: object, field = "Case.nrmNumber"): Promise<Answer> {
  const policySet = await variantPolicies({ add });
  const reader = { agency: "NGO", role: "NGO.caseworker", purpose: "SHELTER_CARE" };
  return decideQuestion(policySet, { ...reader, field, row });
}

describe("a row", () => {
  const charged = owing(
    "WATERMARK DELETE_AFTER(3d)",
    "NGO.charged",
    `permit (${NGO}) when { resource.access.charged };`,
  );

  it("owes what every policy that holds on it obliges to, and names them", async () => {
    expect(await ask(charged, BY_CASE)).toMatchObject({
      obligations: ["NO_REDISCLOSURE"],
      policies: ["NGO.header"],
    });
    expect(await ask(charged, { ...BY_CASE, charged: true })).toMatchObject({
      effect: "ALLOW",
      obligations: ["NO_REDISCLOSURE", "WATERMARK", "DELETE_AFTER(3d)"],
    });
    expect(await ask(charged, { referrals: [referral()], charged: true })).toMatchObject({
      effect: "ALLOW",
      obligations: ["WATERMARK", "DELETE_AFTER(3d)"],
      policies: ["NGO.charged"],
    });
  });

  it("owes what rows decide beside a policy that holds on all of them", async () => {
    const all = owing("NO_EXPORT", "NGO.all", `permit (${NGO});`);
    expect(await ask(all + charged, {})).toMatchObject({ effect: "ALLOW", obligations: ["NO_EXPORT"] });
    expect(await ask(all + charged, { ...BY_CASE, charged: true })).toMatchObject({
      obligations: ["NO_REDISCLOSURE", "NO_EXPORT", "WATERMARK", "DELETE_AFTER(3d)"],
    });
  });

  it("owes nothing where nothing is shown, and nothing for what a clearer level would have obliged to", async () => {
    expect(await ask(charged, { charged: true, officialSuspect: true })).toMatchObject({
      effect: "HIDE",
      obligations: [],
    });
    expect(await ask("", {}, "Person.nameAr")).toMatchObject({ effect: "DENY", obligations: [] });
  });
});

describe("the checks refuse", () => {
  const refused = (add: string): Promise<string> =>
    variantPolicies({ add }).then(
      () => "nothing",
      (error: GatewayError) => JSON.stringify(error.detail),
    );

  it.each([
    ["a misspelt obligation", owing("WATERMARKS", "x", `permit (${NGO});`), "`WATERMARKS` is no obligation"],
    ["an empty one", owing("", "x", `permit (${NGO});`), "no obligation is named"],
    ["one on a forbid", owing("WATERMARK", "x", `forbid (${NGO});`), "a forbid shows nothing"],
    [
      "one of a policy that shows nothing",
      owing(
        "WATERMARK",
        "x",
        'permit (principal in Agency::"NGO", action in Action::"SUSPECT:exists", resource);',
      ),
      "`SUSPECT:exists` shows nothing",
    ],
    [
      "one of aggregates",
      owing(
        "WATERMARK",
        "x",
        'permit (principal in Agency::"NGO", action in [Action::"SUSPECT:aggregate"], resource);',
      ),
      "`SUSPECT:aggregate` shows nothing",
    ],
    ...["child", "sealed", "officialSuspect", "staffConflict"].map((fact) => [
      `one that would tell ${fact}`,
      owing("WATERMARK", "x", `permit (${NGO}) when { resource.access.${fact} };`),
      `a policy that looks at \`${fact}\` has no obligations: they would tell its readers`,
    ]),
  ])("%s, at its place", async (_, add, problem) => {
    expect(await refused(add!)).toContain(problem);
    expect(await refused(add!)).toMatch(/added\.cedar:[12]:\d+/);
  });
});
