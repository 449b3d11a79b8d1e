/**
 * What break-glass opens is looked up for every answer, and for every event of a subscription: it ends at its instant, and with what
 * was taken back; one who has it shares no work with one who has not.
 */
import { afterEach, describe, expect, it } from "vitest";
import type { SubgraphReply } from "../../src/execute/backend.ts";
import type { Outcome, Profile } from "../../src/policy/verdict.ts";
import { type MirrorGateway, startMirrorGateway } from "../support/mirror-gateway.ts";
import { ALLOW } from "../support/mirror-pipeline.ts";

const HIDE: Outcome = { ...ALLOW, effect: "HIDE" };
const CANARY = "canary-broken-71c0";
const CASE = "case-1";
/** That there is a case is everybody's; its number is shown while break-glass is open. */
const BROKEN: Profile = {
  key: "broken",
  verdict: ({ coordinate }) =>
    coordinate === "Case.nrmNumber"
      ? {
          kind: "residual",
          decide: ({ breakGlassUntil, now }) => (breakGlassUntil > now ? ALLOW : HIDE),
          reads: new Set(["breakGlassUntil", "now"]),
          opens: true,
          allows: true,
        }
      : { kind: "settled", outcome: ALLOW },
};
const QUESTION = "subscription { referralReceived { case { id nrmNumber } } }";
const ACCESS = {
  officialSuspect: false,
  staffConflict: false,
  child: false,
  sealed: false,
  refusedGroups: [],
};

let mirror: MirrorGateway;
afterEach(() => mirror?.close());

const event = (uid: string): SubgraphReply => ({
  data: {
    referralReceived: {
      ...{ __typename: "Referral", uid: "referral-1", _p_access: ACCESS },
      case: { __typename: "Case", uid, nrmNumber: CANARY, _p_access: ACCESS },
    },
  },
  errors: [],
});

async function* events(): AsyncGenerator<SubgraphReply, void, undefined> {
  for (;;) yield event(CASE);
}

async function shown(glass: () => ReadonlyMap<string, number>, instants: readonly number[]) {
  mirror = await startMirrorGateway({
    profile: BROKEN,
    events,
    issue: CASE,
    brokenGlass: async () => glass(),
  });
  const answer = await mirror.gateway.answer(mirror.request(QUESTION));
  if (answer.kind !== "events") throw new Error("no events");
  const texts: boolean[] = [];
  for (const instant of instants) {
    mirror.now = instant;
    texts.push((await answer.bodies.next()).value?.text.includes(CANARY) ?? false);
  }
  await answer.bodies.return?.();
  return texts;
}

describe("events of a subscription", () => {
  it("are open until break-glass ends", async () => {
    expect(await shown(() => new Map([[CASE, 1_000]]), [0, 999, 1_000])).toEqual([true, true, false]);
  });

  it("are open once it begins, and closed when it is taken back", async () => {
    let open = new Map<string, number>();
    const looks: ReadonlyMap<string, number>[] = [];
    const glass = () => {
      looks.push(open);
      open = new Map(looks.length === 3 ? [[CASE, 1_000]] : []);
      return looks.at(-1) ?? open;
    };
    expect((await shown(glass, [0, 0, 0, 0])).filter((isShown) => isShown)).toHaveLength(1);
  });

  it("of another case stay closed", async () => {
    expect(await shown(() => new Map([["case-2", 1_000]]), [0])).toEqual([false]);
  });
});

it("shares no work between a question before it was opened and the same question after", async () => {
  let open = new Map<string, number>();
  mirror = await startMirrorGateway({ profile: BROKEN, brokenGlass: async () => open });
  const calls = () => [...mirror.backends.values()].reduce((sum, { asked }) => sum + asked.length, 0);
  const query = "{ workers(first: 1) { edges { node { workPermitNo } } } }";
  const ask = () => mirror.gateway.answer(mirror.request(query));
  await ask();
  const once = calls();
  await Promise.all([ask(), ask()]);
  expect(calls()).toBe(2 * once);
  const before = ask();
  await Promise.resolve();
  open = new Map([[CASE, 1_000]]);
  await Promise.all([before, ask()]);
  expect(calls()).toBe(4 * once);
});
