/** `ihala dev`'s gateway takes up one supergraph after the other: subscriptions, planners, and nothing that piles up. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assembleDev, type DevSource } from "../../src/assembly/dev.ts";
import type { Assembled } from "../../src/assembly/gateway.ts";
import { serverFor } from "../server/open-gateway.ts";
import { composedSupergraph } from "../support/composed.ts";
import { answerJson, type HttpAgency, httpAgency } from "../support/http-agency.ts";
import { plannersOf } from "../support/planners.ts";
import { type Subgraph, streamingSubgraph } from "../support/streaming-subgraph.ts";

const directory = await mkdtemp(join(tmpdir(), "ihala-dev-reload-"));
let people: HttpAgency;
let clocks: Subgraph;
let dev: Assembled<DevSource>;
let server: Awaited<ReturnType<typeof serverFor>>;

const supergraph = (version: number): string =>
  composedSupergraph([
    {
      name: "people",
      url: people.url,
      sdl: `"Version ${version}." type Query { name: String v${version}: String }`,
    },
    {
      name: "clocks",
      url: clocks.url,
      sdl: "type Query { x: Int } type Subscription { ticks(to: ID): String }",
    },
  ]);

beforeAll(async () => {
  people = await httpAgency((_, response) => answerJson(response, { data: { name: "Amal" } }));
  clocks = await streamingSubgraph();
  dev = await assembleDev({ supergraphSdl: supergraph(0), dataDirectory: directory });
  server = await serverFor(dev.gateway, { mode: "dev" });
});
afterAll(async () => {
  await server?.stop();
  await dev?.close();
  await people?.close();
  await clocks?.close();
  await rm(directory, { recursive: true, force: true });
});

const nameOf = async (): Promise<unknown> => (await server.post({ query: "{ name }" })).json();
const replaceBy = async (version: number): Promise<void> =>
  dev.gateway.replace(await dev.load({ supergraphSdl: supergraph(version) }));

describe("dev", () => {
  it("answers by the schema in force: by POST with a text that was accepted before, and by GET", async () => {
    const asked = "{ v0 }";
    const get = () =>
      fetch(`${server.url}?query=${encodeURIComponent(asked)}`, {
        headers: { "x-purpose": "x", accept: "application/graphql-response+json" },
      });
    expect((await server.post({ query: asked })).status).toBe(200);
    expect((await server.post({ query: asked })).status).toBe(200);
    expect((await get()).status).toBe(200);
    await replaceBy(1);
    expect((await server.post({ query: asked })).status).toBe(400);
    expect((await get()).status).toBe(400);
    expect((await server.post({ query: "{ v1 }" })).status).toBe(200);
  });

  it("ends a subscription with SUBSCRIBE_AGAIN within a second, and serves the next", async () => {
    const subscribe = () => server.post({ query: "subscription { ticks }" }, { accept: "text/event-stream" });
    const subscribed = subscribe();
    const [first] = await clocks.streams(1);
    first?.push({ ticks: "one" });
    const began = await subscribed;
    expect(began.status).toBe(200);
    await replaceBy(2);
    const replaced = performance.now();
    const text = await began.text();
    expect(performance.now() - replaced).toBeLessThan(1_000);
    expect(text).toContain('"ticks":"one"');
    expect(text).toContain("SUBSCRIBE_AGAIN");
    await first?.returned;
    const again = subscribe();
    const [, second] = await clocks.streams(2);
    second?.push({ ticks: "two" });
    second?.finish();
    expect(await (await again).text()).toContain('"ticks":"two"');
  });

  it("refuses a bad supergraph, and one without a URL: what is in force stays", async () => {
    const { schema } = dev.gateway.standing;
    for (const supergraphSdl of ["type Query {", supergraph(3).replaceAll(people.url, "")])
      await expect(dev.load({ supergraphSdl })).rejects.toMatchObject({ code: "SUPERGRAPH_INVALID" });
    expect(dev.gateway.standing.schema).toBe(schema);
    expect(await nameOf()).toEqual({ data: { name: "Amal" } });
    expect(await plannersOf()).toHaveLength(1);
  });

  it("leaves nothing behind after twenty versions", async () => {
    await replaceBy(10);
    await nameOf();
    await expect.poll(() => plannersOf()).toHaveLength(1);
    const before = process.getActiveResourcesInfo().length;
    for (let version = 11; version <= 30; version += 1) {
      await replaceBy(version);
      expect(await nameOf()).toEqual({ data: { name: "Amal" } });
    }
    await expect.poll(() => plannersOf()).toHaveLength(1);
    await expect.poll(() => process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before + 2);
  });

  it("plans persisted documents ahead, conditions all false and all true, and names a planner's failure", async () => {
    const documents = [
      { id: "a", text: "query($on: Boolean!) { name @include(if: $on) }" },
      { id: "b", text: "{ name }" },
    ];
    const version = await dev.load({ supergraphSdl: supergraph(31), documents });
    const reader = { agency: "DEV", role: "DEV.anonymous", purpose: "DEVELOPMENT", certificates: new Set() };
    // Two ways to name each, with and without an issue; the first for both of its conditions.
    expect(await version.gateway.warm(documents, [reader as never])).toEqual({ plans: 6, failures: [] });
    await version.close();
    // All of it is there already, without a planner; what is not, is not.
    expect(await version.gateway.warm(documents, [reader as never])).toEqual({ plans: 6, failures: [] });
    const { plans, failures } = await version.gateway.warm([{ id: "c", text: "{ v31 }" }], [reader as never]);
    expect([plans, failures]).toEqual([0, [expect.objectContaining({ code: "PLANNER_UNAVAILABLE" })]]);
  });
});
