/** The partial evaluator says of every policy what cedar-wasm says: satisfied, not satisfied, or an error. */
import * as cedar from "@cedar-policy/cedar-wasm/nodejs";
import { expect, it } from "vitest";
import { covers } from "../../src/policy/action-index.ts";
import { closure } from "../../src/policy/cedar/closure.ts";
import { EntityStore, type KnownEntity } from "../../src/policy/cedar/entities.ts";
import { bool, FAILED, known, type Node } from "../../src/policy/cedar/node.ts";
import { type PolicyJson, partialPolicy } from "../../src/policy/cedar/partial.ts";
import {
  BOOL,
  type CedarSchema,
  type CedarType,
  cedarSchemaFrom,
  entityType,
  type SchemaJson,
  STRING,
} from "../../src/policy/cedar/types.ts";
import { EVALUATION_ERROR, fromJson, type RecordValue } from "../../src/policy/cedar/values.ts";
import * as random from "../support/cedar-random.ts";
import { type Seeded, seeded, testSeed } from "../support/seeded.ts";

const ROUNDS = 40;
const POLICIES_PER_ROUND = 10;
const REQUESTS_PER_ROUND = 3;
const ROWS_PER_REQUEST = 25;

const schema = schemaOf(random.SCHEMA);

it(`agrees with cedar-wasm on ${ROUNDS * REQUESTS_PER_ROUND * ROWS_PER_REQUEST} requests over random policies`, () => {
  const dice = seeded(testSeed());
  const verdicts = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const policies = validPolicies(dice, POLICIES_PER_ROUND);
    cedar.preparsePolicySet("random", { staticPolicies: policies });
    for (let request = 0; request < REQUESTS_PER_ROUND; request++) {
      for (const verdict of compare(dice, policies)) verdicts.add(verdict);
    }
  }
  // A generator that only makes policies of one kind would prove nothing.
  expect(verdicts).toEqual(new Set(["satisfied", "no", "error"]));
}, 60_000);

function compare(dice: Seeded, policies: Record<string, string>): string[] {
  const user = random.randomUser(dice);
  const others = ["u0", "u1", "u2"]
    .filter((id) => id !== user.uid.id)
    .map((id) => random.randomUser(dice, id));
  const entities = [...random.randomOrgs(dice), user, ...others];
  const context = random.randomContext(dice);
  const action = dice.pick(random.ACTIONS);
  const tests = residuals(policies, { entities, user, context, action });
  const seen: string[] = [];
  for (let i = 0; i < ROWS_PER_REQUEST; i++) {
    const row = random.randomRow(dice);
    const answer = cedar.statefulIsAuthorized({
      principal: user.uid,
      action: { type: "Action", id: action },
      resource: row.uid,
      context: context as cedar.Context,
      entities: [...entities, row, ...random.ACTION_ENTITIES] as cedar.Entities,
      preparsedPolicySetId: "random",
    });
    if (answer.type === "failure") throw new Error(JSON.stringify(answer.errors));
    const ours = new Map([...tests].map(([id, test]) => [id, test(row)]));
    const { decision, diagnostics } = answer.response;
    const errors = diagnostics.errors.map(({ policyId }) => policyId).sort();
    const label = () => `seed ${dice.seed}\n${JSON.stringify({ user, context, action, row, policies })}`;
    expect(idsOf(ours, "error"), label()).toEqual(errors);
    expect(determining(ours, policies, decision), label()).toEqual([...diagnostics.reason].sort());
    seen.push(...ours.values());
  }
  return seen;
}

const idsOf = (ours: ReadonlyMap<string, string>, verdict: string) =>
  [...ours].flatMap(([id, is]) => (is === verdict ? [id] : [])).sort();

/** Cedar's reason: the forbids that hold, else the permits that do. */
function determining(
  ours: ReadonlyMap<string, string>,
  policies: Record<string, string>,
  decision: string,
): string[] {
  const satisfied = idsOf(ours, "satisfied");
  const forbids = satisfied.filter((id) => policies[id]?.startsWith("forbid"));
  expect(decision).toBe(forbids.length === 0 && satisfied.length > 0 ? "allow" : "deny");
  return forbids.length > 0 ? forbids : satisfied;
}

