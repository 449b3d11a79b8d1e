/**
 * A13: readers of different rights ask at once, of the same case, in the same words: loaders, plan cache, kept answers
 * and shared questions give none of them what is another's.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { AMAN, MWPS } from "../../sandbox/synth/members.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment();
});
afterAll(() => on?.close());

const READERS: readonly Reader[] = [
  { role: "NGO.caseworker", purpose: "SHELTER_CARE", member: MWPS },
  { role: "NGO.caseworker", purpose: "SHELTER_CARE", member: AMAN },
  { role: "PPO.prosecutor", purpose: "PROSECUTION" },
  { role: "MOI.investigator", purpose: "CRIMINAL_INVESTIGATION" },
  { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" },
  { role: "EPC.caseWorker", purpose: "SHELTER_CARE" },
  { role: "CRT.judge", purpose: "ADJUDICATION" },
];
const QUESTION = `query($id: ID!) { case(id: $id) {
  id nrmNumber stage riskLevel sheltered
  victim { role person { id nameLatin { full } gender cpr mobilePhone passports { number } } }
  screening { outcome } supportPlans { type } shelterStays { admittedOn } health { urgentNeed }
  investigation { policeNumber } prosecution { number charges { article } } trial { courtNumber }
  report { summary } compensation { amount { amount } } consents { status } referrals { status }
} }`;

it("what was kept of an agency's answer to one is not offered for another", async () => {
  const { uid } = on.cast.cases.overview;
  const asIgaSees = async (reader: Reader) => {
    const id = on.idFor(reader, "Case", uid);
    const question = "query($id: ID!) { case(id: $id) { victim { person { nameLatin { full } } } } }";
    await on.watch(() => on.ask({ ...reader, issue: id }, question, { id }));
    const { entries } = on.agencies.rest.IGA.journal;
    return entries.map(({ status, headers }) => ({ status, again: headers["if-none-match"] !== undefined }));
  };
  const [, , prosecution, police] = READERS as readonly [Reader, Reader, Reader, Reader];
  expect(await asIgaSees(prosecution)).toEqual([{ status: 200, again: false }]);
  expect(await asIgaSees(prosecution)).toEqual([{ status: 304, again: true }]);
  expect(await asIgaSees(police)).toEqual([{ status: 200, again: false }]);
});

it("each gets what it gets alone, however they mix", async () => {
  const cases = [on.cast.cases.overview, on.cast.cases.ngoGiven, on.cast.cases.afterCharge];
  const asks = READERS.flatMap((reader) =>
    cases.map(
      ({ uid }) =>
        (question: string) =>
          on.ask({ ...reader, issue: { uid } }, question, { id: on.idFor(reader, "Case", uid) }),
    ),
  );
  // Alone: in words of its own, for which nobody else's plan can have been kept.
  const alone: string[] = [];
  for (const [i, ask] of asks.entries()) {
    const reply = await ask(QUESTION.replace("query(", `query Alone${i}(`));
    expect(reply.errors).toEqual([]);
    alone.push(reply.text);
  }
  const distinct = new Set(alone.filter((text) => text !== '{"data":{"case":null}}'));
  expect(distinct.size).toBeGreaterThan(READERS.length);

  const rounds = Array.from({ length: 8 }, (_, round) =>
    asks.map((_, i) => (i * 5 + round) % asks.length),
  ).flat();
  const together = await Promise.all(rounds.map(async (i) => [i, (await asks[i]!(QUESTION)).text] as const));
  for (const [i, text] of together) expect(text).toBe(alone[i]);
});

it("each is told apart at every agency, which may answer each otherwise", async () => {
  const readers = READERS.filter(({ role }) => /PPO|MOI|EPC/.test(role));
  const { uid } = on.cast.cases.overview;
  const ask = (reader: Reader) =>
    on.ask(
      { ...reader, issue: { uid } },
      "query($id: ID!) { case(id: $id) { victim { person { nameLatin { full } } } } }",
      {
        id: on.idFor(reader, "Case", uid),
      },
    );
  const told = async (count: number): Promise<number> => {
    await on.watch(() =>
      Promise.all(readers.flatMap((reader) => Array.from({ length: count }, () => ask(reader)))),
    );
    const { entries } = on.agencies.rest.IGA.journal;
    return new Set(entries.map(({ headers }) => headers["authorization"])).size;
  };
  expect(await told(1)).toBe(readers.length);
  expect(await told(5)).toBe(readers.length);
});
