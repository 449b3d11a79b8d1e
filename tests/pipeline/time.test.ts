/** Policies that read the time: a kept plan never shows what is not permitted now, and learns of a new permission in a minute. */
import { afterEach, expect, it } from "vitest";
import type { Facts, Outcome, Profile } from "../../src/policy/verdict.ts";
import { type MirrorGateway, startMirrorGateway } from "../support/mirror-gateway.ts";
import { ALLOW } from "../support/mirror-pipeline.ts";

const DENY: Outcome = { ...ALLOW, effect: "DENY", reason: "R1", shownReason: "R1" };
const NOON = 1_000_000;
const MINUTE_MS = 60_000;
const QUESTION = "{ workers(first: 3) { edges { node { workPermitNo } } } }";

let mirror: MirrorGateway;
afterEach(() => mirror?.close());

const when = (permits: (facts: Facts) => boolean): Profile => ({
  key: "by the hour",
  verdict: ({ coordinate }) =>
    coordinate === "Worker.workPermitNo"
      ? {
          kind: "residual",
          decide: (facts) => (permits(facts) ? ALLOW : DENY),
          reads: new Set(["now"]),
          opens: true,
          allows: true,
        }
      : { kind: "settled", outcome: ALLOW },
});

async function permitsAt(now: number): Promise<readonly unknown[]> {
  mirror.now = now;
  const answer = await mirror.gateway.answer(mirror.request(QUESTION));
  const { data } = JSON.parse(answer.kind === "whole" ? answer.body.text : "{}");
  return data.workers.edges.map(({ node }: { node: { workPermitNo: string | null } }) => node.workPermitNo);
}

it("is taken back to the millisecond, though the plan is kept", async () => {
  mirror = await startMirrorGateway({ profile: when(({ now }) => now < NOON) });
  expect((await permitsAt(NOON - 1)).some((number) => number !== null)).toBe(true);
  expect((await permitsAt(NOON)).every((number) => number === null)).toBe(true);
});

it("is given within a minute, and nobody is asked before", async () => {
  mirror = await startMirrorGateway({ profile: when(({ now }) => now >= NOON) });
  expect((await permitsAt(NOON - 1)).every((number) => number === null)).toBe(true);
  const asked = [...mirror.backends.values()].flatMap(({ asked: each }) => each.map(({ query }) => query));
  expect(asked.join()).not.toContain("workPermitNo");
  expect((await permitsAt(NOON - 1 + MINUTE_MS)).some((number) => number !== null)).toBe(true);
});
