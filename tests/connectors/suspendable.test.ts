/** A member's backend over a real server: asked while it may be, and not a byte when not; its streams end when it is suspended. */
import { afterEach, expect, it } from "vitest";
import { graphqlHttp } from "../../src/connectors/graphql-http.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { suspendable } from "../../src/connectors/suspendable.ts";
import { createSuspensions, followSuspensions } from "../../src/connectors/suspensions.ts";
import type { SubgraphRequest } from "../../src/execute/backend.ts";
import type { AgencyCode, MemberAddress, SubgraphName } from "../../src/kernel/brands.ts";
import { testDatabase } from "../support/postgres.ts";
import { streamingSubgraph } from "../support/streaming-subgraph.ts";

const [agency, member] = ["NGO" as AgencyCode, "BH/NGO/MWPS/assist" as MemberAddress];
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start() {
  const pool = createPool({ url: await testDatabase() });
  const suspensions = createSuspensions(pool);
  await suspensions.migrate();
  const followed = await followSuspensions(pool);
  const subgraph = await streamingSubgraph();
  const backend = graphqlHttp({
    ...{ agency, subgraph: "ngo" as SubgraphName, baseUrl: subgraph.url },
    tell: async () => ({ identity: "minimal", headers: {} }),
  });
  closing.push(
    () => pool.end(),
    () => followed.stop(),
    () => subgraph.close(),
    () => backend.close(),
  );
  return { suspensions, followed, subgraph, backend: suspendable(backend, { agency, member }, followed) };
}

const request = (query = "subscription { ticks }"): SubgraphRequest => ({
  ...{ query, kind: query.startsWith("sub") ? "subscription" : "query", variables: {} },
  reader: { requestId: "0", agency: "PPO", member: "m", staff: "s", role: "r", purpose: "p", issue: null },
  signal: new AbortController().signal,
});
const SUSPENDED = { code: "AGENCY_SUSPENDED", detail: { agency } };

it.each([
  ["the agency", { agency, member: null }],
  ["the member", { agency, member }],
])("ends its streams within a second and asks nothing while %s is suspended", async (_, whom) => {
  const { suspensions, followed, subgraph, backend } = await start();
  const events = backend.subscribe?.(request());
  const first = events?.next();
  const [source] = await subgraph.streams(1);
  source?.push({ ticks: "1" });
  expect(await first).toMatchObject({ value: { data: { ticks: "1" } } });
  const second = events?.next();
  const ended = expect(second).rejects.toMatchObject(SUSPENDED);
  const began = performance.now();
  await suspensions.suspend(whom, "op", null);
  await ended;
  expect(performance.now() - began).toBeLessThan(1_000);

  const asked = subgraph.asked.length;
  await expect(backend.fetch(request("{ x }"))).rejects.toMatchObject(SUSPENDED);
  await expect(backend.subscribe?.(request()).next()).rejects.toMatchObject(SUSPENDED);
  expect(subgraph.asked.length).toBe(asked);

  await suspensions.resume(whom, "op");
  await expect.poll(() => followed.all()).toEqual([]);
  const again = backend.subscribe?.(request());
  const event = again?.next();
  (await subgraph.streams(2))[1]?.push({ ticks: "2" });
  expect(await event).toMatchObject({ value: { data: { ticks: "2" } } });
  await again?.return?.();
});

it("leaves another member, and a member of another agency, as they are", async () => {
  const { suspensions, followed, subgraph, backend } = await start();
  await suspensions.suspend({ agency, member: "BH/NGO/AMAN/shelter" }, "op", null);
  await suspensions.suspend({ agency: "MOI", member: null }, "op", null);
  await expect.poll(() => followed.all().length).toBe(2);
  const events = backend.subscribe?.(request());
  const first = events?.next();
  (await subgraph.streams(1))[0]?.push({ ticks: "1" });
  expect(await first).toMatchObject({ value: { data: { ticks: "1" } } });
  await events?.return?.();
});
