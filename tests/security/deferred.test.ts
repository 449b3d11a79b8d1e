/**
 * `@defer` opens nothing: what is denied is asked for neither before nor after, a row that is not there announces nothing, every payload
 * is recorded before it leaves, and all payloads together are the answer in one piece.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MWPS } from "../../sandbox/synth/members.ts";
import type { DisclosureRecord } from "../../src/audit/record.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { canaries } from "../support/http.ts";
import { bodiesOf, merged, type Payload } from "../support/pieces.ts";
import { withDefer } from "../support/with-defer.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment();
});
afterAll(() => on?.close());

const society: Reader = { role: "NGO.caseworker", purpose: "SHELTER_CARE" };
const prosecution: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };
const READERS: readonly Reader[] = [
  society,
  prosecution,
  { role: "EPC.caseWorker", purpose: "SHELTER_CARE" },
  { role: "MOI.investigator", purpose: "CRIMINAL_INVESTIGATION" },
  { role: "CRT.judge", purpose: "ADJUDICATION" },
];

/** Headers of a reader, under an issue. */
async function asReader(reader: Reader, issue: string | null) {
  const all: Record<string, string> = {
    authorization: `Bearer ${await on.token(reader)}`,
    "x-purpose": reader.purpose,
    ...(issue === null ? {} : { "x-issue": issue }),
  };
  return { get: (name: string) => all[name] };
}

async function piecesFor(
  reader: Reader,
  query: string,
  { uid, pieces = true }: { readonly uid: string; readonly pieces?: boolean },
): Promise<readonly Payload[]> {
  const id = on.idFor(reader, "Case", uid);
  const asking = {
    ...{ query, variables: { id }, headers: await asReader(reader, id) },
    carries: { events: false, incremental: pieces },
  };
  const payloads: Payload[] = [];
  for await (const text of bodiesOf(on.assembled.gateway, asking)) payloads.push(JSON.parse(text) as Payload);
  return payloads;
}

const overview = (): string => on.cast.cases.overview.uid;

const CASE = `query($id: ID!) { case(id: $id) { nrmNumber stage
  victim { role person { id nameLatin { full } gender cpr mobilePhone passports { number } } }
  report { summary } screening { outcome rationale } supportPlans { type objectives } notes { text }
  investigation { policeNumber suspects { person { nameLatin { full } } } }
  prosecution { number charges { article } } trial { courtNumber } } }`;

const DEFERRED = `query($id: ID!) { case(id: $id) { nrmNumber
  ...@defer(label: "person") { victim { role person { nameLatin { full } cpr } } }
  ...@defer(label: "trial") { trial { courtNumber } }
  ...@defer(label: "screening") { screening { rationale } } } }`;

describe("deferred fields", () => {
  it.each(READERS)("are decided as in one piece, wherever `@defer` stands: $role", async (reader) => {
    const uid = overview();
    const [whole] = await piecesFor(reader, CASE, { uid, pieces: false });
    let inPieces = 0;
    for (let seed = 0; seed < 12; seed += 1) {
      const query = withDefer(CASE, seed);
      const payloads = await piecesFor(reader, query, { uid });
      if (payloads.length > 1) inPieces += 1;
      expect({ query, ...merged(payloads) }).toEqual({
        ...{ query, failed: 0, errors: [] },
        data: whole?.data,
      });
      const withheld = payloads.flatMap(({ extensions }) => extensions?.withheld ?? []);
      expect(paths(withheld)).toEqual(paths(whole?.extensions?.withheld ?? []));
    }
    expect(inPieces).toBeGreaterThan(6);
  });

  const paths = (entries: readonly { readonly path: readonly string[] }[]): readonly string[] =>
    [...new Set(entries.map(({ path }) => path.join(".")))].sort();

  it("are not asked for where policy denies them, and asked for where it does not", async () => {
    const uid = overview();
    const denied = await on.watch(() => piecesFor(society, DEFERRED, { uid }));
    expect(denied.calls).not.toHaveProperty("CRT");
    expect(denied.calls).toHaveProperty("IGA");
    const allowed = await on.watch(() => piecesFor(prosecution, DEFERRED, { uid }));
    expect(allowed.calls).toHaveProperty("CRT");
    const whole = await on.watch(() => piecesFor(prosecution, DEFERRED, { uid, pieces: false }));
    expect(allowed.calls).toEqual(whole.calls);
  });

  it("of a case that is not there for the reader announce nothing, as those of no case at all", async () => {
    const hidden = on.cast.cases.ngoOther.uid;
    const stranger: Reader = { ...society, member: MWPS };
    const nowhere = "0b9f6c1e-0000-7000-8000-00000000dead";
    const seen = await on.watch(() => piecesFor(stranger, DEFERRED, { uid: hidden }));
    const absent = await on.watch(() => piecesFor(stranger, DEFERRED, { uid: nowhere }));
    expect(seen.result).toEqual([{ data: { case: null } }]);
    expect(absent.result).toEqual(seen.result);
    expect(absent.calls).toEqual(seen.calls);
  });

  it("show a canary to nobody who may not see it, in no payload", async () => {
    for (const reader of READERS) {
      const uid = overview();
      const may = canaries(JSON.stringify(await piecesFor(reader, CASE, { uid, pieces: false })));
      for (let seed = 100; seed < 104; seed += 1) {
        const shown = canaries(JSON.stringify(await piecesFor(reader, withDefer(CASE, seed), { uid })));
        expect([...new Set(shown)].sort()).toEqual([...new Set(may)].sort());
      }
    }
  });
});

describe("the disclosure record", () => {
  const groupsIn = (records: readonly DisclosureRecord[]): readonly string[] =>
    records.flatMap(({ subjects }) => subjects.flatMap(({ groups }) => groups.map(({ group }) => group)));

  it("is on disk before each payload, with what that payload shows", async () => {
    const id = on.idFor(prosecution, "Case", overview());
    const headers = await asReader(prosecution, id);
    const query = `query($id: ID!) { case(id: $id) { nrmNumber ...@defer { prosecution { number } } } }`;
    const before = (await on.records()).length;
    const bodies = bodiesOf(on.assembled.gateway, { query, variables: { id }, headers });
    const first = JSON.parse((await bodies.next()).value ?? "") as Payload;
    expect(first.data).toEqual({ case: { nrmNumber: expect.any(String) } });
    const initial = (await on.records()).slice(before);
    expect(groupsIn(initial)).toEqual(["CASE_HEADER"]);
    const second = JSON.parse((await bodies.next()).value ?? "") as Payload;
    expect(second.incremental).toMatchObject([{ data: { prosecution: { number: expect.any(String) } } }]);
    const all = (await on.records()).slice(before);
    expect(all).toHaveLength(2);
    expect(groupsIn(all.slice(1))).toContain("PROSECUTION_FILE");
    expect(all[1]?.operationHash).toBe(all[0]?.operationHash);
    await bodies.return();
  });

  it("is written for what left, and for nothing that nobody took", async () => {
    const id = on.idFor(prosecution, "Case", overview());
    const headers = await asReader(prosecution, id);
    const query = `query($id: ID!) { case(id: $id) { stage ...@defer { prosecution { number } } } }`;
    const before = (await on.records()).length;
    const bodies = bodiesOf(on.assembled.gateway, { query, variables: { id }, headers });
    await bodies.next();
    await bodies.return();
    expect((await on.records()).slice(before)).toHaveLength(1);
  });
});
