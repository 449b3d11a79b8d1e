/**
 * A11: an id is its organisation's own. Sealed for one, it is to another as an id of nothing: as an argument, as `x-issue`, in a
 * filter, as a cursor; even where both may read the very object. No two organisations see the same id, so none can join by them.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AMAN, MWPS } from "../../sandbox/synth/members.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment();
});
afterAll(() => on?.close());

const READERS: readonly Reader[] = [
  { role: "EPC.caseWorker", purpose: "SHELTER_CARE" },
  { role: "PPO.prosecutor", purpose: "PROSECUTION" },
  { role: "MOI.investigator", purpose: "CRIMINAL_INVESTIGATION" },
  { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" },
  { role: "NGO.caseworker", purpose: "SHELTER_CARE", member: MWPS },
  { role: "NGO.caseworker", purpose: "SHELTER_CARE", member: AMAN },
];
const BY_ID = "query($id: ID!) { case(id: $id) { id nrmNumber stage } }";
const PERSON_BY_ID = "query($id: ID!) { person(id: $id) { id } }";
const ABSENT = "0b9f6c1e-0000-7000-8000-00000000dead";
const nameOf = ({ role, member = "" }: Reader): string => `${role} ${member}`.trim();

/** Whoever may read the case by its own id. */
async function whoReads(query: string, type: string, uid: string): Promise<readonly Reader[]> {
  const readers: Reader[] = [];
  for (const reader of READERS) {
    const { data } = await on.ask({ ...reader, ...(type === "Case" ? {} : { issue: "x" }) }, query, {
      id: on.idFor(reader, type, uid),
    });
    if (Object.values(data ?? {})[0] !== null && data !== null) readers.push(reader);
  }
  return readers;
}

describe.each([
  ["a case", "Case", BY_ID],
  ["a person", "Person", PERSON_BY_ID],
])("%s", (_, type, query) => {
  it("is found by each one's own id, and by nobody else's", async () => {
    const { uid } = type === "Case" ? on.cast.cases.overview : on.cast.workers.plain;
    const readers = await whoReads(query, type, uid);
    expect(readers.length).toBeGreaterThan(type === "Case" ? 2 : 0);
    const ids = READERS.map((reader) => on.idFor(reader, type, uid));
    expect(new Set(ids).size).toBe(READERS.length);
    for (const reader of READERS)
      for (const other of READERS) {
        if (other === reader) continue;
        const { text } = await on.ask(reader, query, { id: on.idFor(other, type, uid) });
        const absent = await on.ask(reader, query, { id: on.idFor(reader, type, ABSENT) });
        expect({ reader: nameOf(reader), other: nameOf(other), text }).toMatchObject({ text: absent.text });
        expect(text).toContain(`"${type.toLowerCase()}":null`);
      }
  });
});

it("as `x-issue`, another's id opens nothing", async () => {
  const { uid } = on.cast.cases.overview;
  const query = "query($id: ID!) { case(id: $id) { nrmNumber prosecution { number } } }";
  const [, prosecution, police] = READERS as readonly [Reader, Reader, Reader];
  const id = on.idFor(prosecution, "Case", uid);
  const own = await on.ask({ ...prosecution, issue: id }, query, { id });
  expect(own.data?.["case"]).toMatchObject({ nrmNumber: on.cast.cases.overview.nrmNumber });
  const { result, calls } = await on.watch(() =>
    on.ask({ ...prosecution, issue: on.idFor(police, "Case", uid) }, query, { id }),
  );
  expect(result.text).toBe('{"data":{"case":null}}');
  expect(calls).not.toHaveProperty("PPO");
});

it("a page's cursor is its organisation's own", async () => {
  const page =
    "query($after: String) { cases(first: 1, after: $after) { pageInfo { endCursor hasNextPage } } }";
  const [worker, prosecution] = READERS as readonly [Reader, Reader];
  const first = await on.ask(worker, page);
  const { cases } = first.data as { cases: { pageInfo: { endCursor: string } } };
  const after = cases.pageInfo.endCursor;
  expect((await on.ask(worker, page, { after })).errors).toEqual([]);
  const { result, calls } = await on.watch(() => on.ask(prosecution, page, { after }));
  expect(result.errors.map(({ extensions }) => extensions.code)).toEqual(["BAD_CURSOR"]);
  expect(calls).not.toHaveProperty("ledger");
});