interface Known {
  readonly entities: readonly random.RandomEntity[];
  readonly user: random.RandomEntity;
  readonly context: Record<string, random.Json>;
  readonly action: string;
}

function residuals(policies: Record<string, string>, { entities, user, context, action }: Known) {
  const { ancestors, appliesTo } = schema.actions.get(action)!;
  const request = {
    schema,
    entities: new EntityStore(schema, entities.map(knownEntity)),
    principal: known(user.uid.id, entityType("U")),
    action,
    resource: rowNode(schema),
    context: known(fromJson(context, appliesTo!.context), appliesTo!.context),
  };
  return new Map(
    Object.entries(policies).map(([id, text]) => {
      const json = policyJson(text);
      const test = closure(covers(json, action, ancestors) ? partialPolicy(json, request) : bool(false));
      return [id, (row: random.RandomEntity) => verdictOf(() => test(factsOf(row)))];
    }),
  );
}

function verdictOf(test: () => unknown): string {
  try {
    return test() === true ? "satisfied" : "no";
  } catch (error) {
    if (error === EVALUATION_ERROR) return "error";
    throw error;
  }
}

interface RowFacts {
  readonly id: string;
  readonly attributes: RecordValue;
  readonly parents: ReadonlySet<string>;
}

const recordType = (attributes: Extract<CedarType, { kind: "Record" }>["attributes"]): CedarType => ({
  kind: "Record",
  attributes,
});

function factsOf({ uid, attrs, parents }: random.RandomEntity): RowFacts {
  return {
    id: uid.id,
    attributes: fromJson(attrs, recordType(schema.shapes.get("R")!)) as RecordValue,
    parents: new Set(parents.map(({ type, id }) => `${type} ${id}`)),
  };
}

function rowNode({ shapes }: CedarSchema): Node {
  const facts = (row: unknown) => row as RowFacts;
  return {
    op: "entity",
    type: entityType("R"),
    id: { op: "open", type: STRING, reads: ["id"], read: (row) => facts(row).id, mayFail: false },
    attribute: (name) => {
      const declared = shapes.get("R")?.get(name);
      if (!declared) return FAILED;
      return {
        op: "open",
        type: declared.type,
        reads: [name],
        read: (row) => facts(row).attributes[name],
        mayFail: true,
      };
    },
    has: (name) => ({
      op: "open",
      type: BOOL,
      reads: [name],
      read: (row) => facts(row).attributes[name] !== undefined,
      mayFail: false,
    }),
    isIn: (row, type, id) => facts(row).parents.has(`${type} ${id}`),
  };
}

function knownEntity({ uid, attrs, parents }: random.RandomEntity): KnownEntity {
  return {
    ...uid,
    attributes: fromJson(attrs, recordType(schema.shapes.get(uid.type)!)) as RecordValue,
    parents,
  };
}

function validPolicies(dice: Seeded, count: number): Record<string, string> {
  const policies: Record<string, string> = {};
  while (Object.keys(policies).length < count) {
    const text = random.randomPolicy(dice);
    const answer = cedar.validate({ schema: random.SCHEMA, policies: { staticPolicies: { p: text } } });
    if (answer.type === "success" && answer.validationErrors.length === 0) {
      policies[`p${Object.keys(policies).length}`] = text;
    }
  }
  return policies;
}

function policyJson(text: string): PolicyJson {
  const answer = cedar.policyToJson(text);
  if (answer.type === "failure") throw new Error(JSON.stringify(answer.errors));
  return answer.json as unknown as PolicyJson;
}

function schemaOf(text: string): CedarSchema {
  const answer = cedar.schemaToJsonWithResolvedTypes(text);
  if (answer.type === "failure") throw new Error(JSON.stringify(answer.errors));
  return cedarSchemaFrom(answer.json as unknown as SchemaJson);
}
