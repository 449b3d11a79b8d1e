/**
 * A30: what an agency says when it fails stays with it: its words, its codes, its stack, its headers, its database's own messages. A
 * reader is told a code, the agency and a trace; the log a place in our code. Whatever way the agency is asked.
 */
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { expectNothingInside } from "../support/http.ts";

const CANARY = "cnr-fault-words-1";
const prosecution: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };
const inspector: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };
const CASE = `query($id: ID!) { case(id: $id) {
  nrmNumber victim { person { nameLatin { full } } } investigation { policeNumber } prosecution { number } } }`;

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment({
    env: { IHALA_LIMITS_BREAKER_FAILURES: "1000" },
    proxied: ["PPO", "MOI", "ledger"],
  });
});
afterAll(() => on?.close());
afterEach(() => {
  for (const name of ["PPO", "MOI", "ledger"]) on.proxy(name).tamper(null);
});

async function askCase() {
  const id = on.idFor(prosecution, "Case", on.cast.cases.overview.uid);
  const before = { lines: on.lines.length, records: (await on.records()).length };
  const reply = await on.ask({ ...prosecution, issue: id }, CASE, { id });
  const kept = {
    lines: on.lines.slice(before.lines).join(""),
    records: JSON.stringify((await on.records()).slice(before.records)),
  };
  return { reply, kept };
}

const HEADERS = { "x-debug": CANARY, "set-cookie": `s=${CANARY}`, server: CANARY, "retry-after": CANARY };
const WORDS = JSON.stringify({ error: CANARY, message: CANARY, stack: `Error: ${CANARY}\n at ${CANARY}` });
const ERRORS = (code: string) =>
  JSON.stringify({
    data: null,
    errors: [
      {
        message: CANARY,
        extensions: { code, stacktrace: [CANARY], exception: { x: CANARY } },
        path: [CANARY],
      },
    ],
    extensions: { tracing: CANARY },
  });

const FAILURES: readonly (readonly [agency: string, what: string, status: number, body: string])[] = [
  ...["PPO", "MOI", "ledger"].flatMap((agency) =>
    [400, 401, 403, 404, 409, 429, 500, 503].map(
      (status) => [agency, `status ${status}`, status, WORDS] as const,
    ),
  ),
  ["PPO", "errors of GraphQL", 200, ERRORS("DOWNSTREAM")],
  ["PPO", "errors with codes of ours", 200, ERRORS("UNAUTHENTICATED")],
  ["ledger", "errors of GraphQL", 200, ERRORS(CANARY)],
  ["ledger", "a code that it may give", 200, ERRORS("BAD_USER_INPUT")],
  ["MOI", "what is no JSON", 200, CANARY],
  ["MOI", "JSON of another shape", 200, WORDS],
];

describe.each(FAILURES)("%s: %s (%i)", (agency, _, status, body) => {
  it("is told by its code alone", async () => {
    const whole = await askCase();
    expect(whole.reply.errors).toEqual([]);
    on.proxy(agency).tamper((answer) => ({
      ...answer,
      status,
      body,
      headers: { ...answer.headers, ...HEADERS },
    }));
    const { reply, kept } = await askCase();
    const headers = JSON.stringify([...reply.headers]);
    for (const text of [reply.text, headers, kept.lines, kept.records]) expect(text).not.toContain(CANARY);
    expectNothingInside(JSON.stringify(reply.errors));
    if (agency === "MOI" && status === 404) return; // REST for: there is none.
    expect(reply.errors.length).toBeGreaterThan(0);
    const code = agency === "ledger" && body.includes("BAD_USER_INPUT") ? "BAD_USER_INPUT" : /^AGENCY_/;
    for (const { extensions } of reply.errors) {
      expect(extensions.code).toMatch(code);
      expect(Object.keys(extensions).filter((key) => !["code", "agency", "traceId"].includes(key))).toEqual(
        [],
      );
    }
    if (agency !== "ledger") expect(reply.text).toContain(on.cast.cases.overview.nrmNumber);
  });
});

describe("an agency's database", () => {
  const QUERY = "{ workers(first: 2) { edges { node { workPermitNo employer { name } } } } }";
  const change = async (statements: string) => {
    const client = new pg.Client(on.databaseUrl("lmra"));
    await client.connect();
    try {
      await client.query(statements);
    } finally {
      await client.end();
    }
  };

  it("that fails in its own words is told by a code", async () => {
    const whole = await on.ask(inspector, QUERY);
    expect(whole.errors).toEqual([]);
    await change(`
      create function fail() returns boolean language plpgsql as
        $$ begin raise exception '${CANARY}' using detail = '${CANARY}', hint = '${CANARY}'; end $$;
      alter table worker enable row level security;
      create policy fails on worker using (fail());`);
    const from = on.lines.length;
    const failed = await on.ask(inspector, QUERY);
    expect(failed.errors.map(({ extensions }) => `${extensions.agency} ${extensions.code}`)).toEqual([
      expect.stringMatching(/^LMRA AGENCY_/),
    ]);
    for (const text of [failed.text, on.lines.slice(from).join(""), JSON.stringify(await on.records())]) {
      expect(text).not.toContain(CANARY);
      expect(text).not.toMatch(/plpgsql|row.level|select .* from/i);
    }
    await change("drop policy fails on worker; alter table worker disable row level security;");
    expect((await on.ask(inspector, QUERY)).text).toBe(whole.text);
  });
});
