/** Identical queries of one reader under way are worked out once and recorded one by one; nobody shares with anybody else. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type MirrorGateway, startMirrorGateway } from "../support/mirror-gateway.ts";
import { ALLOW } from "../support/mirror-pipeline.ts";

let mirror: MirrorGateway;
beforeAll(async () => {
  mirror = await startMirrorGateway({
    profile: { key: "all", verdict: () => ({ kind: "settled", outcome: ALLOW }) },
  });
});
afterAll(() => mirror?.close());
beforeEach(() => {
  mirror.disclosures.length = 0;
  for (const { asked } of mirror.backends.values()) asked.length = 0;
});

const QUESTION = "query($n: Int) { workers(first: $n) { edges { node { workPermitNo } } } }";

const calls = (): number => [...mirror.backends.values()].reduce((sum, { asked }) => sum + asked.length, 0);

async function texts(requests: readonly ReturnType<MirrorGateway["request"]>[]): Promise<readonly string[]> {
  const answers = await Promise.all(requests.map((request) => mirror.gateway.answer(request)));
  return answers.map((answer) => (answer.kind === "whole" ? answer.body.text : ""));
}

it("works one reader's identical questions out once, and records each", async () => {
  const [alone] = await texts([mirror.request(QUESTION)]);
  const once = calls();
  const together = await texts(Array.from({ length: 5 }, () => mirror.request(QUESTION)));
  expect(together).toEqual(Array.from({ length: 5 }, () => alone));
  expect(calls()).toBe(2 * once);
  expect(mirror.disclosures).toHaveLength(6);
});

it.each<[string, { staff?: string; variables?: { n: number }; locale?: "ar"; query?: string }]>([
  ["another member of staff", { staff: "somebody else" }],
  ["other variables", { variables: { n: 2 } }],
  ["another language", { locale: "ar" }],
  ["another operation", { query: QUESTION.replace("workPermitNo", "workPermitNo __typename") }],
])("shares nothing with %s", async (_, other) => {
  await texts([mirror.request(QUESTION)]);
  const once = calls();
  await texts([mirror.request(QUESTION), mirror.request(other.query ?? QUESTION, other)]);
  expect(calls()).toBe(3 * once);
});

it("gives up for all only when all have hung up", async () => {
  const gone = new AbortController();
  const waiting = texts([mirror.request(QUESTION, { signal: gone.signal }), mirror.request(QUESTION)]);
  gone.abort();
  const [, second] = await waiting;
  expect(second).toMatch(/^\{"data":\{"workers":/);
});
