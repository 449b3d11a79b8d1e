import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { npraSubgraph } from "../../../resolvers/npra/index.ts";
import type { NpraPersonRow } from "../../../sandbox/synth/types.ts";
import { asker, entitiesOf, type RestHarness, restHarness } from "../../support/rest-agencies.ts";

const EVERYTHING = `uid passports { uid country number expiresOn } residence { number kind validUntil status }
  arrivals(last: 100) { at direction port } protectionHold`;

let harness: RestHarness;
let rows: readonly NpraPersonRow[];
let ask: ReturnType<typeof asker>;

beforeAll(async () => {
  harness = await restHarness();
  rows = [...harness.world.npra.persons];
  ask = asker(npraSubgraph({ client: harness.client("NPRA") }));
});
afterEach(() => {
  harness.agencies.NPRA.faults.heal();
  harness.agencies.NPRA.journal.clear();
});
afterAll(() => harness.close());

const journal = () => harness.agencies.NPRA.journal.entries;
const paths = () => journal().map(({ method, path }) => `${method} ${path}`);
const passportOf = ({ key, ...passport }: NpraPersonRow["passports"][number]) => ({ uid: key, ...passport });

describe("people of the residence authority", () => {
  it("have every field of the schema, passports newest first, movements oldest first", async () => {
    const page = rows.slice(0, 100);
    const reply = await ask(
      "Person",
      page.map(({ key }) => key),
      EVERYTHING,
    );
    expect(reply.errors).toEqual([]);
    expect(entitiesOf(reply)).toEqual(
      page.map(({ key, residence, protectionHold, passports, movements }) => ({
        uid: key,
        passports: passports.map(passportOf).toReversed(),
        residence,
        arrivals: movements,
        protectionHold,
      })),
    );
    expect(rows.some(({ passports }) => passports.length > 1)).toBe(true);
  });

  it("cost one call for each kind of record, and nothing when no field is asked for", async () => {
    const keys = rows.slice(0, 100).map(({ key }) => key);
    await ask("Person", keys, EVERYTHING);
    expect(paths().toSorted()).toEqual([
      "POST /movements:search",
      "POST /passports:search",
      "POST /residences:batch",
    ]);
    harness.agencies.NPRA.journal.clear();
    await ask("Person", keys, "uid");
    expect(paths()).toEqual([]);
  });

  it("narrow movements by period and number, each way of asking by itself", async () => {
    const traveller = rows.find(({ movements }) => movements.length === 3);
    const [first, , third] = traveller?.movements ?? [];
    const day = third?.at.slice(0, 10);
    const reply = await ask(
      "Person",
      [traveller?.key ?? ""],
      `latest: arrivals(last: 1) { at }
       since: arrivals(period: { from: "${day}" }) { at }
       before: arrivals(period: { until: "${first?.at.slice(0, 10)}" }) { at }`,
    );
    expect(entitiesOf(reply)).toEqual([
      { latest: [{ at: third?.at }], since: [{ at: third?.at }], before: [{ at: first?.at }] },
    ]);
  });
});

describe("movements in a number that nobody may ask for", () => {
  it.each([
    [101, "LIMIT_EXCEEDED"],
    [-1, "BAD_USER_INPUT"],
  ])("%d is refused with %s, before anything is asked", async (last, code) => {
    const reply = await ask("Person", [rows[0]?.key ?? ""], `arrivals(last: ${last}) { at }`);
    expect(reply.errors.map((error) => error.code)).toEqual([code]);
    expect(paths()).toEqual([]);
  });

  it("none are an empty list, without a call", async () => {
    const reply = await ask("Person", [rows[0]?.key ?? ""], "arrivals(last: 0) { at }");
    expect(entitiesOf(reply)).toEqual([{ arrivals: [] }]);
    expect(paths()).toEqual([]);
  });
});

describe("documents and departures", () => {
  it("answer by their own keys, and null for one that is not there", async () => {
    const [passport] = rows[3]?.passports ?? [];
    if (!passport) throw new Error("everybody has a passport");
    const reply = await ask("Passport", [passport.key, "IND-0"], "uid country number expiresOn");
    expect(entitiesOf(reply)).toEqual([passportOf(passport), null]);
  });

  it("have travel paper and day of departure as the authority has them", async () => {
    const returns = [...harness.world.npra.returns];
    expect(returns.length).toBeGreaterThan(1);
    const reply = await ask(
      "ReturnPlan",
      returns.map(({ key }) => key),
      "uid travelDocument departedOn",
    );
    expect(entitiesOf(reply)).toEqual(returns.map(({ key, ...row }) => ({ uid: key, ...row })));
  });
});

describe("an authority in trouble", () => {
  const three = () => rows.slice(0, 3).map(({ key }) => key);

  it("that is down nulls its fields, not the people", async () => {
    harness.agencies.NPRA.faults.down();
    const reply = await ask("Person", three(), "uid protectionHold passports { uid }");
    expect(entitiesOf(reply)).toEqual(three().map((uid) => ({ uid, protectionHold: null, passports: null })));
    expect(new Set(reply.errors.map(({ code }) => code))).toEqual(new Set(["AGENCY_UNAVAILABLE"]));
  });

  it("that lists somebody else's papers is believed in nothing", async () => {
    harness.agencies.NPRA.faults.lying("records");
    const keys = rows.slice(1, 4).map(({ key }) => key);
    const reply = await ask("Person", keys, "protectionHold passports { number } arrivals { at }");
    expect(entitiesOf(reply)).toEqual(
      keys.map(() => ({ protectionHold: null, passports: null, arrivals: null })),
    );
    expect(new Set(reply.errors.map(({ code }) => code))).toEqual(new Set(["AGENCY_BAD_REPLY"]));
  });

  it("that takes too long is AGENCY_TIMEOUT", async () => {
    harness.agencies.NPRA.faults.slow(500);
    const impatient = asker(npraSubgraph({ client: harness.client("NPRA", { timeoutMs: 50 }) }));
    const reply = await impatient("Person", three().slice(0, 1), "uid protectionHold");
    expect(entitiesOf(reply)).toEqual([{ uid: three()[0], protectionHold: null }]);
    expect(reply.errors.map(({ code }) => code)).toEqual(["AGENCY_TIMEOUT"]);
  });
});
