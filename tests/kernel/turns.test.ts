/** One at a time, in order, as many waiting as the bound says; who hangs up leaves. */
import { describe, expect, it } from "vitest";
import { Turns } from "../../src/kernel/turns.ts";

const never = () => new AbortController().signal;

function work(order: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    end: resolve,
    do: async () => {
      order.push(`${name} begins`);
      await promise;
      order.push(`${name} ends`);
      return name;
    },
  };
}

describe("turns", () => {
  it("are taken one at a time, in the order in which they were asked for, whatever becomes of them", async () => {
    const turns = new Turns(5);
    const order: string[] = [];
    const [a, b, c] = ["a", "b", "c"].map((name) => work(order, name));
    const failing = turns.take(never(), async () => {
      await a!.do();
      throw new Error("a failed");
    });
    const rest = [turns.take(never(), b!.do), turns.take(never(), c!.do)];
    c!.end();
    b!.end();
    expect(order).toEqual(["a begins"]);
    a!.end();
    await expect(failing).rejects.toThrow("a failed");
    expect(await Promise.all(rest)).toEqual(["b", "c"]);
    expect(order).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
    expect(await turns.take(never(), async () => "again")).toBe("again");
  });

  it("are refused when as many wait as may, and given again once one has left", async () => {
    const turns = new Turns(1);
    const order: string[] = [];
    const [first, last] = [work(order, "first"), work(order, "last")];
    const taken = turns.take(never(), first.do);
    const leaving = new AbortController();
    const left = turns.take(leaving.signal, async () => order.push("never"));
    await expect(turns.take(never(), async () => order.push("never"))).rejects.toMatchObject({
      code: "OVERLOADED",
    });
    leaving.abort(new Error("hung up"));
    await expect(left).rejects.toThrow("hung up");
    const waiting = turns.take(never(), last.do);
    last.end();
    first.end();
    expect([await taken, await waiting]).toEqual(["first", "last"]);
    await expect(turns.take(leaving.signal, async () => order.push("never"))).rejects.toThrow("hung up");
    expect(order).not.toContain("never");
  });
});
