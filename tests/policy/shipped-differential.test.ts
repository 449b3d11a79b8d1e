/** The compiled policies that ship give the effect and the obligations that cedar-wasm gives when it is asked level by level. */
import * as cedar from "@cedar-policy/cedar-wasm/nodejs";
import { expect, it } from "vitest";
import type { AgencyCode, Coordinate } from "../../src/kernel/brands.ts";
import { obligationTexts } from "../../src/kernel/obligations.ts";
import { isRegister } from "../../src/policy/domain.ts";
import type { Facts } from "../../src/policy/verdict.ts";
import { type Seeded, seeded, testSeed } from "../support/seeded.ts";
import { shippedPolicies } from "./shipped.ts";

const QUESTIONS = 1500;
const NOW = 1_000_000;

const policies = await shippedPolicies();
const { domain, schema } = policies;
cedar.preparsePolicySet("shipped", {
  staticPolicies: Object.fromEntries(policies.policies.map(({ id, text }) => [id, text])),
});

it(`agrees with cedar-wasm on ${QUESTIONS} random questions`, () => {
  const dice = seeded(testSeed());
  const seen = new Set<string>();
  const owed = new Set<string>();
  for (let i = 0; i < QUESTIONS; i++) {
    const reader = randomReader(dice);
    const field = dice.pick([...domain.fields.values()]);
    const facts = randomFacts(dice, field.group);
    const own = dice.chance(0.4);
    const coordinate = field.coordinate as Coordinate;
    const verdict = policies.profile(reader).verdict({ coordinate, caseBound: facts.caseBound });
    const { effect, obligations } = verdict.kind === "settled" ? verdict.outcome : verdict.decide(facts, own);
    const right = cedarAnswer(reader, field, facts, own);
    expect(
      { effect, owed: obligationTexts(obligations).toSorted() },
      `seed ${dice.seed} ${JSON.stringify({ reader, coordinate, facts, own })}`,
    ).toEqual(right);
    seen.add(effect);
    for (const text of right.owed) owed.add(text);
  }
  expect(seen.size).toBe(5);
  expect(owed.size).toBe(8);
}, 60_000);

function randomReader(dice: Seeded) {
  const [role, purposes] = dice.pick([...domain.roles]);
  const certificates = new Set(dice.chance(0.3) ? ["INTERVIEW_CHILD"] : []);
  return { agency: role.split(".")[0] as AgencyCode, role, purpose: dice.pick([...purposes]), certificates };
}

/** Facts as the fold gives them: without a case, what a case could open is neutral. */
function randomFacts(dice: Seeded, group: string): Facts {
  const { chance, pick } = dice;
  const caseBound = chance(0.8);
  const inCase = (probability: number) => caseBound && chance(probability);
  const groups = (probability: number) => (inCase(probability) ? [group] : []);
  const holder = inCase(0.2);
  const party = holder || inCase(0.6);
  const charged = inCase(0.5);
  return {
    caseBound,
    holder,
    party,
    charged,
    known: party || inCase(0.4),
    granted: holder ? ["caseData", "personData"] : groups(0.6),
    consented: groups(0.6),
    refused: groups(0.15),
    courtGroups: charged ? groups(0.7) : [],
    basis: caseBound ? pick(["NONE", "CONSENT", "LEGAL_DUTY", "CHILD_INTEREST"]) : "NONE",
    breakGlassUntil: caseBound ? pick([0, NOW, NOW + 1]) : 0,
    assigned: chance(0.7),
    child: chance(0.2),
    sealed: chance(0.2),
    officialSuspect: chance(0.08),
    staffConflict: chance(0.08),
    now: NOW,
  };
}

type Reader = ReturnType<typeof randomReader>;
type Field = { coordinate: string; group: string; type: string };

interface CedarAnswer {
  readonly effect: string;
  readonly owed: readonly string[];
}

function cedarAnswer(reader: Reader, field: Field, facts: Facts, own: boolean): CedarAnswer {
  const asked = [
    ["ALLOW", field.coordinate],
    ...[...schema.actions.keys()]
      .filter((action) => action.startsWith(`${field.coordinate}:`))
      .map((action) => ["MASK", action] as const),
    ["AGGREGATE", `${field.group}:aggregate`],
    ["DENY", `${field.group}:exists`],
  ] as const;
  for (const [effect, action] of asked) {
    const permitting = schema.actions.has(action) && permittedBy(reader, action, field.type, facts, own);
    if (permitting) return { effect, owed: owedBy(permitting) };
  }
  return { effect: domain.kindOf(field.group) === "caseData" ? "HIDE" : "DENY", owed: [] };
}

/** From the texts, by the policies that Cedar says were determining: the least days and the least hours, and all others. */
function owedBy(ids: readonly string[]): readonly string[] {
  const words = ids.flatMap((id) => {
    const { text } = policies.policies.find((policy) => policy.id === id)!;
    return (/@obligations\("(.*)"\)/.exec(text)?.[1] ?? "").split(" ").filter(Boolean);
  });
  const least = (name: string) =>
    words
      .filter((word) => word.startsWith(`${name}(`))
      .toSorted(
        (a, b) =>
          Number.parseInt(a.slice(name.length + 1), 10) - Number.parseInt(b.slice(name.length + 1), 10),
      )
      .slice(0, 1);
  const plain = new Set(words.filter((word) => !word.includes("(")));
  return [...plain, ...least("DELETE_AFTER"), ...least("REVIEW_WITHIN")].toSorted();
}

const ref = (type: string, id: string) => ({ __entity: { type, id } });
const datetime = (ms: number) => ({ __extn: { fn: "datetime", arg: new Date(ms).toISOString() } });
const actions = (ids: readonly string[]) => ids.map((id) => ref("Action", id));

/** The policies that permit it; null when it is refused. */
function permittedBy(
  reader: Reader,
  action: string,
  type: string,
  facts: Facts,
  own: boolean,
): readonly string[] | null {
  const { agency, role, purpose, certificates } = reader;
  const { now, granted, consented, refused, courtGroups, basis, breakGlassUntil, ...flags } = facts;
  const access = {
    ...flags,
    own,
    granted: actions(granted),
    consented: actions(consented),
    refused: actions(refused),
    court: actions(courtGroups),
    basis: ref("Basis", basis),
    breakGlassUntil: datetime(breakGlassUntil),
  };
  const registers = [...domain.groups.keys()].filter((group) => isRegister(domain.cell(group, agency)));
  const ancestors = [...schema.actions.get(action)!.ancestors].filter((group) => group !== action);
  const answer = cedar.statefulIsAuthorized({
    principal: { type: "Reader", id: "self" },
    action: { type: "Action", id: action },
    resource: { type, id: "row" },
    context: { purpose: ref("Purpose", purpose), now: datetime(now) },
    entities: [
      {
        uid: { type: "Reader", id: "self" },
        attrs: {
          certificates: [...certificates].map((id) => ref("Certificate", id)),
          registers: actions(registers),
        },
        parents: [
          { type: "Agency", id: agency },
          { type: "Role", id: role },
        ],
      },
      { uid: { type, id: "row" }, attrs: { access }, parents: [] },
      {
        uid: { type: "Action", id: action },
        attrs: {},
        parents: ancestors.map((id) => ({ type: "Action", id })),
      },
    ] as cedar.Entities,
    preparsedPolicySetId: "shipped",
  });
  if (answer.type === "failure") throw new Error(JSON.stringify(answer.errors));
  expect(answer.response.diagnostics.errors).toEqual([]);
  return answer.response.decision === "allow" ? answer.response.diagnostics.reason : null;
}
