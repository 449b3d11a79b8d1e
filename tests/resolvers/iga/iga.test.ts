import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { igaSubgraph } from "../../../resolvers/iga/index.ts";
import type { IgaPersonRow } from "../../../sandbox/synth/types.ts";
import { asker, entitiesOf, READER, type RestHarness, restHarness } from "../../support/rest-agencies.ts";

const NAME = "{ given father grandfather family full }";
const EVERYTHING = `uid nameAr ${NAME} nameLatin ${NAME} birthDate ageBand isChild gender citizenships
  maritalStatus deceased cpr address { flat building road block area }`;

let harness: RestHarness;
let rows: readonly IgaPersonRow[];
let ask: ReturnType<typeof asker>;

beforeAll(async () => {
  harness = await restHarness();
  rows = [...harness.world.iga.persons];
  ask = asker(igaSubgraph({ client: harness.client("IGA") }));
});
afterEach(() => {
  harness.agencies.IGA.faults.heal();
  harness.agencies.IGA.journal.clear();
});
afterAll(() => harness.close());

const cprs = (count: number) => rows.slice(0, count).map(({ cpr }) => cpr);
const journal = () => harness.agencies.IGA.journal.entries;

describe("people of the population register", () => {
  it("have every field of the schema, as the register has it", async () => {
    const page = rows.slice(0, 100);
    const reply = await ask("Person", cprs(100), EVERYTHING);
    expect(reply.errors).toEqual([]);
    expect(entitiesOf(reply)).toEqual(page.map((row) => ({ uid: row.cpr, ...row })));
  });

  it("are read in one batched call for a page of 100, in two for 101", async () => {
    await ask("Person", cprs(100), "nameLatin { full }");
    expect(journal().map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /persons:batch"]);
    await ask("Person", cprs(101), "nameLatin { full }");
    expect(journal()).toHaveLength(3);
  });

  it("are null when the register does not know them", async () => {
    const reply = await ask("Person", [cprs(1)[0] as string, "999999999"], "cpr");
    expect(entitiesOf(reply)).toEqual([{ cpr: cprs(1)[0] }, null]);
    expect(reply.errors).toEqual([]);
  });

  it("are not sent twice to the same reader, and always sent to another", async () => {
    const [cpr = ""] = cprs(1);
    const other = { ...READER, staff: "epc-nurse-1" };
    for (const reader of [READER, READER, other]) {
      const reply = await ask("Person", [cpr], "cpr", reader);
      expect(entitiesOf(reply)).toEqual([{ cpr }]);
    }
    expect(journal().map(({ status }) => status)).toEqual([200, 304, 200]);
  });
});

describe("a register in trouble", () => {
  it.each([
    ["down", "AGENCY_UNAVAILABLE"],
    ["garbage", "AGENCY_BAD_REPLY"],
  ] as const)("that is %s leaves people null with %s", async (fault, code) => {
    harness.agencies.IGA.faults[fault]();
    for (const count of [1, 3]) {
      const reply = await ask("Person", cprs(count), "cpr");
      expect(entitiesOf(reply)).toEqual(cprs(count).map(() => null));
      expect(reply.errors.map((error) => error.code)).toEqual(cprs(count).map(() => code));
    }
  });

  it.each(["order", "records"] as const)("that lies about %s is believed in nothing", async (lie) => {
    harness.agencies.IGA.faults.lying(lie);
    const reply = await ask("Person", cprs(3), "cpr nameLatin { full }");
    expect(entitiesOf(reply)).toEqual([null, null, null]);
    expect(new Set(reply.errors.map(({ code }) => code))).toEqual(new Set(["AGENCY_BAD_REPLY"]));
  });

  it("that gives somebody else's record for one person is not believed", async () => {
    harness.agencies.IGA.faults.lying("records");
    const reply = await ask("Person", [rows[5]?.cpr ?? ""], "cpr nameLatin { full }");
    expect(entitiesOf(reply)).toEqual([null]);
    expect(reply.errors.map(({ code }) => code)).toEqual(["AGENCY_BAD_REPLY"]);
  });

  it("that keeps one record back leaves that one null", async () => {
    const [kept = "", given = ""] = cprs(2);
    harness.agencies.IGA.faults.refuse(kept);
    const reply = await ask("Person", [kept, given], "cpr");
    expect(entitiesOf(reply)).toEqual([null, { cpr: given }]);
    expect(reply.errors).toMatchObject([{ code: "AGENCY_UNAVAILABLE", path: ["_entities", 0] }]);
  });

  it("answers 429 beyond its rate, which is AGENCY_UNAVAILABLE", async () => {
    const slow = await restHarness({ igaPerSecond: 1 });
    try {
      const askSlow = asker(igaSubgraph({ client: slow.client("IGA") }));
      await askSlow("Person", cprs(1), "cpr");
      const reply = await askSlow("Person", cprs(1), "cpr");
      expect(reply.errors.map(({ code }) => code)).toEqual(["AGENCY_UNAVAILABLE"]);
    } finally {
      await slow.close();
    }
  });
});
