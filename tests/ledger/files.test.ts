/** Files of the ledger: whom it gives them, and what it says to everybody else. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { recording } from "../../sandbox/synth/recording.ts";
import type { CaseContentRow } from "../../sandbox/synth/types.ts";
import { createWorld, SEED } from "../../sandbox/synth/world.ts";
import { caseRow, EPC, MWPS, reader, type TestLedger, testLedger, worldOf } from "./support.ts";

const REF = "rec 1/ü?#..%";
const TITLE = "what she said";
const screener = reader(EPC, "screener", "IDENTIFICATION_SCREENING");
const stranger = reader(MWPS, "caseworker", "SHELTER_CARE");

let ledger: TestLedger;
beforeAll(async () => {
  const [any] = createWorld({ seed: SEED, scale: "tiny", canary: false }).epc.content;
  const statement = {
    ...{ text: "…", takenBy: "staff", takenByMember: EPC, takenAt: "2025-01-01T00:00:00Z" },
    ...{ recordingRef: REF, recordingTitle: TITLE },
  };
  const content = { ...(any as CaseContentRow), uid: "case-1", index: 5, statements: [statement] };
  const bare = { shelterStays: [], supportPlans: [], services: [], returnPlan: null };
  ledger = await testLedger(worldOf([caseRow("case-1")], [{ ...content, ...bare }]));
});
afterAll(() => ledger?.close());

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(`${ledger.filesUrl}/${path}`, { method, headers });

const tokenOf = async (who: typeof screener) => ({ authorization: await ledger.authorization(who) });

it("gives a file to a reader for whom its case is there", async () => {
  const response = await get(encodeURIComponent(REF), await tokenOf(screener));
  const bytes = Buffer.from(await response.arrayBuffer());
  expect([response.status, bytes]).toEqual([200, recording(TITLE, 5)]);
  expect(response.headers.get("content-type")).toBe("audio/wav");
  expect(response.headers.get("content-length")).toBe(String(bytes.length));
  expect(ledger.journal.requests.at(-1)).toEqual({
    ...{ subgraph: "files", query: "", variables: { ref: REF }, reader: screener },
  });
});

it("gives none to anybody else, and what is hidden is as what is not there", async () => {
  const answerTo = async (path: string, headers: Record<string, string>) => {
    const response = await get(path, headers);
    return [response.status, await response.text()];
  };
  const absent = await answerTo("nothing", await tokenOf(screener));
  expect(absent[0]).toBe(404);
  expect(await answerTo(encodeURIComponent(REF), await tokenOf(stranger))).toEqual(absent);
  for (const path of ["%", "%00", "", "..%2f..", "a/b"])
    expect(await answerTo(path, await tokenOf(screener)), path).toEqual(absent);
});

it("reads nothing without the gateway's token, or by another method", async () => {
  ledger.journal.clear();
  for (const headers of [{}, { authorization: "Bearer x.y.z" }])
    expect((await get(encodeURIComponent(REF), headers)).status).toBe(401);
  expect((await get(encodeURIComponent(REF), await tokenOf(screener), "POST")).status).toBe(405);
  expect(ledger.journal).toMatchObject({ requests: [], statements: [] });
});
