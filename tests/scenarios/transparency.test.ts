/**
 * Report R10 (domain, reports §1) of a quarter in which these tests asked: each figure beside a count of its own, made of what was asked
 * and of the log on disk, which the report does not read.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { BlindIndex } from "../../src/audit/blind-index.ts";
import type { DisclosureRecord } from "../../src/audit/record.ts";
import { readSubjectKeys } from "../../src/audit/subject-keys.ts";
import { openingsByReview } from "../../src/break-glass/openings-by-review.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { type TransparencyReport, transparencyReport } from "../../src/disclosures/transparency.ts";
import type { Deployment, Reader } from "../support/deployment.ts";
import { herself, holder, inspector, OWN, society, startTracker, type Tracker } from "../support/tracker.ts";

let tracker: Tracker;
let on: Deployment;
beforeAll(async () => {
  tracker = await startTracker();
  ({ on } = tracker);
});
afterAll(() => tracker?.on.close());

const worker: Reader = { role: "EPC.caseWorker", purpose: "EMERGENCY_PROTECTION", staff: "epc-caseWorker-3" };
const CASE = "query($id: ID!) { case(id: $id) { id stage screening { outcome } supportPlans { type } } }";
const OPEN = `mutation($id: ID!) {
  openBreakGlass(caseId: $id, justification: "the victim called and is in danger") { __typename } }`;

const agencyOf = (member: string): string =>
  on.config.agencies.find(({ members }) => members.some(({ address }) => address === member))?.code ?? "?";

async function read(reader: Reader, name: keyof Deployment["cast"]["cases"]): Promise<void> {
  const { uid } = on.cast.cases[name];
  const { errors } = await on.ask({ ...reader, issue: { uid } }, CASE, { id: on.idFor(reader, "Case", uid) });
  expect(errors).toEqual([]);
}

/** The report of this quarter, and what became of break-glass in it. */
async function report() {
  const pool = createPool({ url: on.databaseUrl("gateway") });
  const { audit, search } = on.secrets;
  const keys = await readSubjectKeys(`${on.directory}/audit-keys`, audit.subjects);
  const { timeZone } = on.config.deployment;
  const today = new Date(Date.now() + 3 * 3_600_000);
  const quarter = `${today.getUTCFullYear()}-Q${Math.floor(today.getUTCMonth() / 3) + 1}`;
  try {
    const parts = { pool, blind: new BlindIndex(search), keys, agencyOf, timeZone };
    const shared = await transparencyReport(parts, quarter);
    return { ...shared, breakGlass: await openingsByReview(pool, shared, agencyOf, Date.now()) };
  } finally {
    await pool.end();
  }
}

it("counts what was asked, and each figure agrees with the log on disk", async () => {
  const { plain, disputed } = on.cast.workers;
  for (const { uid } of [plain, disputed, plain]) await tracker.readPerson(inspector, uid);
  await read(society, "ngoGiven");
  await read(holder, "presumedWorker");
  // For the purpose of emergencies, and nothing is open: three answers that are no emergency.
  for (const _ of [1, 2, 3]) await read(worker, "presumedWorker");
  const id = on.idFor(worker, "Case", on.cast.cases.presumedWorker.uid);
  const { data } = await on.ask(worker, OPEN, { id });
  expect(data?.["openBreakGlass"]).toEqual({ __typename: "BreakGlassOpened" });
  for (const _ of [1, 2]) await read(worker, "presumedWorker");
  for (const { cpr } of [plain, disputed]) await on.ask(herself(cpr), OWN);
  await tracker.shipped();

  const { breakGlass, ...shared } = await report();
  // 3 of persons, 2 of cases, 3 and 2 for emergencies, the mutation's own, 2 by persons.
  expect(shared.answers).toBe(13);
  expect(shared.emergencies).toEqual([{ agency: "EPC", count: 2 }]);
  expect(shared.subjectRequests).toBe(2);
  expect(shared.unreadable).toBe(0);
  expect(breakGlass).toEqual([
    { agency: "EPC", opened: 1, justified: 0, unjustified: 0, awaiting: 1, late: 0 },
  ]);

  const records = await on.records();
  expect(records).toHaveLength(shared.answers + 1);
  expect(readsOf(shared)).toEqual(readsIn(records));
  expect(readsOf(shared)).toContainEqual("LMRA LABOUR_INSPECTION IDENTITY_CORE 3");
  expect(denialsOf(shared)).toEqual(denialsIn(records));
  expect(denialsOf(shared).length).toBeGreaterThan(0);
});

const readsOf = ({ reads }: TransparencyReport) =>
  reads.map(({ agency, purpose, group, count }) => `${agency} ${purpose} ${group} ${count}`).toSorted();
const denialsOf = ({ denials }: TransparencyReport) =>
  denials.map(({ agency, purpose, reason, count }) => `${agency} ${purpose} ${reason} ${count}`).toSorted();

/** One for each subject of each answer and group that was shown of it. */
function readsIn(records: readonly DisclosureRecord[]): readonly string[] {
  const names = records.flatMap(({ member, purpose, subjects }) =>
    subjects.flatMap(({ groups }) => groups.map(({ group }) => `${agencyOf(member)} ${purpose} ${group}`)),
  );
  return [...new Set(names)]
    .map((name) => `${name} ${names.filter((one) => one === name).length}`)
    .toSorted();
}

/** One for each place that was refused. */
function denialsIn(records: readonly DisclosureRecord[]): readonly string[] {
  const names = records.flatMap(({ member, purpose, refusals }) =>
    Object.entries(refusals).flatMap(([reason, count]) =>
      Array<string>(count).fill(`${agencyOf(member)} ${purpose} ${reason}`),
    ),
  );
  return [...new Set(names)]
    .map((name) => `${name} ${names.filter((one) => one === name).length}`)
    .toSorted();
}
