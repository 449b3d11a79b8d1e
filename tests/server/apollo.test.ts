/** What a request is answered by when the gateway is replaced while Apollo Server judges it. */
import { expect, it } from "vitest";
import { ReloadableGateway } from "../../src/assembly/reloadable.ts";
import { Body } from "../../src/respond/answer.ts";
import { startEdge } from "../../src/server/apollo.ts";
import type { Caller } from "../../src/server/caller.ts";
import { silentLog } from "../../src/telemetry/log.ts";
import { smallVersion } from "../support/small-version.ts";
import { openGateway } from "./open-gateway.ts";

const saying = (text: string) =>
  smallVersion({ ...openGateway, answer: async () => ({ kind: "whole", body: new Body(text) }) });

const caller = (method: string): Caller => ({
  ...{ requestId: "1", method, locale: "en", signal: new AbortController().signal },
  headers: { get: (name) => (name === "x-purpose" ? "TEST" : undefined) },
  channel: { method, url: "http://gateway.test/graphql", certificate: null },
  carries: { events: false, incremental: false },
});

it.each(["GET", "POST"])(
  "%s: the version in force when its text was found answers, to the end",
  async (method) => {
    const before = saying("before");
    const gateway = new ReloadableGateway(before);
    const edge = await startEdge(gateway, 1_000, silentLog);
    const ask = () =>
      edge.ask(caller(method), { query: "{ hello }", operationName: undefined, variables: {} });
    const asking = ask();
    gateway.replace(saying("after"));
    expect(await asking).toMatchObject({ body: { text: "before" } });
    expect(await ask()).toMatchObject({ body: { text: "after" } });
    expect(before.isClosed()).toBe(true);
    await edge.stop();
  },
);
