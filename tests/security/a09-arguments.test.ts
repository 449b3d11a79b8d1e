/**
 * A9: what a reader may not read, the reader may not search, look up or sort by: settled against, the question is refused
 * before anybody is asked; decided by the row, the row is as unknown, and nothing of the page tells that it is there.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Deployment, type Reader, type Reply, startDeployment } from "../support/deployment.ts";
import { ONE_READER_A_ROLE } from "../support/roles.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment({ proxied: ["ledger"] });
});
afterAll(() => on?.close());

const care: Reader = { role: "NGO.caseworker", purpose: "SHELTER_CARE" };
const police: Reader = { role: "MOI.investigator", purpose: "CRIMINAL_INVESTIGATION" };
const residence: Reader = { role: "NPRA.residenceOfficer", purpose: "STATUS_REGULARISATION" };

const PAGE = `{ edges { node { id nrmNumber identificationState riskLevel } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;

interface Row {
  readonly id: string;
  readonly nrmNumber: string | null;
  readonly identificationState: string | null;
  readonly riskLevel: string | null;
}
interface Page {
  readonly edges: readonly { readonly node: Row }[];
  readonly pageInfo: object;
}

const pageOf = ({ data }: Reply): Page => (data as { cases: Page }).cases;
const rowsOf = (reply: Reply): readonly Row[] => pageOf(reply).edges.map(({ node }) => node);
/** The committee sees a masked header: a mask shows, and allows no search (domain rules §5). */
const masked = ({ role }: Reader): boolean => role.startsWith("NCC.");
const EMPTY = {
  edges: [],
  pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
};

describe("settled against", () => {
  const WORKER_ID = "{ edges { node { id } } }";
  it.each([
    [police, `{ workers(orderBy: UNPAID_MONTHS_DESC) ${WORKER_ID} }`, "Worker.unpaidMonths"],
    [police, `{ workers(filter: { workPermitNo: "LW-1" }) ${WORKER_ID} }`, "Worker.workPermitNo"],
    [residence, `{ workers(filter: { unpaidMonthsAtLeast: 3 }) ${WORKER_ID} }`, "Worker.unpaidMonths"],
    [care, '{ worker(workPermitNo: "LW-1") { id } }', "Worker.workPermitNo"],
    [care, '{ employers(filter: { name: "x" }) { edges { node { id } } } }', "Employer.name"],
    [residence, '{ case(nrmNumber: "NRM-2025-000001-A") { id } }', "Case.nrmNumber"],
    [residence, "{ cases(orderBy: RISK_LEVEL_DESC) { edges { node { id } } } }", "Case.riskLevel"],
    [residence, "{ cases(filter: { owner: EPC }) { edges { node { id } } } }", "Case.owner"],
    // Break-glass opens cases: a register row that no case leads to is closed whatever comes.
    [
      { role: "MOI.officer", purpose: "EMERGENCY_PROTECTION" },
      '{ workers(filter: { workPermitNo: "LW-1" }) { pageInfo { endCursor } } }',
      "Worker.workPermitNo",
    ],
  ])("%o asks %s: refused for %s, and nobody is asked", async (reader, query, field) => {
    const { result: reply, calls } = await on.watch(() => on.ask(reader, query));
    expect(reply.errors.map(({ extensions }) => extensions.code)).toEqual(["ARGUMENT_FORBIDDEN"]);
    expect(reply.status).toBe(403);
    expect(reply.errors[0]?.message).toContain(`\`${field}\``);
    const { RTC: _certificates, ...agencies } = calls;
    expect(agencies).toEqual({});
  });

  it("holds for a value that comes in a variable, and lets pass what is left out or null", async () => {
    const query = `query($filter: WorkerFilter, $order: WorkerOrder) { workers(filter: $filter, orderBy: $order) ${WORKER_ID} }`;
    const codes = async (variables: object) =>
      (await on.ask(police, query, { ...variables })).errors.map(({ extensions }) => extensions.code);
    expect(await codes({ filter: { sector: ["F"] } })).toEqual(["ARGUMENT_FORBIDDEN"]);
    expect(await codes({ order: "WORK_PERMIT_NO_ASC" })).toEqual(["ARGUMENT_FORBIDDEN"]);
    expect(await codes({ filter: { sector: null }, order: null })).toEqual([]);
    expect(await codes({})).toEqual([]);
  });
});

