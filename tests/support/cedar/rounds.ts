/**
 * Rounds of the comparison with cedar-wasm: a policy set, questions, rows, and what Cedar says of each.
 *
 * Out     per round one topic; a set of permits alone, so that Cedar names every policy that is satisfied, or of both effects.
 */
import * as cedar from "@cedar-policy/cedar-wasm/nodejs";
import type { PolicyJson } from "../../../src/policy/cedar/partial.ts";
import type { SchemaJson } from "../../../src/policy/cedar/types.ts";
import { readExactly } from "../../../src/policy/large-numbers.ts";
import type { Seeded } from "../seeded.ts";
import type { Dice } from "./expressions.ts";
import type { Probe } from "./probe.ts";
import { condition, PROBES } from "./probes.ts";
import {
  type Question,
  type RandomEntity,
  randomQuestion,
  randomRow,
  SCHEMA,
  TOPICS,
  type Topic,
} from "./world.ts";

export interface RandomPolicy {
  readonly text: string;
  readonly json: PolicyJson;
  /** The one operator that decides it; null where many do. */
  readonly probe: Probe | null;
}

/** What Cedar says of one row: ids of the policies that decide, and of those that err. */
export interface Answer {
  readonly row: RandomEntity;
  readonly isWhole: boolean;
  readonly decision: "allow" | "deny";
  readonly reasons: readonly string[];
  readonly errors: readonly string[];
}

export interface Round {
  readonly topic: Topic;
  readonly policies: ReadonlyMap<string, RandomPolicy>;
  readonly questions: readonly { readonly question: Question; readonly answers: readonly Answer[] }[];
}

export interface RoundSize {
  readonly probes: number;
  readonly mixed: number;
  readonly questions: number;
  readonly rows: number;
}

export const SCHEMA_JSON = schemaJson();

/** Without end, through all topics in turn, and through all probes of each. */
export function* rounds(seeded: Seeded, size: RoundSize): Generator<Round> {
  const turns = TOPICS.map((topic) => ({ topic, probes: probesInTurn(topic) }));
  for (;;) for (const { topic, probes } of turns) yield askCedar({ ...seeded, topic }, probes, size);
}

function* probesInTurn(topic: Topic): Generator<Probe, never> {
  const fit = PROBES.filter(({ topics }) => topics.includes(topic));
  for (;;) yield* fit;
}

function askCedar(
  d: Dice,
  turn: Generator<Probe, never>,
  { probes, mixed, questions, rows }: RoundSize,
): Round {
  const policies = randomPolicies(
    d,
    Array.from({ length: probes }, () => turn.next().value),
    mixed,
  );
  const texts = Object.fromEntries([...policies].map(([id, { text }]) => [id, text]));
  const parsed = cedar.preparsePolicySet("round", { staticPolicies: texts });
  if (parsed.type === "failure") throw new Error(JSON.stringify(parsed.errors));
  return {
    topic: d.topic,
    policies,
    questions: Array.from({ length: questions }, () => {
      const question = randomQuestion(d, d.topic);
      return { question, answers: Array.from({ length: rows }, () => answer(d, question)) };
    }),
  };
}

function answer(d: Dice, { topic, action, principal, context, entities, actions }: Question): Answer {
  const { isWhole, ...row } = randomRow(d, topic);
  const reply = cedar.statefulIsAuthorized({
    principal: principal.uid,
    action: { type: "Action", id: action },
    resource: row.uid,
    context: context as cedar.Context,
    entities: [...entities, row, ...actions] as cedar.Entities,
    preparsedPolicySetId: "round",
  });
  if (reply.type === "failure") throw new Error(JSON.stringify({ row, errors: reply.errors }));
  const { decision, diagnostics } = reply.response;
  const errors = diagnostics.errors.map(({ policyId }) => policyId);
  return { row, isWhole, decision, reasons: diagnostics.reason.toSorted(), errors: errors.toSorted() };
}

/** Those that the validator accepts, but for probes that only the evaluator takes. */
function randomPolicies(d: Dice, probes: readonly Probe[], mixed: number): ReadonlyMap<string, RandomPolicy> {
  const isMixed = d.chance(0.25);
  const drawn = new Map<string, { readonly text: string; readonly probe: Probe | null }>();
  for (const probe of probes) {
    const body = probe.build(d, d.chance(0.6) ? 0 : 2);
    const text = `permit (principal, action, resource is ${d.topic}) when { ${body} };`;
    drawn.set(`p${drawn.size}`, { text, probe });
  }
  for (let index = 0; index < mixed; index++) {
    drawn.set(`m${index}`, {
      text: mixedPolicy(d, isMixed && d.chance(0.4) ? "forbid" : "permit"),
      probe: null,
    });
  }
  const toValidate = [...drawn].filter(([, { probe }]) => !probe?.raw);
  const refused = refusedIds(Object.fromEntries(toValidate.map(([id, { text }]) => [id, text])), d.topic);
  return new Map(
    [...drawn].flatMap(([id, { text, probe }]) =>
      refused.has(id) ? [] : [[id, { text, probe, json: policyJson(text) }] as const],
    ),
  );
}

function mixedPolicy(d: Dice, effect: "permit" | "forbid"): string {
  const { topic } = d;
  const principal = d.pick([
    "principal",
    'principal in Org::"o1"',
    `principal is ${topic === "Tree" ? "Staff" : "U"} in Org::"o2"`,
  ]);
  const groups =
    topic === "Tree" ? [`action in Action::"even"`, `action in [Action::"all", Action::"Tree2"]`] : [];
  const action = d.pick([
    "action",
    `action == Action::"${topic}1"`,
    `action in [Action::"${topic}2"]`,
    ...groups,
  ]);
  const resource = d.pick([
    `resource is ${topic}`,
    `resource is ${topic} in Box::"b1"`,
    `resource == ${topic}::"r1"`,
  ]);
  const unless = d.chance(0.3) ? `unless { ${condition(d, 1)} }` : "";
  return `${effect} (${principal}, ${action}, ${resource}) when { ${condition(d, d.integer(1, 3))} } ${unless};`;
}

/** An action scope that covers other topics would be validated against their rows too: `resource is` narrows it. */
function refusedIds(staticPolicies: Record<string, string>, topic: Topic): ReadonlySet<string> {
  const reply = cedar.validate({ schema: SCHEMA, policies: { staticPolicies } });
  if (reply.type === "failure") throw new Error(`${topic}: ${JSON.stringify(reply.errors)}`);
  return new Set(reply.validationErrors.map(({ policyId }) => policyId));
}

function policyJson(text: string): PolicyJson {
  const reply = readExactly(text, cedar.policyToJson);
  if (reply.type === "failure") throw new Error(`${text}: ${JSON.stringify(reply.errors)}`);
  return reply.json as unknown as PolicyJson;
}

function schemaJson(): SchemaJson {
  const reply = cedar.schemaToJsonWithResolvedTypes(SCHEMA);
  if (reply.type === "failure") throw new Error(JSON.stringify(reply.errors));
  return reply.json as unknown as SchemaJson;
}
