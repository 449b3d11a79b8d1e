/** Who read about a case, as its holder and the committee's auditor are told (domain, agencies §12), over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPool } from "../../src/connectors/pg-pool.ts";
import type { Deployment, Reader, Reply } from "../support/deployment.ts";
import { EVERY_READER, firstStaff, viewReader } from "../support/readers.ts";
import { oracle } from "../support/rules-oracle.ts";
import {
  auditor,
  holder,
  type Log,
  logIn,
  PAGE,
  society,
  startTracker,
  type Tracker,
} from "../support/tracker.ts";
import { createWorldFacts } from "../support/world-facts.ts";

let tracker: Tracker;
let on: Deployment;
beforeAll(async () => {
  tracker = await startTracker();
  ({ on } = tracker);
});
afterAll(() => tracker?.on.close());

const shipped: Tracker["shipped"] = (...args) => tracker.shipped(...args);

describe("a case's log", () => {
  const OF_CASE = `query($id: ID!) { case(id: $id) { accessLog(first: 50) { ${PAGE} } } }`;
  const ROOT = `query($id: ID) { accessLog(caseId: $id) { ${PAGE} } }`;
  const uidOf = () => on.cast.cases.ngoGiven.uid;
  const ask = async (reader: Reader, query: string): Promise<Reply> => {
    await shipped();
    return on.ask({ ...reader, issue: { uid: uidOf() } }, query, { id: on.idFor(reader, "Case", uidOf()) });
  };
  const logOf = (reply: Reply) =>
    ((reply.data?.["case"] as { accessLog: Log | null } | null)?.accessLog ?? null) as Log | null;

  it("is read by its holder, nested and at the root, and its reading is in it next", async () => {
    await on.ask(
      { ...society, issue: { uid: uidOf() } },
      "query($id: ID!) { case(id: $id) { id supportPlans { type } } }",
      {
        id: on.idFor(society, "Case", uidOf()),
      },
    );
    const first = await ask(holder, OF_CASE);
    expect(first.errors).toEqual([]);
    expect(logOf(first)?.edges[0]?.node).toMatchObject({
      agency: { address: "BH/NGO/MWPS/assist" },
      purpose: "SHELTER_CARE",
      fieldGroups: expect.arrayContaining(["SERVICES_PLAN"]),
    });
    const again = await ask(holder, ROOT);
    expect(again.errors).toEqual([]);
    expect(logIn(again).edges[0]?.node).toMatchObject({
      agency: { address: "BH/GOV/LMRA/epc" },
      fieldGroups: ["AUDIT_TRAIL"],
    });
    const record = (await on.records()).at(-1);
    expect(record).toMatchObject({
      reader: on.cast.firstWithWork(holder.role).staffId,
      subjects: [{ type: "Case", uid: uidOf(), groups: [{ group: "AUDIT_TRAIL", level: "clear" }] }],
    });
  });

  it("is refused to a party that does not hold it, at the root as if there were none", async () => {
    const reply = await ask(society, OF_CASE);
    expect(logOf(reply)).toBeNull();
    expect(reply.withheld).toEqual([{ path: ["case", "accessLog"], reason: "R7" }]);
    expect(logIn(await ask(society, ROOT)).edges).toEqual([]);
  });

  it("shows the auditor its metadata", async () => {
    for (const reply of [await ask(auditor, OF_CASE), await ask(auditor, ROOT)]) {
      const log = logOf(reply) ?? logIn(reply);
      expect(reply.errors).toEqual([]);
      expect(log.edges.length).toBeGreaterThan(0);
      expect(log.edges[0]?.node).toMatchObject({ at: expect.any(String), purpose: expect.any(String) });
    }
  });

  it("is read under its own issue only", async () => {
    const bare = await on.ask(holder, OF_CASE, { id: on.idFor(holder, "Case", uidOf()) });
    expect(bare.errors.map(({ extensions }) => extensions.code)).toEqual(["ISSUE_REQUIRED"]);
    const root = await on.ask(holder, ROOT, { id: on.idFor(holder, "Case", uidOf()) });
    expect(logIn(root).edges).toEqual([]);
    const other = { ...holder, issue: { uid: on.cast.cases.overview.uid } };
    expect(logIn(await on.ask(other, ROOT, { id: on.idFor(holder, "Case", uidOf()) })).edges).toEqual([]);
  });

  it("comes in pages, by cursors that are sealed for their reader", async () => {
    for (let i = 0; i < 5; i += 1) await ask(holder, ROOT);
    const page = `query($id: ID, $after: String) { accessLog(caseId: $id, first: 2, after: $after) { ${PAGE} } }`;
    const variables = { id: on.idFor(holder, "Case", uidOf()) };
    const reader = { ...holder, issue: { uid: uidOf() } };
    await shipped();
    const seen: string[] = [];
    let after: string | null = null;
    for (let round = 0; round < 3; round += 1) {
      const reply: Reply = await on.ask(reader, page, { ...variables, after });
      expect(reply.errors).toEqual([]);
      const log = logIn(reply);
      expect(log.edges).toHaveLength(2);
      seen.push(...log.edges.map(({ node }) => node.at));
      after = log.pageInfo.endCursor;
    }
    expect(seen).toEqual(seen.toSorted().reverse());
    expect(new Set(seen).size).toBe(seen.length);
    const codes = async (asking: Reader, cursor: string, first = 2) => {
      const query = page.replace("first: 2", `first: ${first}`);
      const reply = await on.ask({ ...asking, issue: { uid: uidOf() } }, query, {
        ...{ id: on.idFor(asking, "Case", uidOf()), after: cursor },
      });
      return reply.errors.map(({ extensions }) => extensions.code);
    };
    expect(await codes(auditor, after ?? "")).toEqual(["BAD_CURSOR"]);
    expect(await codes(holder, `${after?.slice(0, -2)}xx`)).toEqual(["BAD_CURSOR"]);
    expect(await codes(holder, after ?? "", 101)).toEqual(["BAD_USER_INPUT"]);
    expect(await codes(holder, after ?? "", 100)).toEqual([]);
  });

  it("is hidden with the case from staff who are linked to a party, at the root too", async () => {
    const pool = createPool({ url: on.databaseUrl("ledger") });
    const { staffId } = on.cast.firstWithWork(auditor.role);
    const overlay = [uidOf(), "STAFF_CONFLICT", staffId];
    try {
      await pool.query("insert into case_overlay (case_uid, kind, subject) values ($1, $2, $3)", overlay);
      const nowhere = "00000000-0000-4000-8000-000000000000";
      const unknown = await on.ask({ ...auditor, issue: { uid: nowhere } }, ROOT, {
        id: on.idFor(auditor, "Case", nowhere),
      });
      expect((await ask(auditor, ROOT)).text).toBe(unknown.text);
      expect((await ask(auditor, OF_CASE)).data).toEqual({ case: null });
      await pool.query(
        "delete from case_overlay where case_uid = $1 and kind = $2 and subject = $3",
        overlay,
      );
      expect(logIn(await ask(auditor, ROOT)).edges.length).toBeGreaterThan(0);
    } finally {
      await pool.end();
    }
  });

  it("opens for nobody but whom the rules name, of all roles and purposes", async () => {
    const facts = createWorldFacts(on.world);
    const shows = (effect: string): boolean => effect === "ALLOW" || effect === "MASK";
    const differ: string[] = [];
    let opened = 0;
    for (const name of ["ngoGiven", "policeReferred", "child"] as const) {
      const { uid, spine } = on.cast.cases[name];
      for (const reads of [auditor, holder]) {
        const id = on.idFor(reads, "Case", uid);
        await on.ask({ ...reads, issue: { uid } }, "query($id: ID!) { case(id: $id) { stage } }", { id });
      }
      await shipped();
      for (const asking of EVERY_READER) {
        const { staffId: staff } = firstStaff(on, asking);
        const reader = viewReader(on, facts, asking, staff);
        const row = facts.ofCase(spine, reader);
        const log = oracle({ ...reader, field: "DataUse.at", row: { ...row, own: row.owner ?? false } });
        const exists = shows(oracle({ ...reader, field: "Case.id", row }).effect);
        const expected = exists && shows(log.effect);
        const asked = { ...asking, staff, issue: { uid } };
        const id = on.idFor(asking, "Case", uid);
        const [root, nested] = await Promise.all([
          on.ask(asked, ROOT, { id }),
          on.ask(asked, OF_CASE, { id }),
        ]);
        const found = [logIn(root)?.edges, logOf(nested)?.edges ?? []].map(
          (edges) => (edges ?? []).length > 0,
        );
        if (found.some((one) => one !== expected))
          differ.push(`${asking.role} ${asking.purpose} ${name}: ${found}`);
        if (expected) opened += 1;
      }
    }
    expect(differ).toEqual([]);
    expect(opened).toBeGreaterThan(3);
  }, 120_000);
});
