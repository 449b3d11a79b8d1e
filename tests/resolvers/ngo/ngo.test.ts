import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ngoSubgraph } from "../../../resolvers/ngo/index.ts";
import { AMAN, MWPS } from "../../../sandbox/synth/members.ts";
import type { NgoAssistanceRow } from "../../../sandbox/synth/types.ts";
import { asker, entitiesOf, type RestHarness, restHarness } from "../../support/rest-agencies.ts";

let harness: RestHarness;
beforeAll(async () => {
  harness = await restHarness();
});
afterEach(() => {
  for (const member of [MWPS, AMAN] as const) {
    harness.agencies[member].faults.heal();
    harness.agencies[member].journal.clear();
  }
});
afterAll(() => harness.close());

const askMember = (member: typeof MWPS | typeof AMAN) =>
  asker(ngoSubgraph({ client: harness.client(member) }));
const recordsOf = (member: string): ReadonlyMap<string, readonly NgoAssistanceRow[]> =>
  Map.groupBy(
    [...harness.world.ngo.assistance].filter((row) => row.member === member),
    ({ code }) => code,
  );

describe.each([MWPS, AMAN] as const)("the society %s", (member) => {
  it("answers for its own survivor codes with every field of the schema", async () => {
    const records = recordsOf(member);
    expect(records.size).toBeGreaterThan(0);
    const reply = await askMember(member)(
      "CaseParty",
      [...records.keys()],
      "uid assistance { kind on summary }",
    );
    expect(reply.errors).toEqual([]);
    expect(entitiesOf(reply)).toEqual(
      [...records].map(([uid, rows]) => ({
        uid,
        assistance: rows.map(({ kind, on, summary }) => ({ kind, on, summary })),
      })),
    );
    expect(harness.agencies[member].journal.entries.map(({ path }) => path)).toEqual(["/clients:batch"]);
  });
});

it("one society knows nothing of another's survivor codes", async () => {
  const codes = [...recordsOf(AMAN).keys()];
  const reply = await askMember(MWPS)("CaseParty", codes, "uid assistance { on }");
  expect(entitiesOf(reply)).toEqual(codes.map(() => null));
});

it("an intermittent server costs the requests that it drops and no other", async () => {
  const [code = ""] = recordsOf(MWPS).keys();
  harness.agencies[MWPS].faults.flaky(2);
  const ask = askMember(MWPS);
  const codes: (string | undefined)[] = [];
  for (let i = 0; i < 4; i++) codes.push((await ask("CaseParty", [code], "uid")).errors[0]?.code);
  expect(codes.filter((each) => each === "AGENCY_UNAVAILABLE")).toHaveLength(2);
  expect(codes.filter((each) => each === undefined)).toHaveLength(2);
});

it("a society that gives another's record is not believed", async () => {
  const codes = [...recordsOf(MWPS).keys()].slice(0, 2);
  expect(codes).toHaveLength(2);
  harness.agencies[MWPS].faults.lying("records");
  const reply = await askMember(MWPS)("CaseParty", codes, "uid assistance { summary }");
  expect(entitiesOf(reply)).toEqual([null, null]);
  expect(new Set(reply.errors.map(({ code }) => code))).toEqual(new Set(["AGENCY_BAD_REPLY"]));
});
