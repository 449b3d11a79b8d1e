/** Who is answered by which version, and when a version that was replaced is closed. */
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ReloadableGateway } from "../../src/assembly/reloadable.ts";
import type { GatewayRequest } from "../../src/gateway.ts";
import { Body } from "../../src/respond/answer.ts";
import type { GatewayPort } from "../../src/server/gateway-port.ts";
import { openGateway } from "../server/open-gateway.ts";
import { smallVersion } from "../support/small-version.ts";
import { Source } from "../support/source.ts";

const REQUEST: GatewayRequest = {
  headers: { get: () => undefined },
  query: "{ hello }",
  operationName: undefined,
  variables: {},
  locale: "en",
  signal: new AbortController().signal,
};

const port = (answer: GatewayPort["answer"]): GatewayPort => ({ ...openGateway, answer });
const saying = (text: string) => smallVersion(port(async () => ({ kind: "whole", body: new Body(text) })));

/** Answers when it is told to. */
function slow(text: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const version = smallVersion(
    port(async () => {
      await promise;
      return { kind: "whole", body: new Body(text) };
    }),
  );
  return { version, finish: resolve };
}

async function textOf(gateway: Pick<GatewayPort, "answer">): Promise<string> {
  const answer = await gateway.answer(REQUEST);
  return answer.kind === "whole" ? answer.body.text : answer.kind;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("a gateway that is replaced", () => {
  it("answers what was asked before by the version before, and closes it after its last answer", async () => {
    const before = slow("before");
    const gateway = new ReloadableGateway(before.version);
    const asked = [textOf(gateway), textOf(gateway)];
    gateway.replace(saying("after"));
    expect(await textOf(gateway)).toBe("after");
    await settled();
    expect(before.version.isClosed()).toBe(false);
    before.finish();
    expect(await Promise.all(asked)).toEqual(["before", "before"]);
    await settled();
    expect(before.version.isClosed()).toBe(true);
  });

  it("keeps a version for those who hold it, whatever they ask and when", async () => {
    const before = saying("before");
    const gateway = new ReloadableGateway(before);
    const held = gateway.hold();
    gateway.replace(saying("after"));
    await settled();
    expect([before.isClosed(), await textOf(held)]).toEqual([false, "before"]);
    held.release();
    held.release();
    await settled();
    expect([before.isClosed(), await textOf(gateway)]).toEqual([true, "after"]);
  });

  it("closes a version whose request has failed", async () => {
    const before = smallVersion(
      port(async () => {
        throw new Error("no");
      }),
    );
    const gateway = new ReloadableGateway(before);
    const failing = textOf(gateway).catch(String);
    gateway.replace(saying("after"));
    expect(await failing).toBe("Error: no");
    await settled();
    expect(before.isClosed()).toBe(true);
  });

  it.each([
    ["is done", (source: Source<Body>) => source.finish()],
    ["fails", (source: Source<Body>) => source.fail(new Error("over"))],
  ])("ends streams with SUBSCRIBE_AGAIN and closes when the last %s", async (_, end) => {
    const source = new Source<Body>();
    const before = smallVersion(port(async () => ({ kind: "events", bodies: source })));
    const gateway = new ReloadableGateway(before);
    const answer = await gateway.answer(REQUEST);
    if (answer.kind !== "events") throw new Error("events were expected");
    expect(before.ended).toEqual([]);
    gateway.replace(saying("after"));
    expect(before.ended.map(({ code }) => code)).toEqual(["SUBSCRIBE_AGAIN"]);
    await settled();
    expect(before.isClosed()).toBe(false);
    end(source);
    await answer.bodies.next().catch(() => {});
    await settled();
    expect(before.isClosed()).toBe(true);
  });

  it("closes when nobody reads a stream any more", async () => {
    const before = smallVersion(port(async () => ({ kind: "incremental", bodies: new Source<Body>() })));
    const gateway = new ReloadableGateway(before);
    const answer = await gateway.answer(REQUEST);
    gateway.replace(saying("after"));
    await settled();
    expect(before.isClosed()).toBe(false);
    if (answer.kind === "incremental") await answer.bodies.return?.();
    await settled();
    expect(before.isClosed()).toBe(true);
  });

  it("closes when a stream that it has ended is not read to its end", async () => {
    const ended = new AbortController();
    const before = smallVersion(
      port(async () => ({ kind: "events", bodies: new Source<Body>(), ended: ended.signal })),
    );
    const gateway = new ReloadableGateway(before);
    await gateway.answer(REQUEST);
    gateway.replace(saying("after"));
    await settled();
    expect(before.isClosed()).toBe(false);
    ended.abort();
    await settled();
    expect(before.isClosed()).toBe(true);
  });

  it("ends a stream that begins after its version was replaced", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = smallVersion(
      port(async () => {
        await promise;
        return { kind: "events", bodies: new Source<Body>() };
      }),
    );
    const gateway = new ReloadableGateway(before);
    const asking = gateway.answer(REQUEST);
    gateway.replace(saying("after"));
    resolve();
    await asking;
    expect(before.ended.map(({ code }) => code)).toEqual(["SUBSCRIBE_AGAIN", "SUBSCRIBE_AGAIN"]);
  });

  it("says what is in force, what was refused, and forgets it with the next that is taken", () => {
    const gateway = new ReloadableGateway(smallVersion(openGateway, { schema: "1", policies: "2" }));
    const told: string[] = [];
    const off = gateway.onReplaced(() => told.push(gateway.standing.schema));
    expect(gateway.standing).toEqual({ schema: "1", policies: "2", refused: null, shipping: null });
    gateway.refuse("POLICY_INVALID", "2026-01-01T00:00:00Z");
    expect(gateway.standing.refused).toEqual({ code: "POLICY_INVALID", at: "2026-01-01T00:00:00Z" });
    gateway.replace(smallVersion(openGateway, { schema: "3", policies: "2" }));
    expect(gateway.standing).toEqual({ schema: "3", policies: "2", refused: null, shipping: null });
    off();
    gateway.replace(smallVersion(openGateway, { schema: "4", policies: "2" }));
    expect(told).toEqual(["3"]);
  });

  it("closed, it waits for what is under way, and not for ever", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const before = slow("never");
    const gateway = new ReloadableGateway(before.version);
    void gateway.answer(REQUEST);
    const closing = gateway.close();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(before.version.isClosed()).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    await closing;
    expect(before.version.isClosed()).toBe(true);
  });

  it("closed, it closes what was in force, and at once what would still take its place", async () => {
    const [first, late] = [saying("first"), saying("late")];
    const gateway = new ReloadableGateway(first);
    await gateway.close();
    expect(first.isClosed()).toBe(true);
    gateway.replace(late);
    await settled();
    expect(late.isClosed()).toBe(true);
  });
});
