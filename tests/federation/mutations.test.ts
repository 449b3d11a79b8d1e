/** Mutations run one after the other, each with everything below it, and never twice. */
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type Federation, type Representation, startFederation } from "../support/federation.ts";

/** A counter that two subgraphs change; a third tells what it was when it was asked. */
function counters() {
  const state = { value: 0, log: [] as string[] };
  const change = async (name: string, next: number, waitMs: number) => {
    await delay(waitMs);
    state.value = next;
    state.log.push(name);
    return { id: `at ${next}`, value: next };
  };
  const parts = {
    adds: {
      sdl: `
        type Query { counter: Counter }
        type Mutation { add(n: Int!, waitMs: Int = 0): Counter fail: Counter }
        type Counter @key(fields: "id") { id: ID! value: Int }`,
      query: { counter: () => ({ id: `at ${state.value}`, value: state.value }) },
      mutation: {
        add: ({ n, waitMs }: { readonly n: number; readonly waitMs: number }) =>
          change(`add ${n}`, state.value + n, waitMs),
        fail: () => {
          state.log.push("fail");
          throw new Error("no");
        },
      },
      entities: { Counter: ({ id }: Representation) => ({ id, value: -1 }) },
    },
    multiplies: {
      sdl: `
        type Mutation { multiply(by: Int!): Counter must: Int! }
        type Counter @key(fields: "id") { id: ID! value: Int @external double: Int @requires(fields: "value") }`,
      mutation: {
        multiply: ({ by }: { readonly by: number }) => change(`multiply ${by}`, state.value * by, 0),
        must: () => null,
      },
      entities: {
        Counter: ({ id, value }: Representation) => ({
          id,
          value,
          double: Number(value) * 2,
        }),
      },
    },
    witness: {
      sdl: `
        type Counter @key(fields: "id") { id: ID! seen: Int }`,
      entities: {
        Counter: async ({ id }: Representation) => {
          await delay(5);
          state.log.push("look");
          return { id, seen: state.value };
        },
      },
    },
  };
  return { state, parts };
}

describe("mutations", () => {
  let federation: Federation;
  const start = async () => {
    const { state, parts } = counters();
    federation = await startFederation(parts);
    return state;
  };
  afterEach(() => federation.close());

  it("run in the order requested, whatever subgraph they belong to and however long they take", async () => {
    const state = await start();
    const { data, errors } = await federation.ask(
      "mutation { five: add(n: 5, waitMs: 30) { value } ten: multiply(by: 2) { id } twelve: add(n: 2) { value } }",
    );
    expect({ data, errors }).toEqual({
      data: { five: { value: 5 }, ten: { id: "at 10" }, twelve: { value: 12 } },
      errors: [],
    });
    expect(state.log).toEqual(["add 5", "multiply 2", "add 2"]);
  });

  it("finish what is below one before the next begins", async () => {
    const state = await start();
    const { data } = await federation.ask(
      "mutation { one: add(n: 1) { seen double } six: multiply(by: 6) { seen } seven: add(n: 1) { seen } }",
    );
    expect(data).toEqual({ one: { seen: 1, double: 2 }, six: { seen: 6 }, seven: { seen: 7 } });
    expect(state.log).toEqual(["add 1", "look", "multiply 6", "look", "add 1", "look"]);
  });

  it("happen as often as they are asked for, equal ones too", async () => {
    const state = await start();
    const { data, asked } = await federation.ask(
      "mutation { a: add(n: 1) { value } b: add(n: 1) { value } }",
    );
    expect(data).toEqual({ a: { value: 1 }, b: { value: 2 } });
    expect(state.log).toEqual(["add 1", "add 1"]);
    expect(asked.every(({ kind }) => kind === "mutation")).toBe(true);
  });

  it("happen once when a field is requested twice", async () => {
    const state = await start();
    const { data } = await federation.ask("mutation { add(n: 1) { value } ... { add(n: 1) { id } } }");
    expect(data).toEqual({ add: { value: 1, id: "at 1" } });
    expect(state.log).toEqual(["add 1"]);
  });

  it("leave reading to queries", async () => {
    await start();
    const { asked } = await federation.ask("mutation { add(n: 1) { seen } }");
    expect(asked.map(({ subgraph, kind }) => `${subgraph} ${kind}`)).toEqual([
      "adds mutation",
      "witness query",
    ]);
  });

  it("go on after one that failed", async () => {
    const state = await start();
    const { data, errors } = await federation.ask("mutation { fail { value } add(n: 3) { value } }");
    expect({ data, errors }).toEqual({
      data: { fail: null, add: { value: 3 } },
      errors: ["AGENCY_BAD_REPLY adds fail"],
    });
    expect(state.log).toEqual(["fail", "add 3"]);
  });

  it("answer nothing at all when one breaks its promise", async () => {
    await start();
    const { data, errors } = await federation.ask("mutation { add(n: 3) { value } must }");
    expect({ data, errors }).toEqual({ data: null, errors: ["AGENCY_BAD_REPLY multiplies must"] });
  });

  it("take arguments by variable, by default and by literal", async () => {
    const state = await start();
    const query = "mutation M($n: Int! = 4, $by: Int!) { add(n: $n) { value } multiply(by: $by) { id } }";
    const { data } = await federation.ask({ query, operationName: "M", variables: { by: 3 } });
    expect(data).toEqual({ add: { value: 4 }, multiply: { id: "at 12" } });
    expect(state.log).toEqual(["add 4", "multiply 3"]);
  });

  it("read `__typename` without doing anything", async () => {
    const state = await start();
    const { data, asked } = await federation.ask("mutation { __typename add(n: 1) @skip(if: true) { id } }");
    expect({ data, asked }).toEqual({ data: { __typename: "Mutation" }, asked: [] });
    expect(state.log).toEqual([]);
  });
});
