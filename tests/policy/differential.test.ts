/**
 * The partial evaluator says of every policy what cedar-wasm says: satisfied, not satisfied, or an error; over random
 * policy sets and requests, and with every operator seen in each of its outcomes.
 */
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadEvaluator, type Outcome, type Outcomes } from "../support/cedar/evaluator.ts";
import { PROBES } from "../support/cedar/probes.ts";
import { type Round, rounds } from "../support/cedar/rounds.ts";
import { seeded, testSeed } from "../support/seeded.ts";

const CASES = 100_000;
const SIZE = { probes: 14, mixed: 4, questions: 10, rows: 40 };
/** Of every operator on whole rows with operands that do not err, in each outcome that it has. */
const SEEN_AT_LEAST = 20;

it(`agrees with cedar-wasm on ${CASES} requests, whatever the operator`, async () => {
  const seed = testSeed();
  const evaluator = await loadEvaluator(join(import.meta.dirname, "../../src/policy"));
  const seen = new Map<string, number>();
  let cases = 0;
  for (const round of rounds(seeded(seed), SIZE)) {
    const differs = evaluator.firstDifference(round, (outcomes, { isWhole }) => {
      if (isWhole) count(round, outcomes, seen);
    });
    if (differs) expect.fail(`seed ${seed}, after ${cases} requests: ${differs}`);
    cases += SIZE.questions * SIZE.rows;
    if (cases >= CASES) break;
  }
  console.info(`${cases} requests compared with cedar-wasm, seed ${seed}`);
  expect(rarely(seen)).toEqual([]);
}, 600_000);

function count({ policies }: Round, outcomes: Outcomes, seen: Map<string, number>): void {
  for (const [id, outcome] of outcomes) {
    const operator = policies.get(id)?.probe?.operator;
    if (operator) seen.set(`${operator}: ${outcome}`, (seen.get(`${operator}: ${outcome}`) ?? 0) + 1);
  }
}

function rarely(seen: ReadonlyMap<string, number>): string[] {
  return PROBES.flatMap(({ operator, mayErr }) => {
    const outcomes: Outcome[] = ["satisfied", "no", ...(mayErr ? (["error"] as const) : [])];
    return outcomes
      .map((outcome) => `${operator}: ${outcome}`)
      .filter((key) => (seen.get(key) ?? 0) < SEEN_AT_LEAST)
      .map((key) => `${key} ${seen.get(key) ?? 0} times`);
  });
}
