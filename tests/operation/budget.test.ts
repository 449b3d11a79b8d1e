import { beforeEach, describe, expect, it } from "vitest";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import { Budgets } from "../../src/operation/budget.ts";

const LIMITS = { costWindowSeconds: 60, maxCostPerClient: 600, maxCostPerAgency: 300 };

let now: number;
let budgets: Budgets;
beforeEach(() => {
  now = 1_000_000;
  budgets = new Budgets({ now: () => now });
});

const take = (client: string, total: number, byAgency: Record<string, number> = {}) => {
  const cost = { total, byAgency: new Map(Object.entries(byAgency) as [AgencyCode, number][]) };
  return budgets.take(client, cost, LIMITS);
};

function refusal(act: () => unknown): GatewayError {
  try {
    act();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("a client's budget", () => {
  it("says what there is and what is left, of the client and of the agency that has least", () => {
    expect(take("a", 60, { IGA: 20, MOI: 40 })).toEqual({
      "ratelimit-policy": '"client";q=600;qu="cost";w=60, "agency";q=300;qu="cost";w=60',
      ratelimit: '"client";r=540;t=6, "agency";r=260;t=8',
    });
    expect(take("a", 0).ratelimit).toBe('"client";r=540;t=6');
  });

  it("is refused when it is used up, for as long as it takes to be enough again", () => {
    take("a", 600);
    const error = refusal(() => take("a", 100));
    expect(error).toMatchObject({ code: "BUDGET_EXHAUSTED", status: 429 });
    expect(error.detail.headers).toEqual({
      "retry-after": "10",
      "ratelimit-policy": '"client";q=600;qu="cost";w=60, "agency";q=300;qu="cost";w=60',
      ratelimit: '"client";r=0;t=60',
    });
    now += 9_999;
    expect(refusal(() => take("a", 100)).detail.headers?.["retry-after"]).toBe("1");
    now += 1;
    expect(take("a", 100).ratelimit).toBe('"client";r=0;t=60');
  });

  it("is refilled steadily and never above full", () => {
    take("a", 600);
    now += 30_000;
    expect(take("a", 0).ratelimit).toBe('"client";r=300;t=30');
    now += 3_600_000;
    expect(take("a", 0).ratelimit).toBe('"client";r=600;t=0');
    now -= 3_600_000;
    expect(take("a", 0).ratelimit).toBe('"client";r=600;t=0');
  });

  it("at one agency leaves the others, and takes nothing of any when one does not suffice", () => {
    take("a", 300, { IGA: 300 });
    expect(refusal(() => take("a", 20, { IGA: 10, MOI: 10 })).detail.headers?.["retry-after"]).toBe("2");
    expect(take("a", 290, { MOI: 290 }).ratelimit).toBe('"client";r=10;t=59, "agency";r=10;t=58');
  });

  it("is its own: another client has all of its", () => {
    take("a", 600, { IGA: 300 });
    expect(take("b", 600, { IGA: 300 }).ratelimit).toBe('"client";r=0;t=60, "agency";r=0;t=60');
  });

  it("is never enough for what costs more than all of it: waiting would not help", () => {
    for (const ask of [() => take("a", 601), () => take("a", 301, { IGA: 301 })]) {
      const { code, detail } = refusal(ask);
      expect({ code, limit: detail.params?.["limit"] }).toEqual({ code: "LIMIT_EXCEEDED", limit: "cost" });
      expect(detail.headers).toBeUndefined();
    }
    expect(take("a", 600, { IGA: 300 }).ratelimit).toBe('"client";r=0;t=60, "agency";r=0;t=60');
  });
});
