import { describe, expect, it } from "vitest";
import { copy, merge } from "../../src/execute/merge.ts";

const types = { isAbstract: (name: string) => name === "Item" };

describe("merge", () => {
  it("joins objects and lists by position and lets a value replace null, never null a value", () => {
    const into = { a: { x: 1, y: null }, l: [{ p: 1 }, null], keep: 1 };
    merge(into, { a: { y: 2 }, l: [{ q: 2 }, { p: 3 }], keep: null, fresh: [] }, types);
    expect(into).toEqual({ a: { x: 1, y: 2 }, l: [{ p: 1, q: 2 }, { p: 3 }], keep: 1, fresh: [] });
  });

  it("drops `__proto__` wherever it comes from (A7)", () => {
    const reply = JSON.parse('{"__proto__":{"polluted":1},"a":{"constructor":{"prototype":{"polluted":1}}}}');
    const into: Record<string, unknown> = {};
    merge(into, reply, types);
    merge(into, copy(reply), types);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.getPrototypeOf(into)).toBe(Object.prototype);
  });
});
