import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lmraSubgraph } from "../../../resolvers/lmra/index.ts";
import { LMRA_DATABASE } from "../../../sandbox/lmra/rows.ts";
import { openSqlAgency, type SqlAgency } from "../../support/sql-agencies.ts";

let lmra: SqlAgency;
beforeAll(async () => {
  lmra = await openSqlAgency(LMRA_DATABASE, lmraSubgraph);
});
afterAll(() => lmra.close());

const ids = (items: Iterable<{ readonly uid: string }>) => [...items].map(({ uid }) => uid);
const group = <Row>(rows: Iterable<Row>, keyOf: (row: Row) => string) => Map.groupBy(rows, keyOf);

describe("workers", () => {
  it("show what the register's rows say", async () => {
    const rows = [...lmra.world.lmra.workers];
    const found = await lmra.entities(
      "Worker",
      rows.map(({ permitNo }) => permitNo),
      `uid workPermitNo permitType permitStatus permitValid { from until } occupation sector unpaidMonths
       person { uid mobilePhone worker { uid } } employer { uid }`,
    );
    expect(found).toEqual(
      rows.map((row) => ({
        uid: row.permitNo,
        workPermitNo: row.permitNo,
        permitType: row.permitType,
        permitStatus: row.permitStatus,
        permitValid: { from: row.permitFrom, until: row.permitUntil },
        occupation: row.occupation,
        sector: row.sector,
        unpaidMonths: row.unpaidMonths,
        person: { uid: row.cpr, mobilePhone: row.mobilePhone, worker: { uid: row.permitNo } },
        employer: row.employerNo === null ? null : { uid: row.employerNo },
      })),
    );
  });

  it("carry contract, wages, complaints, past employments and the left-work report", async () => {
    const { workers, contracts, wageMonths, complaints, employments, leftWork } = lmra.world.lmra;
    const keys = [...workers].map(({ permitNo }) => permitNo);
    const found = await lmra.entities(
      "Worker",
      keys,
      `uid contract { wage { amount currency } hoursPerWeek signedInOrigin languages }
       wagePayments { period due { amount currency } paid { amount currency } paidOn }
       complaints { number grounds filedOn state screenedForTrafficking worker { uid } }
       previousEmployers { employer { uid } from until reason }
       leftWorkReport { filedOn byEmployer complaintBefore }`,
    );
    const of = {
      contract: group(contracts, (row) => row.permitNo),
      wages: group(wageMonths, (row) => row.permitNo),
      complaints: group(complaints, (row) => row.permitNo),
      employments: group(employments, (row) => row.permitNo),
      left: group(leftWork, (row) => row.permitNo),
    };
    expect(found).toEqual(
      keys.map((uid) => ({
        uid,
        contract: without(of.contract.get(uid)?.[0], "permitNo"),
        wagePayments: of.wages.get(uid)?.map((row) => without(row, "permitNo")),
        complaints: (of.complaints.get(uid) ?? []).map((row) => ({
          ...without(row, "permitNo"),
          worker: { uid },
        })),
        previousEmployers: (of.employments.get(uid) ?? []).map(({ employerNo, from, until, reason }) => ({
          employer: { uid: employerNo },
          from,
          until,
          reason,
        })),
        leftWorkReport: without(of.left.get(uid)?.[0], "permitNo"),
      })),
    );
  });

  it("give the latest wages, or those of a period, oldest first", async () => {
    const [worker] = lmra.world.lmra.workers;
    const found = await lmra.entities(
      "Worker",
      [worker!.permitNo],
      `latest: wagePayments(last: 2) { period }
       of: wagePayments(period: { from: "2025-02-01", until: "2025-04-30" }) { period }`,
    );
    const months = (...periods: string[]) => periods.map((period) => ({ period }));
    expect(found).toEqual([
      { latest: months("2025-06", "2025-07"), of: months("2025-02", "2025-03", "2025-04") },
    ]);
  });

  it("are found by id or permit number, and only when both agree", async () => {
    const [one, two] = [lmra.world.lmra.workers.row(0), lmra.world.lmra.workers.row(1)];
    const data = await lmra.ask(
      `query ($id: ID, $no: String, $other: String) {
         byId: worker(id: $id) { uid } byNo: worker(workPermitNo: $no) { uid }
         both: worker(id: $id, workPermitNo: $no) { uid } torn: worker(id: $id, workPermitNo: $other) { uid }
         unknown: worker(id: "LW-none") { uid } neither: worker { uid } }`,
      { id: one.permitNo, no: one.permitNo, other: two.permitNo },
    );
    const found = { uid: one.permitNo };
    expect(data).toEqual({ byId: found, byNo: found, both: found, torn: null, unknown: null, neither: null });
  });
});

describe("employers, complaints, inspections and signals", () => {
  it("show what the register's rows say", async () => {
    const { employers, inspections, riskSignals } = lmra.world.lmra;
    const rows = [...employers];
    const found = await lmra.entities(
      "Employer",
      rows.map(({ employerNo }) => employerNo),
      `uid crNumber kind name area workerCount inspections(last: 100) { uid }
       riskSignals { uid rule score facts { name count period { from until } } raisedAt sector area
                     intervention { kind openedOn result } employer { uid } }`,
    );
    const visits = group(inspections, (row) => row.employerNo);
    const signals = group(riskSignals, (row) => row.employerNo);
    expect(found).toEqual(
      rows.map(({ employerNo: uid, ...row }) => ({
        uid,
        ...row,
        inspections: (visits.get(uid) ?? [])
          .toSorted((a, b) => (a.on + a.number < b.on + b.number ? -1 : 1))
          .map(({ number }) => ({ uid: number })),
        riskSignals: (signals.get(uid) ?? []).map(({ number, employerNo, ...signal }) => ({
          uid: number,
          ...signal,
          employer: { uid: employerNo },
        })),
      })),
    );
    expect(signals.size).toBeGreaterThan(0);
  });

  it("are entities by their own numbers; unknown ones are null", async () => {
    const inspections = [...lmra.world.lmra.inspections];
    const found = await lmra.entities("Inspection", numbers(inspections), "uid on findings result");
    expect(found).toEqual(
      inspections.map(({ number, on, findings, result }) => ({ uid: number, on, findings, result })),
    );
    const complaints = numbers(lmra.world.lmra.complaints);
    expect(await lmra.entities("LabourComplaint", [...complaints, "CMP-0"], "uid")).toEqual([
      ...complaints.map((uid) => ({ uid })),
      null,
    ]);
    const signals = numbers(lmra.world.lmra.riskSignals);
    expect(ids((await lmra.entities("RiskSignal", signals, "uid")) as { uid: string }[])).toEqual(signals);
    expect(await lmra.entities("Person", ["000000000"], "uid mobilePhone")).toEqual([null]);
  });
});

describe("what is in the schema only", () => {
  it("answers NOT_IMPLEMENTED", async () => {
    const { errors } = await lmra.reply(
      "{ riskSignals(filter: { scoreAtLeast: 0.5 }) { pageInfo { hasNextPage } } }",
    );
    expect(errors).toMatchObject([{ path: ["riskSignals"], code: "NOT_IMPLEMENTED" }]);
  });
});

const numbers = (rows: Iterable<{ readonly number: string }>) => [...rows].map(({ number }) => number);

function without<Row extends object>(row: Row | undefined, key: keyof Row): object | null {
  if (!row) return null;
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== key));
}
