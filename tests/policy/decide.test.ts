/** `policy decide`: one answer a line, in order; a bad line is told and the stream goes on. */
import { expect, it } from "vitest";
import { decideLine, decideLines } from "../../src/policy/decide.ts";
import { shippedPolicies } from "./shipped.ts";

const policies = await shippedPolicies();
const question = (change: object = {}) =>
  JSON.stringify({
    agency: "NGO",
    role: "NGO.caseworker",
    purpose: "SHELTER_CARE",
    field: "Case.id",
    row: { referrals: [{ status: "ACCEPTED", expiresAt: 2000, purpose: "SHELTER_CARE", groups: [] }] },
    ...change,
  });

async function answers(...lines: string[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const line of decideLines(policies, lines)) found.push(JSON.parse(line));
  return found;
}

it("answers with effect, level, policies, reason and obligations, in that order", () => {
  expect(JSON.stringify(decideLine(policies, question(), 1))).toBe(
    '{"effect":"ALLOW","level":"clear","policies":["NGO.case"],"reason":"R3","obligations":["NO_REDISCLOSURE"]}',
  );
});

it("names the mask as the level", () => {
  const row = { agency: "MOSD", role: "MOSD.careWorker", field: "Person.cpr" };
  expect(decideLine(policies, question(row), 1)).toMatchObject({
    effect: "MASK",
    level: "lastDigits",
    policies: ["MOSD.numbers"],
  });
  expect(decideLine(policies, question({ ...row, field: "Passport.country" }), 1)).toMatchObject({
    level: "keep",
  });
});

it("goes on after bad lines and says which they were", async () => {
  expect(
    await answers(
      question(),
      "{",
      "",
      "[]",
      question({ row: { child: "yes" } }),
      question({ role: 7 }),
      question({ row: null }),
    ),
  ).toEqual([
    expect.objectContaining({ effect: "ALLOW" }),
    { error: "the line is not JSON", line: 2 },
    { error: "the line is not a question", line: 4 },
    { error: expect.stringContaining("`row.child`"), line: 5 },
    { error: expect.stringContaining("`role`"), line: 6 },
    expect.objectContaining({ effect: "HIDE", level: null }),
  ]);
});

it("is not led astray by names of JavaScript's own", async () => {
  const lines = ["constructor", "__proto__", "toString"].flatMap((name) => [
    question({ agency: name }),
    question({ role: name }),
    question({ purpose: name }),
    question({ field: name }),
  ]);
  for (const answer of await answers(...lines)) {
    expect(answer).toEqual({ effect: "DENY", level: null, policies: [], reason: null, obligations: [] });
  }
});
