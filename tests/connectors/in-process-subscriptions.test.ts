/** Subscriptions at a subgraph in this process. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { inProcessBackend } from "../../src/connectors/in-process.ts";
import type { SubgraphReply, SubgraphRequest } from "../../src/execute/backend.ts";
import type { AgencyCode, SubgraphName } from "../../src/kernel/brands.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import { Source } from "../support/source.ts";
import { subgraphSchema, type Tick } from "../support/streaming-subgraph.ts";
import { ask, CANARY } from "./subscribed-agency.ts";

describe("a subscription in this process", () => {
  function start(timeoutMs = 1_000) {
    const sources: Source<Tick>[] = [];
    const contexts: SubgraphRequest[] = [];
    const faults: unknown[] = [];
    const backend = inProcessBackend({
      subgraph: "lmra" as SubgraphName,
      agency: "LMRA" as AgencyCode,
      schema: subgraphSchema(() => {
        const source = new Source<Tick>();
        sources.push(source);
        return source;
      }),
      context: (request) => contexts.push(request),
      timeoutMs,
      onFault: (error) => faults.push(error),
    });
    const subscribe = (request: SubgraphRequest) =>
      backend.subscribe?.(request) as AsyncIterableIterator<SubgraphReply>;
    return { sources, contexts, faults, subscribe };
  }

  it("brings events, each with a context of its own, and ends its source by `return`", async () => {
    const { sources, contexts, subscribe } = start();
    const events = subscribe(ask());
    const first = events.next();
    await sleep(0);
    sources[0]?.push({ ticks: "1" });
    expect((await first).value).toEqual({ data: { ticks: "1" }, errors: [] });
    const second = events.next();
    await events.return?.();
    expect((await second).done).toBe(true);
    await sources[0]?.returned;
    expect(contexts).toHaveLength(2);
    expect(contexts[0]?.signal.aborted).toBe(true);
  });

  it("ends by the request's signal, masks what a resolver throws, and what a source throws ends it", async () => {
    const { sources, faults, subscribe } = start();
    const asker = new AbortController();
    const events = subscribe(ask(asker.signal));
    const first = events.next();
    await sleep(0);
    sources[0]?.push({ ticks: new TypeError(CANARY) });
    expect((await first).value).toEqual({
      data: { ticks: null },
      errors: [{ message: "the agency's resolver failed", path: ["ticks"] }],
    });
    const second = events.next();
    sources[0]?.fail(new TypeError(CANARY));
    await expect(second).rejects.toMatchObject({ code: "AGENCY_UNAVAILABLE", detail: { agency: "LMRA" } });
    expect(faults).toHaveLength(2);
    const others = subscribe(ask(asker.signal));
    const third = others.next();
    await sleep(0);
    asker.abort();
    await expect(third).rejects.toThrow("the question was withdrawn");
    await sources[1]?.returned;
  });

  it("that cannot begin is one reply", async () => {
    const { subscribe } = start();
    const events = subscribe(ask(undefined, "subscription { refused }"));
    expect((await events.next()).value).toEqual({
      data: null,
      errors: [{ message: "the agency's resolver failed", path: ["refused"] }],
    });
    expect((await events.next()).done).toBe(true);
  });

  it("is an answer of ours when a `GatewayError` is thrown", async () => {
    const { sources, subscribe } = start();
    const events = subscribe(ask());
    const first = events.next();
    await sleep(0);
    sources[0]?.push({ ticks: new GatewayError("AGENCY_UNAVAILABLE", "the agency cannot be reached") });
    expect((await first).value?.errors).toEqual([
      { message: "the agency cannot be reached", path: ["ticks"], code: "AGENCY_UNAVAILABLE" },
    ]);
    await events.return?.();
  });
});
