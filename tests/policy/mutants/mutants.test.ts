/**
 * The comparison with cedar-wasm notices mistakes: of each planted one it finds a row on which the evaluator differs.
 *
 * Cedar answers once; every mutant, a copy of the sources with one change, is held against those answers.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Evaluator, loadEvaluator } from "../../support/cedar/evaluator.ts";
import { type Round, rounds } from "../../support/cedar/rounds.ts";
import { seeded, testSeed } from "../../support/seeded.ts";
import { MUTANTS, type Mutant } from "./mutants.ts";

const POLICY = join(import.meta.dirname, "../../../src/policy");
const ROUNDS = 135;
const SIZE = { probes: 22, mixed: 6, questions: 6, rows: 10 };

let folder: string;
let answered: readonly Round[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ihala-mutants-"));
  answered = rounds(seeded(testSeed()), SIZE).take(ROUNDS).toArray();
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

it("finds no difference without a mistake", async () => {
  expect(differs(await evaluatorWith())).toBe(false);
});

describe("finds the mistake:", () => {
  it.each(MUTANTS)("$mistake", async (mutant) => {
    expect(differs(await evaluatorWith(mutant))).toBe(true);
  });
});

/** A mutant that stumbles over a value of the wrong kind is found as well. */
function differs(evaluator: Evaluator): boolean {
  try {
    return answered.some((round) => evaluator.firstDifference(round) !== null);
  } catch (error) {
    if (error instanceof TypeError) return true;
    throw error;
  }
}

async function evaluatorWith(mutant?: Mutant): Promise<Evaluator> {
  const copy = await mkdtemp(join(folder, "policy-"));
  await cp(join(POLICY, "cedar"), join(copy, "cedar"), { recursive: true });
  await cp(join(POLICY, "action-index.ts"), join(copy, "action-index.ts"));
  if (mutant) {
    const file = join(copy, "cedar", mutant.file);
    const parts = (await readFile(file, "utf8")).split(mutant.text);
    if (parts.length !== 2)
      throw new Error(`\`${mutant.text}\` is ${parts.length - 1} times in ${mutant.file}`);
    await writeFile(file, parts.join(mutant.instead));
  }
  return loadEvaluator(copy);
}
