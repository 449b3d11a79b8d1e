import { describe, expect, it } from "vitest";
import { SharedWork } from "../../src/kernel/shared-work.ts";

function workshop() {
  const shared = new SharedWork<string>();
  const started: { readonly signal: AbortSignal; readonly done: PromiseWithResolvers<string> }[] = [];
  const ask = (key: string, signal = new AbortController().signal) =>
    shared.share(key, signal, (inner) => {
      const done = Promise.withResolvers<string>();
      started.push({ signal: inner, done });
      return done.promise;
    });
  return { ask, started };
}

describe("work under way", () => {
  it("is done once for all who ask for the same, and separately for others", async () => {
    const { ask, started } = workshop();
    const waiting = [ask("a"), ask("a"), ask("b")];
    expect(started).toHaveLength(2);
    started[0]?.done.resolve("of a");
    started[1]?.done.resolve("of b");
    expect(await Promise.all(waiting)).toEqual(["of a", "of a", "of b"]);
  });

  it("is not kept: who asks later starts anew, after a failure too", async () => {
    const { ask, started } = workshop();
    const first = ask("a");
    started[0]?.done.reject(new Error("failed"));
    await expect(first).rejects.toThrow("failed");
    const second = ask("a");
    started[1]?.done.resolve("again");
    expect(await second).toBe("again");
  });

  it("goes on while anybody waits, and is aborted when nobody does", () => {
    const { ask, started } = workshop();
    const [one, two] = [new AbortController(), new AbortController()];
    const waiting = [ask("a", one.signal), ask("a", two.signal)];
    for (const each of waiting) each.catch(() => {});
    one.abort();
    expect(started[0]?.signal.aborted).toBe(false);
    two.abort();
    expect(started[0]?.signal.aborted).toBe(true);
    ask("a").catch(() => {});
    expect(started).toHaveLength(2);
  });

  it("is aborted for one who had hung up before asking", () => {
    const { ask, started } = workshop();
    ask("a", AbortSignal.abort()).catch(() => {});
    expect(started[0]?.signal.aborted).toBe(true);
  });
});
