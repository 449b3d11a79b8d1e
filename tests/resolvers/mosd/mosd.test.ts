import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mosdSubgraph } from "../../../resolvers/mosd/index.ts";
import { cp1256 } from "../../../sandbox/mosd/cp1256.ts";
import { MOSD_DATABASE } from "../../../sandbox/mosd/rows.ts";
import { openSqlAgency, type SqlAgency } from "../../support/sql-agencies.ts";

let mosd: SqlAgency;
beforeAll(async () => {
  mosd = await openSqlAgency(MOSD_DATABASE, mosdSubgraph);
});
afterAll(() => mosd.close());

const PARTY = "uid statusDecision { status decidedOn reasons } careRecords { kind on summary }";

async function write(text: string, values: readonly unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: mosd.url });
  await client.connect();
  await client.query(text, [...values]);
  await client.end();
}

describe("the social ministry", () => {
  it("shows care, newest first, and the committee's decision, in two statements", async () => {
    const care = Map.groupBy(mosd.world.mosd.care, ({ careNo }) => careNo);
    const decisions = new Map([...mosd.world.mosd.statusDecisions].map((row) => [row.careNo, row]));
    const keys = [...care.keys()];
    expect(keys.length).toBeGreaterThan(0);
    expect(decisions.size).toBeGreaterThan(0);
    mosd.statements.length = 0;
    expect(await mosd.entities("CaseParty", [...keys, "CARE-none"], PARTY)).toEqual([
      ...keys.map((uid) => {
        const { careNo: _, ...decision } = decisions.get(uid) ?? { careNo: uid };
        return {
          uid,
          statusDecision: decisions.has(uid) ? decision : null,
          careRecords: care
            .get(uid)!
            .toReversed()
            .map(({ kind, on, summary }) => ({ kind, on, summary })),
        };
      }),
      null,
    ]);
    expect(mosd.statements).toHaveLength(2);
  });

  it("shows licences of shelters", async () => {
    const rows = [...mosd.world.mosd.licences];
    const keys = rows.map(({ licenceNo }) => licenceNo);
    expect(
      await mosd.entities("Facility", [...keys, "LIC-none"], "uid licence { number validUntil capacity }"),
    ).toEqual([...rows.map(({ licenceNo: uid, ...licence }) => ({ uid, licence })), null]);
  });

  it("reads Arabic in cp1256 as it was written", async () => {
    const text = "أُحيلت إلى دار الإيواء، والحالة مستقرة – لا خوف؟";
    await write("insert into care_record values ('CARE-ar', 1, 2, '20250102', $1)", [
      Buffer.from(cp1256(text)),
    ]);
    await write("insert into care_record values ('CARE-ar', 2, 4, '20250103', null)", []);
    expect(await mosd.entities("CaseParty", ["CARE-ar"], "careRecords { kind on summary }")).toEqual([
      {
        careRecords: [
          { kind: "FINANCIAL", on: "2025-01-03", summary: null },
          { kind: "SOCIAL", on: "2025-01-02", summary: text },
        ],
      },
    ]);
  });

  it("takes a code that nobody knows for a bad reply, not for a status", async () => {
    await write("insert into status_decision values ('CARE-bad', '7', '20250102', null)", []);
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on CaseParty { uid } } }`;
    const { data, errors } = await mosd.reply(query, {
      representations: [{ __typename: "CaseParty", uid: "CARE-bad" }],
    });
    expect(data?.["_entities"]).toEqual([null]);
    expect(errors).toMatchObject([{ code: "AGENCY_BAD_REPLY" }]);
  });
});
