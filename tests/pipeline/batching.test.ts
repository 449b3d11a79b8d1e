/**
 * A page reaches each backend in a constant number of batched calls, whatever its length: requests over HTTP, statements in
 * SQL, questions to the ledger and its statements.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment();
});
afterAll(() => on?.close());

const inspector: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };
const screener: Reader = { role: "EPC.caseWorker", purpose: "SHELTER_CARE" };

const WORKERS = `query($first: Int) { workers(first: $first) { edges { node {
  id workPermitNo employer { name } contract { wage { amount } } wagePayments { period } complaints { state }
  previousEmployers { employer { name } }
  person { nameLatin { full } passports { number } residence { status } arrivals { at } caseParties { role } }
} } pageInfo { hasNextPage endCursor } } }`;
const CASES = `query($first: Int) { cases(first: $first) { edges { node {
  id nrmNumber stage riskLevel openedAt owner { address name { en } } parties { role } timeline { at }
} } pageInfo { hasNextPage } } }`;

interface Counted {
  readonly rows: number;
  readonly calls: Readonly<Record<string, number>>;
  readonly ledgerStatements: number;
}

async function counted(reader: Reader, query: string, first: number): Promise<Counted> {
  const { result, calls } = await on.watch(() => on.ask(reader, query, { first }));
  expect(result.errors).toEqual([]);
  const [page] = Object.values(result.data ?? {}) as { edges: unknown[] }[];
  const { statements } = on.ledger.journal;
  return { rows: page?.edges.length ?? 0, calls, ledgerStatements: statements.length };
}

describe("a page of workers with what five kinds of backend hold", () => {
  it("costs the same calls for 10 and for 100, and few", async () => {
    await counted(inspector, WORKERS, 1);
    const ten = await counted(inspector, WORKERS, 10);
    const hundred = await counted(inspector, WORKERS, 100);
    expect([ten.rows, hundred.rows]).toEqual([10, 100]);
    expect(hundred.calls).toEqual(ten.calls);
    expect(hundred.calls).toEqual({ IGA: 1, NPRA: 2, LMRA: 7 });
    expect(hundred.ledgerStatements).toBe(ten.ledgerStatements);
  });

  it("asks IGA for at most 100 keys at once, each once", async () => {
    await counted(inspector, WORKERS, 100);
    const batches = on.agencies.rest.IGA.journal.entries.map(
      ({ body }) => (JSON.parse(body) as { keys: string[] }).keys,
    );
    for (const keys of batches) {
      expect(keys.length).toBeLessThanOrEqual(100);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});

describe("a page of cases at the ledger", () => {
  it("costs the same statements for 2 and for 20", async () => {
    await counted(screener, CASES, 20);
    const two = await counted(screener, CASES, 2);
    const twenty = await counted(screener, CASES, 20);
    expect(two.rows).toBe(2);
    expect(twenty.rows).toBeGreaterThan(two.rows);
    expect(twenty.calls).toEqual(two.calls);
    expect(twenty.ledgerStatements).toBe(two.ledgerStatements);
    expect(twenty.ledgerStatements).toBeLessThanOrEqual(6);
  });
});
