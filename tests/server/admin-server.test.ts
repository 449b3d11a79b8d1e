/** Metrics at the operators' address: what is there, what is not, and what never is. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { type AdminServer, startAdminServer } from "../../src/server/admin-server.ts";
import { Metrics } from "../../src/telemetry/metrics.ts";
import { answering, serverFor } from "./open-gateway.ts";

const metrics = new Metrics();
let admin: AdminServer;
let status = (): object => ({});
beforeAll(async () => {
  admin = await startAdminServer({ host: "127.0.0.1", port: 0 }, { metrics, status: () => status() });
});
afterAll(() => admin.stop());

const lines = async (): Promise<readonly string[]> =>
  (await (await fetch(`${admin.url}/metrics`)).text()).split("\n");

describe("the operators' address", () => {
  it("serves metrics and status to GET alone, and nothing else", async () => {
    const page = await fetch(`${admin.url}/metrics?x=1`);
    expect([page.status, page.headers.get("content-type")]).toEqual([
      200,
      "text/plain; version=0.0.4; charset=utf-8",
    ]);
    for (const path of ["/metrics", "/status"])
      expect((await fetch(`${admin.url}${path}`, { method: "POST" })).status).toBe(405);
    for (const path of ["/", "/graphql", "/readyz"])
      expect((await fetch(`${admin.url}${path}`)).status).toBe(404);
  });

  it("says what is under way, from the start until the stop", async () => {
    const held = Promise.withResolvers<string>();
    const server = await serverFor(null);
    ({ status } = server);
    const told = async () => (await (await fetch(`${admin.url}/status`)).json()) as { requests: number };
    expect(await told()).toEqual({ phase: "starting", requests: 0, streams: 0 });
    await server.serve(answering(() => held.promise));
    const asked = server.post({ query: "{ canary7f: hello }" });
    await vi.waitUntil(async () => (await told()).requests === 1);
    expect(await told()).toEqual({ phase: "ready", requests: 1, streams: 0 });
    const stopped = server.stop();
    expect(await told()).toEqual({ phase: "draining", requests: 1, streams: 0 });
    held.resolve("{}");
    expect((await asked).status).toBe(200);
    await stopped;
    expect(await fetch(`${server.root}/status`).catch(() => null)).toBeNull();
  });

  it("tells a busy port", async () => {
    const port = Number(new URL(admin.url).port);
    await expect(startAdminServer({ host: "127.0.0.1", port }, { metrics, status })).rejects.toMatchObject({
      code: "PORT_IN_USE",
    });
  });

  it("counts and times requests by how they end, and says nothing of what they ask", async () => {
    const server = await serverFor(
      answering(async ({ query }) => {
        if (query.includes("fails")) throw new GatewayError("PLANNER_UNAVAILABLE", "no");
        if (query.includes("refused")) throw new GatewayError("PURPOSE_REQUIRED", "no");
        return "{}";
      }),
      { metrics },
    );
    for (const query of ["{ canary7f }", "{ canary7f }", "{ fails }", "{ refused }", "{"])
      await server.post({ query }, { authorization: "Bearer canary7f" });
    expect((await fetch(`${server.root}/metrics`)).status).toBe(404);
    await server.stop();
    const found = await lines();
    expect(found.filter((line) => line.startsWith("ihala_requests_total{"))).toEqual([
      'ihala_requests_total{outcome="answered"} 2',
      'ihala_requests_total{outcome="refused"} 2',
      'ihala_requests_total{outcome="failed"} 1',
      'ihala_requests_total{outcome="streamed"} 0',
    ]);
    expect(found).toContain('ihala_request_duration_seconds_count{outcome="answered"} 2');
    expect(found.join("\n")).not.toContain("canary");
    const labels = new Set(
      found.flatMap((line) => [...line.matchAll(/[{,](\w+)="/g)].map(([, name]) => name)),
    );
    expect([...labels].toSorted()).toEqual(["in", "kind", "le", "outcome", "reason"]);
  });
});
