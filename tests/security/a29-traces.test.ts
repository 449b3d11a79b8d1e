/** A29 and A23 for traces: a collector hears of stages and never of people; an agency hears of no trace but its own. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { STAGES } from "../../src/telemetry/trace.ts";
import { type Collector, startCollector } from "../support/collector.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { canaries } from "../support/http.ts";

let collector: Collector;
let on: Deployment;
beforeAll(async () => {
  collector = await startCollector();
  on = await startDeployment({ env: { IHALA_TELEMETRY_TRACES_URL: collector.url } });
});
afterAll(async () => {
  await on?.close();
  await collector?.close();
});

const reader: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const CASE = `query($id: ID!) { case(id: $id) {
  nrmNumber victim { person { nameLatin { full } cpr mobilePhone } } investigation { policeNumber } prosecution { number }
} }`;

function askCase() {
  const { uid } = on.cast.cases.overview;
  const id = on.idFor(reader, "Case", uid);
  const headers = {
    traceparent: `00-${TRACE}-${PARENT}-01`,
    ...{ tracestate: "cnr-secret.words-1-state", baggage: "who=cnr-secret.words-1-baggage" },
  };
  return on.ask({ ...reader, issue: id }, CASE, { id }, headers);
}

const traceparents = (): readonly string[] => [
  ...Object.values({ ...on.agencies.rest, ...on.agencies.federation }).flatMap(({ journal }) =>
    journal.entries.map(({ headers }) => String(headers["traceparent"])),
  ),
];

it("every stage is a span of the caller's trace, and no span holds a person", async () => {
  const { result: reply } = await on.watch(askCase);
  expect(canaries(reply.text).length).toBeGreaterThan(0);
  const own = () => collector.spans.filter(({ traceId }) => traceId === TRACE);
  await vi.waitUntil(() => own().some(({ name }) => name === "question"), { timeout: 10_000 });
  const names = own().map(({ name }) => name);
  expect(new Set(names)).toEqual(new Set([...STAGES, "fetch", "question"]));
  const question = own().find(({ name }) => name === "question");
  expect(question?.parentSpanId).toBe(PARENT);
  for (const one of own()) if (one !== question) expect(one.parentSpanId).toBe(question?.spanId);

  const given = traceparents();
  expect(given.length).toBeGreaterThan(1);
  for (const one of given) expect(one).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  const ids = given.map((one) => one.slice(3, 35));
  expect(ids).not.toContain(TRACE);
  // Operators can find an agency's trace from the question's.
  expect(question?.links.map(({ traceId }) => traceId)).toEqual(expect.arrayContaining(ids));
  const byMember = Object.entries(on.agencies.rest).map(([name, { journal }]) => [
    name,
    new Set(journal.entries.map(({ headers }) => String(headers["traceparent"]).slice(3, 35))),
  ]);
  const all = byMember.flatMap(([, set]) => [...(set as Set<string>)]);
  expect(new Set(all).size).toBe(all.length);
  for (const { journal } of Object.values({ ...on.agencies.rest, ...on.agencies.federation }))
    for (const { headers } of journal.entries) {
      expect(headers).not.toHaveProperty("tracestate");
      expect(headers).not.toHaveProperty("baggage");
    }
});

it("nothing of what goes wrong, of texts, variables and headers is in a span", async () => {
  const secret = "cnr-secret.words-1-variable";
  for (const its of Object.values(on.agencies.rest)) its.faults.lying("records");
  await askCase();
  for (const its of Object.values(on.agencies.rest)) its.faults.heal();
  await on.ask(reader, `{ case(nrmNumber: "${secret}") { id } }`);
  await on.ask(reader, "query($id: Int!) { case(id: $id) { id } }", { id: secret });
  await on.ask(reader, `{ case(id: "${secret}" { id }`);
  await on.ask(reader, "{ agencies { code } }", {}, { traceparent: secret, "x-issue": secret });
  const before = collector.spans.length;
  await vi.waitUntil(() => collector.spans.length > before, { timeout: 10_000 });
  await vi.waitUntil(() => collector.spans.filter(({ name }) => name === "question").length >= 6, {
    timeout: 10_000,
  });
  const told = collector.texts.join("\n");
  expect(canaries(told)).toEqual([]);
  expect(told).not.toMatch(/cnr-secret|Bearer|eyJ|NRM-20\d\d|PPO\.prosecutor/);
  expect(told).toContain("GRAPHQL_VALIDATION_FAILED");
});

it("without a collector nobody is sent a trace", async () => {
  const other = await startDeployment();
  try {
    const { uid } = other.cast.cases.overview;
    const id = other.idFor(reader, "Case", uid);
    await other.ask({ ...reader, issue: id }, CASE, { id }, { traceparent: `00-${TRACE}-${PARENT}-01` });
    const entries = Object.values(other.agencies.rest).flatMap(({ journal }) => journal.entries);
    expect(entries.length).toBeGreaterThan(0);
    for (const { headers } of entries) expect(headers).not.toHaveProperty("traceparent");
  } finally {
    await other.close();
  }
});