describe("decided by the row", () => {
  it("a society without the header finds its own case by number no more than an unknown one", async () => {
    const ask = (query: string, n: string) => on.watch(() => on.ask(care, query, { n }));
    const own = on.cast.cases.ngoGiven.nrmNumber;
    const unknown = `${own.slice(0, -3)}0-Z`;
    for (const query of [
      "query($n: CaseNumber!) { case(nrmNumber: $n) { id supportPlansId: __typename } }",
      `query($n: CaseNumber!) { cases(filter: { nrmNumber: $n }) ${PAGE} }`,
      "query($n: CaseNumber!) { cases(filter: { nrmNumber: $n }, first: 1) { pageInfo { hasNextPage endCursor } } }",
      "query($n: CaseNumber!) { cases(filter: { nrmNumber: $n }) { __typename } }",
    ]) {
      const [found, absent] = [await ask(query, own), await ask(query, unknown)];
      expect(found.result.text).toBe(absent.result.text);
      expect(found.calls).toEqual(absent.calls);
      expect(found.ledger.map(({ query: asked }) => asked)).toEqual(
        absent.ledger.map(({ query: asked }) => asked),
      );
    }
    const shown = on.cast.cases.overview.nrmNumber;
    expect(rowsOf(await on.ask(care, `{ cases(filter: { nrmNumber: "${shown}" }) ${PAGE} }`))).toHaveLength(
      1,
    );
  });

  it("is decided by the gateway too, should the ledger give a row that it was not to find", async () => {
    const { uid, nrmNumber } = on.cast.cases.ngoGiven;
    let row = "";
    on.proxy("ledger").tamper((answer) => {
      row = answer.body;
      return answer;
    });
    const byId = "query($id: ID!) { case(id: $id) { id __typename } }";
    const found = await on.ask(care, byId, { id: on.idFor(care, "Case", uid) });
    expect(found.data).toEqual({ case: { id: expect.any(String), __typename: "Case" } });
    on.proxy("ledger").tamper((answer) => ({ ...answer, body: row }));
    const byNumber = "query($n: CaseNumber!) { case(nrmNumber: $n) { id __typename } }";
    const given = await on.ask(care, byNumber, { n: nrmNumber });
    on.proxy("ledger").tamper(null);
    expect(given.text).toBe('{"data":{"case":null}}');
  });

  it.each(ONE_READER_A_ROLE)(
    "$role for $purpose finds by a value exactly the rows that show it",
    async (reader) => {
      const all = rowsOf(await on.ask(reader, `{ cases(first: 100) ${PAGE} }`));
      const expectFound = async (filter: string, shows: (row: Row) => boolean) => {
        const { result: reply, calls } = await on.watch(() =>
          on.ask(reader, `{ cases(first: 100, filter: ${filter}) ${PAGE} }`),
        );
        const expected = all.filter(shows);
        if (reply.errors.length > 0) {
          expect(reply.errors.map(({ extensions }) => extensions.code)).toEqual(["ARGUMENT_FORBIDDEN"]);
          expect(expected.length === 0 || masked(reader)).toBe(true);
          expect(calls).not.toHaveProperty("ledger");
          return;
        }
        expect(rowsOf(reply).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
        if (expected.length === 0) expect(pageOf(reply)).toEqual(EMPTY);
      };
      for (const name of ["overview", "ngoGiven", "afterCharge", "labourOnly"] as const) {
        const number = on.cast.cases[name].nrmNumber;
        await expectFound(`{ nrmNumber: "${number}" }`, ({ nrmNumber }) => nrmNumber === number);
      }
      for (const level of ["LOW", "HIGH"])
        await expectFound(`{ riskLevel: [${level}] }`, ({ riskLevel }) => riskLevel === level);
      await expectFound("{ identification: [PRESUMED] }", (row) => row.identificationState === "PRESUMED");
    },
  );

  it.each(ONE_READER_A_ROLE)("$role for $purpose sorts only what shows the key", async (reader) => {
    const all = rowsOf(await on.ask(reader, `{ cases(first: 100) ${PAGE} }`));
    const sorted = await on.ask(reader, `{ cases(first: 100, orderBy: RISK_LEVEL_DESC) ${PAGE} }`);
    const keyed = all.filter(({ riskLevel }) => riskLevel !== null);
    if (sorted.errors.length > 0) expect(keyed.length === 0 || masked(reader)).toBe(true);
    else expect(new Set(rowsOf(sorted).map(({ id }) => id))).toEqual(new Set(keyed.map(({ id }) => id)));
  });
});
