/** What a deferred fragment brings, where and when, and when it is none. */
import { describe, expect, it } from "vitest";
import { merged, payloadsOf } from "../support/pieces.ts";
import { ask, federation, withFederation } from "./deferring.ts";

withFederation();

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
