/** Agencies that fail in part or as a whole: what arrived stays, what is missing is named at its place, in our words only. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import { byKey, type Federation, startFederation } from "../support/federation.ts";

const CANARY = "canary-19c4";
const boom = () => {
  throw new Error(CANARY);
};
const WORKERS = [
  { id: "w1", name: "Anu" },
  { id: "w2", name: "Bina" },
  { id: "w3", name: "Chandra" },
];
const CASES = [
  { id: "c1", lead: WORKERS[0], workers: [WORKERS[1], WORKERS[0]] },
  { id: "c2", lead: WORKERS[1], workers: [WORKERS[2]] },
];
/** Of w2 the shelter knows less than it promised. */
const GUESTS = WORKERS.map(({ id }) => ({
  id,
  bed: id === "w2" ? boom : `bed ${id}`,
  room: id === "w2" ? boom : `room ${id}`,
  notes: id === "w2" ? ["n", new Error(CANARY), "n"] : ["n"],
  must: id === "w2" ? ["m", null] : ["m"],
}));

const PARTS = {
  ledger: {
    sdl: `
      type Query { cases: [Case] firm: [Case!]! leads: [Worker!] broken: String fine: String }
      type Case @key(fields: "id") { id: ID! lead: Worker! workers: [Worker!] }
      type Worker @key(fields: "id") { id: ID! name: String }`,
    query: { cases: CASES, firm: CASES, leads: [WORKERS[0], WORKERS[1]], broken: boom, fine: "fine" },
    entities: { Case: byKey(CASES, "id"), Worker: byKey(WORKERS, "id") },
  },
  shelter: {
    sdl: `
      type Query { shelters: [String!] }
      type Worker @key(fields: "id") { id: ID! bed: String room: String! notes: [String] must: [String!] }`,
    query: { shelters: ["Manama"] },
    entities: { Worker: byKey(GUESTS, "id") },
  },
};

describe("faults of an agency", () => {
  let federation: Federation;
  beforeAll(async () => {
    federation = await startFederation(PARTS);
  });
  afterAll(() => federation.close());

  const rows: readonly (readonly [string, string, unknown, readonly string[]])[] = [
    [
      "a field of one row",
      "{ leads { name bed } }",
      {
        leads: [
          { name: "Anu", bed: "bed w1" },
          { name: "Bina", bed: null },
        ],
      },
      ["leads.1.bed"],
    ],
    [
      "the same row wherever it is shown, under the names that were asked for",
      "{ all: cases { first: lead { b: bed } workers { c: bed } } }",
      {
        all: [
          { first: { b: "bed w1" }, workers: [{ c: null }, { c: "bed w1" }] },
          { first: { b: null }, workers: [{ c: "bed w3" }] },
        ],
      },
      ["all.0.workers.0.c", "all.1.first.b"],
    ],
    [
      "an item of a list",
      "{ leads { notes } }",
      { leads: [{ notes: ["n"] }, { notes: ["n", null, "n"] }] },
      ["leads.1.notes.1"],
    ],
    [
      "a broken promise within a list",
      "{ leads { must } }",
      { leads: [{ must: ["m"] }, { must: null }] },
      ["leads.1.must"],
    ],
    [
      "a broken promise, up to the nearest place that may be empty",
      "{ cases { id lead { room } } }",
      { cases: [{ id: "c1", lead: { room: "room w1" } }, null] },
      ["cases.1.lead.room"],
    ],
    [
      "a broken promise of an item, up to its list",
      "{ cases { id workers { room } } }",
      {
        cases: [
          { id: "c1", workers: null },
          { id: "c2", workers: [{ room: "room w3" }] },
        ],
      },
      ["cases.0.workers.0.room"],
    ],
    ["a broken promise, up to nothing at all", "{ firm { lead { room } } fine }", null, ["firm.1.lead.room"]],
    ["a root field beside others", "{ broken fine }", { broken: null, fine: "fine" }, ["broken"]],
  ];

  it.each(rows)("are shown at their place: %s", async (_, query, data, paths) => {
    const outcome = await federation.ask(query);
    expect(outcome.data).toEqual(data);
    const agency = /room|bed|notes|must/.test(query) ? "shelter" : "ledger";
    expect([...outcome.errors].sort()).toEqual(paths.map((path) => `AGENCY_BAD_REPLY ${agency} ${path}`));
    expect(outcome.text).not.toContain(CANARY);
  });
});

