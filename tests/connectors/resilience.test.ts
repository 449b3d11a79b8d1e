import { describe, expect, it } from "vitest";
import { Withdrawn, withDeadline } from "../../src/connectors/deadline.ts";
import { createGuard } from "../../src/connectors/resilience.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { GatewayError } from "../../src/kernel/errors.ts";

const agency = "CRT" as AgencyCode;

function failing(guard: ReturnType<typeof createGuard>, error: Error) {
  let asked = 0;
  const call = () =>
    guard
      .run(async () => {
        asked += 1;
        throw error;
      })
      .catch((reason: unknown) => reason);
  return { call, asked: () => asked };
}

async function times(count: number, call: () => Promise<unknown>) {
  for (let n = 0; n < count; n += 1) await call();
}

describe("the guard of an agency", () => {
  it("stops asking after 20 failures and answers AGENCY_UNAVAILABLE at once", async () => {
    const { call, asked } = failing(createGuard({ agency }), new GatewayError("AGENCY_TIMEOUT", "late"));
    await times(25, call);
    expect(asked()).toBe(20);
    expect(await call()).toMatchObject({ code: "AGENCY_UNAVAILABLE", detail: { agency: "CRT" } });
  });

  it("tries again by itself, and stays open for as long as that fails", async () => {
    const guard = createGuard({ agency, failures: 1, halfOpenAfterMs: 0 });
    const { call, asked } = failing(guard, new GatewayError("AGENCY_UNAVAILABLE", "down"));
    await times(3, call);
    expect(asked()).toBe(3);
    expect(await guard.run(async () => "up")).toBe("up");
  });

  it("does not count what is no failure of the agency", async () => {
    const guard = createGuard({ agency, failures: 2 });
    const withdrawn = failing(guard, new Withdrawn(agency));
    const refused = failing(guard, new GatewayError("BAD_CURSOR", "no"));
    await times(5, withdrawn.call);
    await times(5, refused.call);
    expect(withdrawn.asked() + refused.asked()).toBe(10);
  });

  it("lets in so many at a time, lets some wait, and turns the others away", async () => {
    const guard = createGuard({ agency, concurrent: 2, waiting: 1 });
    const { promise, resolve } = Promise.withResolvers<string>();
    const inside = [guard.run(() => promise), guard.run(() => promise), guard.run(() => promise)];
    await expect(guard.run(() => promise)).rejects.toMatchObject({ code: "AGENCY_UNAVAILABLE" });
    resolve("done");
    expect(await Promise.all(inside)).toEqual(["done", "done", "done"]);
  });
});

describe("a deadline", () => {
  it("rejects and aborts, even when the task never listens", async () => {
    let inner: AbortSignal | undefined;
    const call = withDeadline(agency, { signal: new AbortController().signal, timeoutMs: 1 }, (signal) => {
      inner = signal;
      return new Promise(() => {});
    });
    await expect(call).rejects.toMatchObject({ code: "AGENCY_TIMEOUT", detail: { agency: "CRT" } });
    expect(inner?.aborted).toBe(true);
  });

  it("does not start what was withdrawn already", async () => {
    const call = withDeadline(agency, { signal: AbortSignal.abort(), timeoutMs: 1_000 }, async () => "asked");
    await expect(call).rejects.toBeInstanceOf(Withdrawn);
  });
});
