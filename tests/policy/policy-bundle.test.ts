/** Compiled policies as text decide as the ones that were compiled, for every question. */
import { expect, it } from "vitest";
import { decideQuestion } from "../../src/policy/decide.ts";
import { bundleText, policySetOfBundle } from "../../src/policy/policy-bundle.ts";
import { seeded, testSeed } from "../support/seeded.ts";
import { randomQuestion } from "./random-question.ts";
import { SCHEMA_TEXT, shippedPolicies } from "./shipped.ts";
import { policyText, variantPolicies } from "./variant.ts";

const shipped = await shippedPolicies();

it("decides alike", () => {
  const read = policySetOfBundle(bundleText(shipped, SCHEMA_TEXT), SCHEMA_TEXT, shipped.domain);
  expect(read?.version).toBe(shipped.version);
  expect(read?.schema).toEqual(shipped.schema);
  expect(read?.policies).toEqual(shipped.policies);
  const dice = seeded(testSeed());
  for (let i = 0; i < 5_000; i++) {
    const question = randomQuestion(dice, shipped.domain);
    expect(decideQuestion(read ?? shipped, question), `seed ${dice.seed}`).toEqual(
      decideQuestion(shipped, question),
    );
  }
});

it("is not read against another schema", () => {
  const text = bundleText(shipped, SCHEMA_TEXT);
  expect(policySetOfBundle(text, `${SCHEMA_TEXT}\n`, shipped.domain)).toBeNull();
});

it("reads a policy as it was written, whatever it names its fields", async () => {
  const odd = await variantPolicies({
    add: policyText(
      "NGO.odd",
      'forbid (principal in Agency::"NGO", action == Action::"Person.nameAr", resource) when { {"$map": resource.access.child}["$map"] || {"$set": resource.access.sealed}["$set"] };',
    ),
  });
  const read = policySetOfBundle(bundleText(odd, SCHEMA_TEXT), SCHEMA_TEXT, odd.domain);
  expect(read?.policies.find(({ id }) => id === "NGO.odd")).toEqual(
    odd.policies.find(({ id }) => id === "NGO.odd"),
  );
});
