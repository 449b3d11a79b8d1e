/** Lists show what may exist for the reader, whole pages of it, and paging neither repeats nor skips. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reader } from "../../ledger/reader.ts";
import { seeded, testSeed } from "../support/seeded.ts";
import { exists, headerReadable, READERS, randomCase } from "./random-cases.ts";
import { EPC, MWPS, reader, type TestLedger, testLedger, worldOf } from "./support.ts";

const random = seeded(testSeed());
const cases = Array.from({ length: 150 }, (_, i) => randomCase(random, `case-${i}`));
const RISK = ["LOW", "MEDIUM", "HIGH", "IMMINENT"];

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly uid: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly endCursor: string;
  };
}

describe(`150 random cases of seed ${random.seed}`, () => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await testLedger(worldOf(cases));
  });
  afterAll(() => ledger.close());

  const PAGE = `query ($orderBy: CaseOrder, $first: Int, $after: String, $filter: CaseFilter) {
    cases(orderBy: $orderBy, first: $first, after: $after, filter: $filter) {
      edges { cursor node { uid } } pageInfo { hasNextPage hasPreviousPage endCursor }
    }
  }`;
  const page = async (who: Reader, variables: object) =>
    (await ledger.data<{ cases: Page }>("spine", who, PAGE, variables)).cases;

  async function allPages(who: Reader, orderBy: string): Promise<readonly string[]> {
    const uids: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const first = random.integer(1, 60);
      const { edges, pageInfo }: Page = await page(who, { orderBy, first, after });
      uids.push(...edges.map(({ node }) => node.uid));
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      if (pageInfo.hasNextPage) expect(edges).toHaveLength(first);
      more = pageInfo.hasNextPage;
      after = pageInfo.endCursor;
    }
    return uids;
  }

  const label = ({ address, role, purpose }: Reader) => `${role} of ${address} for ${purpose}`;
  const byOpening = cases.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  const byRisk = cases.toSorted((a, b) => (riskKey(a) < riskKey(b) ? 1 : -1));
  const orders = {
    OPENED_AT_ASC: byOpening,
    OPENED_AT_DESC: byOpening.toReversed(),
    RISK_LEVEL_DESC: byRisk,
  };

  it.each(READERS.map((who) => ({ who, name: label(who) })))(
    "shows $name every case once, and no other; ordered by its header, those whose header is open",
    async ({ who }) => {
      for (const [orderBy, sorted] of Object.entries(orders)) {
        const shown = orderBy === "OPENED_AT_DESC" ? exists : headerReadable;
        const expected = sorted.filter((row) => shown(row, who)).map(({ uid }) => uid);
        expect(await allPages(who, orderBy)).toEqual(expected);
      }
    },
  );

  it.each(READERS.map((who) => ({ who, name: label(who) })))(
    "answers `case` to $name as the list does",
    async ({ who }) => {
      const fields = cases.map(({ uid }, i) => `c${i}: case(id: "${uid}") { uid }`);
      const answer = await ledger.data<Record<string, object | null>>(
        "spine",
        who,
        `{ ${fields.join(" ")} }`,
      );
      expect(Object.values(answer).map((row) => row !== null)).toEqual(cases.map((row) => exists(row, who)));
    },
  );

  it.each(READERS.map((who) => ({ who, name: label(who) })))(
    "finds by number for $name what shows its number",
    async ({ who }) => {
      const numbered = cases.map(({ nrmNumber }, i) => `c${i}: case(nrmNumber: "${nrmNumber}") { uid }`);
      const one = await ledger.data<Record<string, object | null>>("spine", who, `{ ${numbered.join(" ")} }`);
      const found = (row: (typeof cases)[number]) => headerReadable(row, who);
      expect(Object.values(one).map((row) => row !== null)).toEqual(cases.map(found));
      for (const row of cases.slice(0, 5)) {
        const { edges, pageInfo } = await page(who, { filter: { nrmNumber: row.nrmNumber } });
        const expected = found(row) ? [row.uid] : [];
        expect(edges.map(({ node }) => node.uid)).toEqual(expected);
        if (expected.length === 0) expect(pageInfo).toMatchObject({ hasNextPage: false, endCursor: null });
      }
    },
  );

  it.each(READERS.map((who) => ({ who, name: `${label(who)}, ${who.brokenGlass?.length ?? 0} broken` })))(
    "lists for $name the cases that break-glass opens, of those that exist",
    async ({ who }) => {
      const { emergencyCases } = await ledger.data<{ emergencyCases: readonly { readonly uid: string }[] }>(
        "spine",
        who,
        "{ emergencyCases { uid } }",
      );
      const open = cases.filter((row) => who.brokenGlass?.includes(row.uid) && exists(row, who));
      expect(emergencyCases.map(({ uid }) => uid).toSorted()).toEqual(open.map(({ uid }) => uid).toSorted());
    },
  );

  it("counts no hidden case among those of a person, and asks once", async () => {
    const who = reader(MWPS, "caseworker", "SHELTER_CARE");
    ledger.journal.clear();
    const rows = await ledger.entities<{ caseParties: { uid: string }[] }>(
      "spine",
      who,
      "Person",
      ["person-1", "person-2"],
      "caseParties { uid }",
    );
    const seen = rows.flatMap((row) => row?.caseParties.map(({ uid }) => uid) ?? []);
    const expected = cases.filter((row) => exists(row, who)).map(({ uid }) => `party-${uid}`);
    expect(seen.toSorted()).toEqual(expected.toSorted());
    expect(ledger.journal.statements).toHaveLength(1);
  });

  it("asks the same of an unknown case and of a hidden one", async () => {
    const who = reader("BH/GOV/LMRA/labour", "inspector", "LABOUR_INSPECTION");
    const hidden = cases.find((row) => !exists(row, who))!.uid;
    const asked = async (id: string) => {
      ledger.journal.clear();
      const question =
        "query ($id: ID, $reader: ReaderInput!) { case(id: $id) { nrmNumber access(reader: $reader) { known } } }";
      expect(await ledger.data("spine", who, question, { id, reader: who })).toEqual({ case: null });
      return [...ledger.journal.statements];
    };
    expect(await asked(hidden)).toEqual(await asked("no such case"));
  });

  it("asks each kind of question once, for a page of 2 and of 100 with all its edges", async () => {
    const who = reader(EPC, "screener", "IDENTIFICATION_SCREENING");
    const question = `query ($first: Int, $reader: ReaderInput!) {
      cases(first: $first) { edges { node {
        uid owner { address code } access(reader: $reader) { known } holders trackVersions { version }
        parties { role person { uid } access(reader: $reader) { known } } victim { uid }
        consents { status recipients { code } inRows(reader: $reader) }
        referrals { to { code } own(reader: $reader) access(reader: $reader) { known } case { uid } }
        timeline { at by { code } } relatedCases { uid }
      } } }
    }`;
    for (const first of [2, 100]) {
      ledger.journal.clear();
      await ledger.data("spine", who, question, { first, reader: who });
      const { statements } = ledger.journal;
      expect(new Set(statements).size).toBe(statements.length);
      expect(statements.length).toBeLessThanOrEqual(10);
    }
  });

  it("filters by number, state, owner, risk and days in Bahrain", async () => {
    const who = reader(EPC, "screener", "IDENTIFICATION_SCREENING");
    const uids = async (filter: object) =>
      (await page(who, { filter, first: 100, orderBy: "OPENED_AT_ASC" })).edges.map(({ node }) => node.uid);
    const visible = byOpening.filter((row) => exists(row, who));
    const expected = (test: (row: (typeof cases)[number]) => boolean) =>
      visible
        .filter(test)
        .map(({ uid }) => uid)
        .slice(0, 100);
    expect(await uids({ nrmNumber: visible[0]!.nrmNumber })).toEqual([visible[0]!.uid]);
    expect(await uids({ identification: ["SCREENING"], owner: "EPC" })).toEqual(expected(() => true));
    expect(await uids({ identification: ["REVIEW"] })).toEqual([]);
    expect(await uids({ owner: "MOI" })).toEqual([]);
    expect(await uids({ riskLevel: ["HIGH", "IMMINENT"] })).toEqual(
      expected(({ riskLevel }) => riskLevel !== "LOW"),
    );
    // 20:30 UTC on 1 February is 23:30 in Bahrain.
    expect(await uids({ opened: { from: "2025-02-01", until: "2025-02-01" } })).toEqual(
      expected(({ openedAt }) => openedAt.startsWith("2025-02-01")),
    );
    expect(await uids({ opened: { until: "2025-01-31" } })).toEqual(
      expected(({ openedAt }) => openedAt.startsWith("2025-01-01")),
    );
  });

  it("refuses pages over 100 and cursors of other lists", async () => {
    const who = reader(EPC, "screener", "IDENTIFICATION_SCREENING");
    const codes = async (variables: object) =>
      (await ledger.ask("spine", who, PAGE, variables)).errors?.map(({ extensions }) => extensions?.code);
    const { pageInfo } = await page(who, { orderBy: "RISK_LEVEL_DESC", first: 3 });
    const forged = Buffer.from('["OPENED_AT_DESC","now()","x"]').toString("base64url");
    expect(await codes({ first: 101 })).toEqual(["BAD_USER_INPUT"]);
    expect(await codes({ first: -1 })).toEqual(["BAD_USER_INPUT"]);
    expect(await codes({ after: pageInfo.endCursor, orderBy: "OPENED_AT_DESC" })).toEqual(["BAD_CURSOR"]);
    expect(await codes({ after: "x" })).toEqual(["BAD_CURSOR"]);
    expect(await codes({ after: forged })).toEqual(["BAD_CURSOR"]);
  });

  it("pages through the referrals that an organisation received", async () => {
    const who = reader(MWPS, "caseworker", "SHELTER_CARE");
    const inbox = async (variables: object) =>
      (
        await ledger.data<{ referralInbox: Page }>(
          "spine",
          who,
          `query ($status: [ReferralStatus!], $first: Int, $after: String) {
            referralInbox(status: $status, first: $first, after: $after) {
              edges { node { uid } } pageInfo { hasNextPage hasPreviousPage endCursor } } }`,
          variables,
        )
      ).referralInbox;
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { edges, pageInfo }: Page = await inbox({ first: 7, after });
      seen.push(...edges.map(({ node }) => node.uid));
      more = pageInfo.hasNextPage;
      after = pageInfo.endCursor;
    }
    const open = ({ overlays }: (typeof cases)[number]) =>
      !overlays.officialSuspect.includes(who.address) && !overlays.staffConflict.includes(who.staff);
    const received = cases
      .filter(open)
      .flatMap(({ referrals }) => referrals.filter(({ to }) => to === who.address));
    expect(seen.toSorted()).toEqual(received.map(({ uid }) => uid).toSorted());
    const done = await inbox({ status: ["DONE"], first: 100 });
    expect(done.edges).toHaveLength(received.filter(({ status }) => status === "DONE").length);
  });
});

const key = ({ openedAt, uid }: (typeof cases)[number]) => `${Date.parse(openedAt)} ${uid}`;
const riskKey = (row: (typeof cases)[number]) => `${RISK.indexOf(row.riskLevel)} ${key(row)}`;
