/** `@defer`: what can wait is asked for after the initial answer, delivered where it belongs, and fails by itself. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import { byKey, type Federation, type Representation, startFederation } from "../support/federation.ts";
import { bodiesOf, merged, type Payload, payloadsOf, requestOf } from "../support/pieces.ts";

const boom = () => {
  throw new Error("canary-19c4");
};
const WORKERS = [
  { id: "w1", name: "Anu" },
  { id: "w2", name: "Bina" },
];
const CASES = [
  {
    id: "c1",
    title: "one",
    lead: WORKERS[0],
    workers: WORKERS,
    top: { __typename: "Worker", ...WORKERS[0] },
  },
  { id: "c2", title: "two", lead: WORKERS[1], workers: [], top: { __typename: "Note", text: "n" } },
];
const BEDS = [
  { id: "w1", bed: "b1", must: "m1", room: { number: 1, floor: 2 } },
  { id: "w2", bed: "b2", must: boom, room: { number: 3, floor: 4 } },
];
const HEALTH = WORKERS.map(({ id }) => ({ id, blood: `${id}+`, visits: ["v"] }));

const PARTS = {
  ledger: {
    sdl: `
      type Query { cases: [Case!]! none: [Case!]! fine: String case: Case }
      type Mutation { open: Case fine: String }
      type Case @key(fields: "id") { id: ID! title: String lead: Worker workers: [Worker!]! top: Top }
      union Top = Worker | Note
      type Note { text: String }
      type Worker @key(fields: "id") { id: ID! name: String }`,
    query: { cases: CASES, none: [], fine: "fine", case: CASES[0] },
    mutation: { open: CASES[0], fine: "fine" },
    entities: { Worker: byKey(WORKERS, "id") },
  },
  shelter: {
    sdl: `
      type Query { slow: String }
      type Worker @key(fields: "id") { id: ID! bed: String must: String! room: Room }
      type Room { number: Int floor: Int }`,
    query: { slow: "slow" },
    entities: { Worker: byKey(BEDS, "id") },
  },
  clinic: {
    sdl: `
      type Worker @key(fields: "id") { id: ID! bed: String @external blood: String visits: [String!] tag: String @requires(fields: "bed") }`,
    entities: {
      Worker: ({ id, bed }: Representation) => {
        const found = HEALTH.find((one) => one.id === id);
        return found ? { ...found, tag: `tag ${bed}` } : null;
      },
    },
  },
};

let federation: Federation;
beforeAll(async () => {
  federation = await startFederation(PARTS);
});
afterAll(() => federation?.close());
afterEach(() => {
  federation.intercept("shelter", null);
  federation.intercept("clinic", null);
});

const ask = (query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<readonly Payload[]> =>
  payloadsOf(federation.gateway.gateway, { query, variables });

describe("a deferred fragment", () => {
  it("is announced where it stands, and delivered there", async () => {
    expect(await ask('{ cases { title lead { name ...@defer(label: "bed") { bed } } } }')).toEqual([
      {
        data: {
          cases: [
            { title: "one", lead: { name: "Anu" } },
            { title: "two", lead: { name: "Bina" } },
          ],
        },
        pending: [
          { id: "0", path: ["cases", 0, "lead"], label: "bed" },
          { id: "1", path: ["cases", 1, "lead"], label: "bed" },
        ],
        hasNext: true,
      },
      {
        incremental: [
          { id: "0", data: { bed: "b1" } },
          { id: "1", data: { bed: "b2" } },
        ],
        completed: [{ id: "0" }, { id: "1" }],
        hasNext: false,
      },
    ]);
  });

  it("stands at the root, at rows of a list, in a named fragment, on a type of its own", async () => {
    expect(await ask("{ fine ...@defer { slow } }")).toMatchObject([
      { data: { fine: "fine" }, pending: [{ path: [] }] },
      { incremental: [{ data: { slow: "slow" } }] },
    ]);
    expect(
      await ask("{ cases { workers { ...F @defer } } } fragment F on Worker { name bed }"),
    ).toMatchObject([
      {
        data: { cases: [{ workers: [{}, {}] }, { workers: [] }] },
        pending: [{ path: ["cases", 0, "workers", 0] }, { path: ["cases", 0, "workers", 1] }],
      },
      { incremental: [{ data: { name: "Anu", bed: "b1" } }, { data: { name: "Bina", bed: "b2" } }] },
    ]);
    const [first, second] = await ask(
      "{ cases { top { __typename ...on Worker @defer { bed } ...on Note { text } } } }",
    );
    expect(first?.pending).toEqual([{ id: "0", path: ["cases", 0, "top"] }]);
    expect(second?.incremental).toEqual([{ id: "0", data: { bed: "b1" } }]);
  });

  it("brings only what is not there already, by `subPath` below an object that is", async () => {
    const [first, second] = await ask(
      '{ cases { lead { name } ...@defer(label: "L") { title lead { name room { floor } } } } }',
    );
    expect(first).toMatchObject({
      data: { cases: [{ lead: { name: "Anu" } }, { lead: { name: "Bina" } }] },
      pending: [
        { id: "0", path: ["cases", 0] },
        { id: "1", path: ["cases", 1] },
      ],
    });
    expect(second?.incremental).toContainEqual({ id: "0", data: { title: "one" } });
    expect(second?.incremental).toContainEqual({
      id: "1",
      subPath: ["lead"],
      data: { room: { floor: 4 } },
    });
  });

  it("shares what another one brings: it comes once", async () => {
    const payloads = await ask(
      `{ case { ...@defer(label: "A") { lead { room { number floor } } } ...@defer(label: "B") { lead { room { number } blood } } } }`,
    );
    const { data, failed } = merged(payloads);
    expect(failed).toBe(0);
    expect(data).toEqual({ case: { lead: { room: { number: 1, floor: 2 }, blood: "w1+" } } });
    expect(payloads[0]?.pending).toHaveLength(2);
  });

  it("follows its `if`, by literal and by variable; left out, it is on", async () => {
    const text = "query($d: Boolean) { fine ...@defer(if: $d) { slow } }";
    for (const [variables, pieces] of [
      [{ d: true }, 2],
      [{ d: false }, 1],
      [{}, 2],
      [{ d: true }, 2],
    ] as const)
      expect(await ask(text, variables)).toHaveLength(pieces);
    expect(await ask("{ fine ...@defer(if: false) { slow } }")).toEqual([
      { data: { fine: "fine", slow: "slow" } },
    ]);
    expect(await ask("{ fine ...@defer @skip(if: true) { slow } }")).toEqual([{ data: { fine: "fine" } }]);
  });

  it("is as if it were not deferred where nothing is gained, or no row is there", async () => {
    expect(await ask("{ fine ...@defer { cases { title } } }")).toEqual([
      { data: { fine: "fine", cases: [{ title: "one" }, { title: "two" }] } },
    ]);
    expect(await ask("{ none { ...@defer { lead { bed } } } }")).toEqual([{ data: { none: [] } }]);
    expect(await ask("{ fine ...@defer { __schema { queryType { name } } } }")).toEqual([
      { data: { fine: "fine", __schema: { queryType: { name: "Query" } } } },
    ]);
  });

  it("is ignored for who can take one piece only, and neither plan is taken for the other", async () => {
    const query = "{ fine ...@defer { slow } }";
    const whole = { data: { fine: "fine", slow: "slow" } };
    for (const [incremental, pieces] of [
      [true, 2],
      [false, 1],
      [true, 2],
      [false, 1],
    ] as const) {
      const carries = { events: false, incremental };
      const payloads = await payloadsOf(federation.gateway.gateway, { query, carries });
      expect(payloads).toHaveLength(pieces);
      if (!incremental) expect(payloads).toEqual([whole]);
    }
  });

  it("is below the root fields of a mutation, which all run before", async () => {
    const query = "mutation { open { title ...@defer { lead { bed } } } fine }";
    expect(await ask(query)).toMatchObject([
      { data: { open: { title: "one" }, fine: "fine" }, pending: [{ path: ["open"] }] },
      { incremental: [{ data: { lead: { bed: "b1" } } }] },
    ]);
  });

  it.each([
    ["around a root field of a mutation", "mutation { ...@defer { fine } }"],
    ["in a fragment around one", "mutation { ...F } fragment F on Mutation { ...@defer { fine } }"],
    ["with a label used twice", '{ ...@defer(label: "x") { fine } ...@defer(label: "x") { slow } }'],
    ["with a label that is no literal", "query($l: String) { ...@defer(label: $l) { fine } }"],
    ["on a field", "{ fine @defer }"],
    ["twice on one fragment", "{ ...@defer @defer { fine } }"],
  ])("is refused %s", async (_, query) => {
    await expect(ask(query)).rejects.toMatchObject({ code: "GRAPHQL_VALIDATION_FAILED" });
  });

  it("is bounded in number, fragments written out", async () => {
    const query = `{ ${Array.from({ length: 10 }, (_, i) => `c${i}: cases { ...F }`).join(" ")} }
      fragment F on Case { ...G ...G ...G } fragment G on Case { ...@defer { title } ...@defer { lead { bed } } }`;
    await expect(ask(query)).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      detail: { params: { limit: "deferred fragments" } },
    });
  });
});

describe("late fetches", () => {
  const NESTED = `{ case { title ...@defer(label: "outer") { lead { bed ...@defer(label: "inner") { blood } } } } }`;

  it("begin when the second body is asked for", async () => {
    const asked: string[] = [];
    federation.intercept("shelter", (request, go) => {
      asked.push(request.query);
      return go(request);
    });
    const bodies = bodiesOf(federation.gateway.gateway, {
      query: "{ cases { title ...@defer { lead { bed } } } }",
    });
    const first = await bodies.next();
    expect(JSON.parse(first.value ?? "")).toMatchObject({ hasNext: true });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(asked).toEqual([]);
    expect(JSON.parse((await bodies.next()).value ?? "")).toMatchObject({ hasNext: false });
    expect(asked).toHaveLength(1);
    expect((await bodies.next()).done).toBe(true);
  });

  it("are those of the whole answer, each once", async () => {
    const query = `{ cases { lead { name ...@defer { bed blood } } workers { ...@defer { bed tag } } } }`;
    const { asked } = await federation.ask(query);
    const whole = asked.map((one) => JSON.stringify(one)).sort();
    const heard: string[] = [];
    for (const name of ["ledger", "shelter", "clinic"])
      federation.intercept(name, (request, go) => {
        const { query: text, variables, kind } = request;
        heard.push(JSON.stringify({ subgraph: name, query: text, variables, kind }));
        return go(request);
      });
    const payloads = await ask(query);
    federation.intercept("ledger", null);
    expect(payloads.length).toBeGreaterThan(1);
    expect(heard.sort()).toEqual(whole);
  });

  it("are delivered as they come: an agency that is slow holds up its own fragment alone", async () => {
    const gate = Promise.withResolvers<void>();
    federation.intercept("shelter", async (request, go) => {
      await gate.promise;
      return go(request);
    });
    const query = '{ case { title lead { ...@defer(label: "s") { bed } ...@defer(label: "c") { blood } } } }';
    const bodies = bodiesOf(federation.gateway.gateway, { query });
    await bodies.next();
    expect(JSON.parse((await bodies.next()).value ?? "")).toEqual({
      incremental: [{ id: "1", data: { blood: "w1+" } }],
      completed: [{ id: "1" }],
      hasNext: true,
    });
    gate.resolve();
    expect(JSON.parse((await bodies.next()).value ?? "")).toEqual({
      incremental: [{ id: "0", data: { bed: "b1" } }],
      completed: [{ id: "0" }],
      hasNext: false,
    });
  });

  it("of a fragment inside another one come after it, and it is announced by then", async () => {
    const gate = Promise.withResolvers<void>();
    federation.intercept("clinic", async (request, go) => {
      await gate.promise;
      return go(request);
    });
    const bodies = bodiesOf(federation.gateway.gateway, { query: NESTED });
    expect(JSON.parse((await bodies.next()).value ?? "")).toEqual({
      data: { case: { title: "one" } },
      pending: [{ id: "0", path: ["case"], label: "outer" }],
      hasNext: true,
    });
    expect(JSON.parse((await bodies.next()).value ?? "")).toEqual({
      pending: [{ id: "1", path: ["case", "lead"], label: "inner" }],
      incremental: [{ id: "0", data: { lead: { bed: "b1" } } }],
      completed: [{ id: "0" }],
      hasNext: true,
    });
    gate.resolve();
    expect(JSON.parse((await bodies.next()).value ?? "")).toEqual({
      incremental: [{ id: "1", data: { blood: "w1+" } }],
      completed: [{ id: "1" }],
      hasNext: false,
    });
  });

  it("never leave out what the initial answer needs: inputs of `@requires` come in time", async () => {
    const payloads = await ask("{ case { lead { tag ...@defer { bed visits } } } }");
    expect(payloads).toEqual([{ data: { case: { lead: { tag: "tag b1", bed: "b1", visits: ["v"] } } } }]);
    expect(merged(await ask("{ case { lead { name ...@defer { tag } } } }")).data).toEqual({
      case: { lead: { name: "Anu", tag: "tag b1" } },
    });
  });

  it("are aborted when the caller hangs up, by signal or by taking no more", async () => {
    for (const way of ["signal", "return"] as const) {
      const reached = Promise.withResolvers<AbortSignal>();
      federation.intercept("shelter", ({ signal }) => {
        reached.resolve(signal);
        return new Promise((_, reject) =>
          signal.addEventListener("abort", () =>
            reject(new GatewayError("AGENCY_UNAVAILABLE", "hung up", { agency: "shelter" as AgencyCode })),
          ),
        );
      });
      const controller = new AbortController();
      const { signal } = controller;
      const query = "{ case { title ...@defer { lead { bed ...@defer { tag } } } } }";
      const answer = await federation.gateway.gateway.answer(requestOf({ query, signal }));
      if (answer.kind !== "incremental") throw new Error(answer.kind);
      await answer.bodies.next();
      const second = answer.bodies.next();
      const heard = await reached.promise;
      let next = 0;
      federation.intercept("clinic", (request, go) => {
        next += 1;
        return go(request);
      });
      if (way === "signal") controller.abort();
      else await answer.bodies.return?.();
      expect((await second).done).toBe(true);
      expect(heard.aborted).toBe(true);
      expect(next).toBe(0);
    }
  });
});

describe("what fails in a fragment", () => {
  it("is told with it where the null stays inside", async () => {
    federation.intercept("shelter", () =>
      Promise.reject(new GatewayError("AGENCY_TIMEOUT", "late", { agency: "shelter" as AgencyCode })),
    );
    expect(await ask("{ case { title ...@defer { lead { name bed } } } }")).toMatchObject([
      { data: { case: { title: "one" } } },
      {
        incremental: [
          {
            data: { lead: { name: "Anu", bed: null } },
            errors: [{ extensions: { code: "AGENCY_TIMEOUT", agency: "shelter" } }],
          },
        ],
        completed: [{ id: "0" }],
      },
    ]);
  });

  it("ends the fragment at whose object the null arrives, and no other", async () => {
    const payloads = await ask("{ cases { lead { name ...@defer { must } } } }");
    expect(payloads[1]).toEqual({
      incremental: [{ id: "0", data: { must: "m1" } }],
      completed: [
        { id: "0" },
        {
          id: "1",
          errors: [
            {
              message: expect.any(String),
              path: ["cases", 1, "lead", "must"],
              extensions: { code: "AGENCY_BAD_REPLY", agency: "shelter" },
            },
          ],
        },
      ],
      hasNext: false,
    });
    expect(payloads[0]).not.toHaveProperty("errors");
    expect(JSON.stringify(payloads)).not.toContain("canary");
  });

  it("takes what stands inside it with it", async () => {
    const payloads = await ask(
      `{ cases { ...@defer(label: "whole") { lead { name } ...@defer(label: "in") { lead { blood } } } lead { ...@defer(label: "must") { must room { floor } ...@defer(label: "deep") { visits } } } } }`,
    );
    const labels = payloads.flatMap(({ pending = [] }) =>
      pending.map(({ label, path }) => `${label} ${path.join(".")}`),
    );
    expect(labels).toContain("deep cases.0.lead");
    expect(labels).not.toContain("deep cases.1.lead");
    const { data, failed } = merged(payloads);
    expect(failed).toBe(1);
    expect(data).toEqual({
      cases: [
        { lead: { must: "m1", room: { floor: 2 }, visits: ["v"], name: "Anu", blood: "w1+" } },
        { lead: { name: "Bina", blood: "w2+" } },
      ],
    });
  });
});
