/** Cedar's validator says the same of any policy under the reduced schema as under the whole one. */
import * as cedar from "@cedar-policy/cedar-wasm/nodejs";
import { beforeAll, expect, it } from "vitest";
import type { PolicyJson } from "../../src/policy/cedar/partial.ts";
import type { SchemaJson } from "../../src/policy/cedar/types.ts";
import { readPolicyFiles } from "../../src/policy/policy-files.ts";
import { splitPolicies } from "../../src/policy/policy-text.ts";
import { validationSchema } from "../../src/policy/validation-schema.ts";
import { type Seeded, seeded, testSeed } from "../support/seeded.ts";
import { POLICIES_DIR, SCHEMA_TEXT } from "./shipped.ts";

const ROUNDS = 4;
/** What stands in the text of a policy, and what a mistaken one might say in its place. */
const MISTAKES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/resource\.access\.\w+/g, ["resource.access.grantd", "resource.nothing", "principal.access", "1", '"x"']],
  [
    /Action::"[^"]+"/g,
    ['Action::"Person.nameLatin"', 'Action::"CASE_HEADER"', 'Action::"none"', 'Agency::"NGO"'],
  ],
  [/ in /g, [" == ", " < ", " like ", " is "]],
  [/&&/g, ["||", "<", "+"]],
  [/resource,?(?=\n|\))/g, ["resource is Person", "resource is Case", 'resource == Purpose::"SHELTER_CARE"']],
  [/Agency::"\w+"/g, ['Agency::"XYZ"', 'Role::"NGO.caseworker"', 'Person::"p"']],
  [/context\.\w+/g, ["context.later", "context"]],
];

let texts: readonly string[];
let schema: SchemaJson;
beforeAll(async () => {
  const files = await readPolicyFiles(POLICIES_DIR);
  texts = files
    .filter(({ file }) => file.endsWith(".cedar"))
    .flatMap(({ text }) => splitPolicies(text).policies.map((policy) => policy.text));
  const reply = cedar.schemaToJsonWithResolvedTypes(SCHEMA_TEXT);
  if (reply.type === "failure") throw new Error(JSON.stringify(reply.errors));
  schema = reply.json as unknown as SchemaJson;
});

it("leaves out most actions, and none that a policy names or that is a group", () => {
  const actions = (of: SchemaJson) => Object.keys(of[""]!.actions);
  const named = parsed('permit (principal, action == Action::"Person.cpr", resource);');
  const reduced = actions(validationSchema(schema, [named]));
  expect(reduced).toContain("Person.cpr");
  expect(reduced).toContain("CASE_HEADER:clear");
  expect(reduced.length).toBeLessThan(actions(schema).length * 0.6);
});

it("is refused and warned of alike, whatever is wrong", () => {
  const dice = seeded(testSeed());
  let wrong = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const policies = Object.fromEntries(
      texts.flatMap((text, at) => {
        const mistaken = dice.chance(0.7) ? mistake(text, dice) : text;
        return cedar.policyToJson(mistaken).type === "success" ? [[`p${at}`, mistaken] as const] : [];
      }),
    );
    const whole = said(SCHEMA_TEXT, policies);
    const reduced = validationSchema(schema, Object.values(policies).map(parsed));
    expect(said(reduced as unknown as cedar.SchemaJson<string>, policies), `seed ${dice.seed}`).toEqual(
      whole,
    );
    wrong += whole.length;
  }
  expect(wrong).toBeGreaterThan(ROUNDS * 20);
}, 120_000);

function mistake(text: string, dice: Seeded): string {
  const [pattern, instead] = dice.pick(MISTAKES);
  const places = [...text.matchAll(pattern)];
  if (places.length === 0) return text;
  const { 0: found, index } = dice.pick(places);
  return text.slice(0, index) + dice.pick(instead) + text.slice(index + found.length);
}

function parsed(text: string): PolicyJson {
  const reply = cedar.policyToJson(text);
  if (reply.type === "failure") throw new Error(text);
  return reply.json as unknown as PolicyJson;
}

const FIELD = /Action::"\w+\.[^"]*"/g;

/** What is said of each policy, at which place. It is said of each action by itself: of which, does not matter. */
function said(schemaOf: cedar.Schema, staticPolicies: Record<string, string>): readonly string[] {
  const reply = cedar.validate({ schema: schemaOf, policies: { staticPolicies } });
  if (reply.type === "failure") throw new Error(JSON.stringify(reply.errors));
  const lines = [...reply.validationErrors, ...reply.validationWarnings].map(({ policyId, error }) =>
    [policyId, error.sourceLocations?.[0]?.start, error.message.replaceAll(FIELD, "a field's action")].join(
      " ",
    ),
  );
  return [...new Set(lines)].sort();
}