describe("an agency that is not there", () => {
  let federation: Federation;
  beforeAll(async () => {
    federation = await startFederation(PARTS);
  });
  afterAll(() => federation.close());
  afterEach(() => federation.intercept("shelter", null));

  it.each(["AGENCY_TIMEOUT", "AGENCY_UNAVAILABLE", "AGENCY_BAD_REPLY"] as const)(
    "leaves what the others said, and is named with its code: %s",
    async (code) => {
      federation.intercept("shelter", () =>
        Promise.reject(new GatewayError(code, CANARY, { agency: "shelter" as AgencyCode })),
      );
      const { data, errors, text, calls } = await federation.ask("{ leads { name bed } shelters fine }");
      expect(data).toEqual({
        leads: [
          { name: "Anu", bed: null },
          { name: "Bina", bed: null },
        ],
        shelters: null,
        fine: "fine",
      });
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors) expect(error).toMatch(new RegExp(`^${code} shelter( leads| shelters|$)`));
      expect(text).not.toContain(CANARY);
      // Nobody asks again within one request.
      expect(calls).toHaveLength(3);
    },
  );

  it("nulls no more than what it owes", async () => {
    federation.intercept("shelter", () =>
      Promise.reject(new GatewayError("AGENCY_UNAVAILABLE", CANARY, { agency: "shelter" as AgencyCode })),
    );
    const { data, errors } = await federation.ask("{ cases { id lead { name room } } leads { name } }");
    expect(data).toEqual({ cases: [null, null], leads: [{ name: "Anu" }, { name: "Bina" }] });
    expect(errors.length).toBeGreaterThan(0);
  });

  it("answers without data and with errors that have no place", async () => {
    federation.intercept("shelter", async () => ({ data: null, errors: [{ message: CANARY }] }));
    const { data, errors, text } = await federation.ask("{ leads { name bed } }");
    expect(data).toEqual({
      leads: [
        { name: "Anu", bed: null },
        { name: "Bina", bed: null },
      ],
    });
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error).toMatch(/^AGENCY_BAD_REPLY shelter/);
    expect(text).not.toContain(CANARY);
  });

  it("answers nothing and says nothing: a promise is broken all the same, and told", async () => {
    federation.intercept("shelter", async ({ variables }) => {
      const count = Object.values(variables).flat().length;
      return { data: { _entities: Array(count).fill(null), e0: Array(count).fill(null) }, errors: [] };
    });
    const { data, errors } = await federation.ask("{ leads { name room } }");
    expect({ data, count: errors.length }).toEqual({ data: { leads: null }, count: 1 });
  });
});

describe("a request that is given up", () => {
  it("stops what is under way and asks nobody else", async () => {
    const federation = await startFederation(PARTS);
    const controller = new AbortController();
    const aborted = Promise.withResolvers<boolean>();
    federation.intercept("ledger", async (request, go) => {
      const reply = await go(request);
      const waiting = new Promise((resolve) => request.signal.addEventListener("abort", resolve));
      controller.abort();
      await waiting;
      aborted.resolve(request.signal.aborted);
      return reply;
    });
    let shelterAsked = 0;
    federation.intercept("shelter", async (request, go) => {
      if (!request.signal.aborted) shelterAsked++;
      return go(request);
    });
    await federation.ask({ query: "{ leads { bed } }", signal: controller.signal }).catch(() => undefined);
    expect(await aborted.promise).toBe(true);
    expect(shelterAsked).toBe(0);
    await federation.close();
  });
});
