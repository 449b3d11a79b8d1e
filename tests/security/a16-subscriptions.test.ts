/**
 * A16: every event of a subscription is decided at its own instant and recorded before it is shown, and the stream is over within a
 * second when the token is, when its reader is revoked, and when schema or policies change. (Over SSE and WebSocket: `tests/server/`;
 * revoked by another replica: `tests/cli/serve.test.ts`.)
 */
import { afterEach, describe, expect, it } from "vitest";
import type { SubgraphReply } from "../../src/execute/backend.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import type { Outcome, Profile } from "../../src/policy/verdict.ts";
import { type MirrorGateway, startMirrorGateway } from "../support/mirror-gateway.ts";
import { ALLOW } from "../support/mirror-pipeline.ts";

const HIDE: Outcome = { ...ALLOW, effect: "HIDE" };
/** What may be seen until noon. */
const NOON = 1_000;
const UNTIL_NOON: Profile = {
  key: "until noon",
  verdict: () => ({
    kind: "residual",
    decide: ({ now }) => (now < NOON ? ALLOW : HIDE),
    reads: new Set(["now"]),
    opens: true,
    allows: true,
  }),
};
const CANARY = "canary-moved-2f81";
const QUESTION = "subscription { moved: caseStageChanged { track from to } }";

let mirror: MirrorGateway;
afterEach(() => mirror?.close());

const event = (): SubgraphReply => ({
  data: { caseStageChanged: { __typename: "CaseEvent", track: "JUSTICE", from: "TRIAL", to: CANARY } },
  errors: [],
});

interface Agency {
  readonly ended: () => boolean;
  readonly events: () => AsyncIterableIterator<SubgraphReply>;
}

/** Gives an event whenever it is asked for one, and notices when nobody asks any more. */
function endlessAgency(atEach: (n: number) => void = () => {}): Agency {
  let over = false;
  async function* events(): AsyncGenerator<SubgraphReply, void, undefined> {
    try {
      for (let n = 0; ; n += 1) {
        atEach(n);
        yield event();
      }
    } finally {
      over = true;
    }
  }
  return { ended: () => over, events };
}

async function subscribed(more: Parameters<MirrorGateway["request"]>[1] = {}) {
  const answer = await mirror.gateway.answer(mirror.request(QUESTION, more));
  if (answer.kind !== "events") throw new Error("no events");
  return answer.bodies;
}

describe("a subscription", () => {
  it("is decided anew for every event, and each is recorded before it is shown", async () => {
    const agency = endlessAgency((n) => {
      mirror.now = n * 600;
    });
    mirror = await startMirrorGateway({ profile: UNTIL_NOON, events: agency.events });
    const bodies = await subscribed();
    const texts: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { value } = await bodies.next();
      texts.push(value?.text ?? "");
      expect(mirror.disclosures).toHaveLength(n + 1);
      expect(mirror.disclosures[n]?.time).toBe(new Date(n * 600).toISOString());
    }
    const shown = `{"data":{"moved":{"track":"JUSTICE","from":"TRIAL","to":"${CANARY}"}}}`;
    expect(texts.slice(0, 2)).toEqual([shown, shown]);
    expect(texts[2]).not.toContain(CANARY);
    await bodies.return?.();
    await expect.poll(agency.ended).toBe(true);
  });

  it("is refused where nobody can be answered event by event, and nobody is asked", async () => {
    const agency = endlessAgency();
    mirror = await startMirrorGateway({ profile: UNTIL_NOON, events: agency.events });
    const answer = mirror.gateway.answer(
      mirror.request(QUESTION, { carries: { events: false, incremental: false } }),
    );
    await expect(answer).rejects.toMatchObject({ code: "STREAM_REQUIRED" });
    expect(mirror.disclosures).toEqual([]);
  });

  it("ends with the token", async () => {
    const silent = async function* (): AsyncGenerator<SubgraphReply, void, undefined> {
      await new Promise(() => {});
    };
    mirror = await startMirrorGateway({ profile: UNTIL_NOON, events: silent, tokenEndsAtMs: 50 });
    const bodies = await subscribed();
    await expect(bodies.next()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  it("ends when what is in force changes, and says to subscribe again", async () => {
    const silent = async function* (): AsyncGenerator<SubgraphReply, void, undefined> {
      await new Promise(() => {});
    };
    mirror = await startMirrorGateway({ profile: UNTIL_NOON, events: silent });
    const bodies = await subscribed();
    const waiting = bodies.next();
    mirror.gateway.endStreams(new GatewayError("SUBSCRIBE_AGAIN", "the policies have changed"));
    await expect(waiting).rejects.toMatchObject({ code: "SUBSCRIBE_AGAIN" });
  });

  it("ends when its reader is revoked, and no other reader's does", async () => {
    const silent = async function* (): AsyncGenerator<SubgraphReply, void, undefined> {
      await new Promise(() => {});
    };
    mirror = await startMirrorGateway({ profile: UNTIL_NOON, events: silent });
    const bodies = await subscribed();
    const waiting = bodies.next();
    const end = (staff: string) =>
      mirror?.gateway.endStreams(
        new GatewayError("UNAUTHENTICATED", "revoked"),
        (reader) => reader.staff === staff,
      );
    end("another");
    const first = await Promise.race([
      waiting,
      new Promise((resolve) => setTimeout(resolve, 50, "still waiting")),
    ]);
    expect(first).toBe("still waiting");
    end("somebody");
    await expect(waiting).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  it("tells of an agency that breaks off by its code, and is over then", async () => {
    const broken = async function* (): AsyncGenerator<SubgraphReply, void, undefined> {
      yield event();
      throw new GatewayError("AGENCY_UNAVAILABLE", CANARY, { agency: "EPC" });
    };
    mirror = await startMirrorGateway({ profile: UNTIL_NOON, events: broken });
    const bodies = await subscribed();
    expect((await bodies.next()).done).toBe(false);
    await expect(bodies.next()).rejects.toMatchObject({ code: "AGENCY_UNAVAILABLE" });
    expect((await bodies.next()).done).toBe(true);
  });
});
