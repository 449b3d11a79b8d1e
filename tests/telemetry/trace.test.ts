/** Spans as a collector receives them, and what becomes of them when it is away. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { createOtlp } from "../../src/telemetry/otlp.ts";
import { createTracing, type FinishedSpan, spanOf } from "../../src/telemetry/trace.ts";
import { type Collector, startCollector } from "../support/collector.ts";

let collector: Collector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = `00-${TRACE}-b7ad6b7169203331-00`;

it("sends a question's spans as OTLP in JSON, part of the caller's trace", async () => {
  const headers = { authorization: "Bearer collector" };
  const otlp = createOtlp({ url: `${collector.url}/`, service: "bh-test", headers, intervalMs: 20 });
  const trace = createTracing(otlp.sink, 1).begin(PARENT);
  expect(trace?.span("operation", () => 7)).toBe(7);
  const failing = trace?.span("plan", async () => {
    throw new GatewayError("PLANNER_UNAVAILABLE", "no");
  });
  await expect(failing).rejects.toThrow("no");
  const fault = () => {
    throw new TypeError("words-of-a-foreign-error");
  };
  expect(() => trace?.span("fetch", fault, { subgraph: "iga" })).toThrow();
  trace?.link({ traceId: "1".repeat(32), spanId: "2".repeat(16) });
  trace?.end({ requestId: "r-1", method: "POST", code: "PLANNER_UNAVAILABLE" });
  await vi.waitUntil(() => collector.spans.length === 4);
  await otlp.close();
  expect(collector.texts[0]).toMatch(/^POST \/v1\/traces .*"authorization":"Bearer collector"/);
  expect(collector.texts.join("")).not.toContain("words-of-a-foreign-error");
  const [operation, plan, fetched, question] = collector.spans;
  expect(question).toMatchObject({
    ...{ traceId: TRACE, parentSpanId: "b7ad6b7169203331", name: "question", kind: 2, status: { code: 2 } },
    links: [{ traceId: "1".repeat(32), spanId: "2".repeat(16) }],
  });
  for (const span of [operation, plan, fetched]) {
    expect(span).toMatchObject({ traceId: TRACE, parentSpanId: question?.spanId });
    expect(BigInt(span?.endTimeUnixNano ?? 0)).toBeGreaterThanOrEqual(BigInt(span?.startTimeUnixNano ?? 1));
  }
  expect([operation?.status, plan?.status]).toEqual([{}, { code: 2 }]);
  expect(fetched).toMatchObject({
    ...{ name: "fetch", kind: 3 },
    attributes: [
      { key: "ihala.subgraph", value: { stringValue: "iga" } },
      { key: "error.type", value: { stringValue: "INTERNAL_SERVER_ERROR" } },
    ],
  });
  const seconds = Number(BigInt(question?.endTimeUnixNano ?? 0) / 1_000_000_000n);
  expect(Math.abs(seconds - Date.now() / 1_000)).toBeLessThan(60);
});

it.each([
  ["none", undefined],
  ["no trace at all", "cnr-secret"],
  ["zeroes", `00-${"0".repeat(32)}-b7ad6b7169203331-01`],
  ["another version", PARENT.replace("00-", "01-")],
  ["capitals", PARENT.toUpperCase()],
  ["more behind it", `${PARENT}-x`],
])("begins a trace of its own when the caller names %s", (_, traceparent) => {
  const spans: FinishedSpan[] = [];
  createTracing((span) => spans.push(span), 1)
    .begin(traceparent)
    ?.end({});
  expect(spans[0]).toMatchObject({ parentId: null, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(spans[0]?.traceId).not.toBe(TRACE);
});

it("traces the share that operators want, whatever callers want", () => {
  const spans: FinishedSpan[] = [];
  const sampled = PARENT.replace(/00$/, "01");
  expect(createTracing((span) => spans.push(span), 0).begin(sampled)).toBeNull();
  const half = createTracing(() => {}, 0.5);
  const drawn = Array.from({ length: 2_000 }, () => half.begin(sampled)).filter((trace) => trace !== null);
  expect(drawn.length).toBeGreaterThan(800);
  expect(drawn.length).toBeLessThan(1_200);
  expect(spanOf(undefined)("plan", () => 7)).toBe(7);
  expect(spans).toEqual([]);
});

it("loses spans rather than wait for a collector that refuses or is away, and counts them", async () => {
  let lost = 0;
  const onLost = (count: number) => {
    lost += count;
  };
  const one = (url: string) => createOtlp({ ...{ url, service: "x", onLost }, intervalMs: 3_600_000 });
  const send = async (url: string, count: number) => {
    const otlp = one(url);
    const { begin } = createTracing(otlp.sink, 1);
    for (let index = 0; index < count; index += 1) begin(undefined)?.end({});
    await otlp.close();
  };
  const before = collector.texts.length;
  await send(collector.url, 5_000);
  expect(lost).toBe(5_000 - 4_096);
  expect(collector.texts.length - before).toBe(8);
  lost = 0;
  collector.answer(503);
  await send(collector.url, 3);
  await send("http://127.0.0.1:1", 2);
  expect(lost).toBe(5);
});
