/**
 * An agency that is suspended is asked nothing, by any replica, and its staff may not ask; the rest of the case arrives. What is
 * hidden stays as what is not there. When it is resumed, everything is as it was.
 */
import { createClient as createSseClient } from "graphql-sse";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { AMAN, MWPS } from "../../sandbox/synth/members.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { createSuspensions, type Suspensions } from "../../src/connectors/suspensions.ts";
import { canariesIn } from "../support/canaries.ts";
import { type Deployment, type Reader, type Reply, startDeployment } from "../support/deployment.ts";
import { startReplica } from "../support/replica.ts";

let on: Deployment;
let pool: pg.Pool;
let suspensions: Suspensions;
beforeAll(async () => {
  on = await startDeployment();
  pool = createPool({ url: on.databaseUrl("gateway"), connections: 2 });
  suspensions = createSuspensions(pool);
});
afterAll(async () => {
  await pool?.end();
  await on?.close();
});
afterEach(async () => {
  for (const { agency, member } of await suspensions.inForce())
    await suspensions.resume({ agency, member }, "test");
  await expect.poll(standing).toBeUndefined();
});

const standing = () => on.assembled.gateway.standing.suspended;

/** Resolves when the gateway has heard. */
async function suspend(agency: string, member: string | null = null): Promise<void> {
  await suspensions.suspend({ agency, member }, "test", "for a test");
  await expect.poll(standing).toContainEqual({ agency, member });
}

async function resume(agency: string, member: string | null = null): Promise<void> {
  await suspensions.resume({ agency, member }, "test");
  await expect.poll(standing).toBeUndefined();
}

const prosecution: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };
const CASE = `query($id: ID!) { case(id: $id) {
  nrmNumber victim { role person { nameLatin { full } passports { number } } }
  investigation { policeNumber } prosecution { number charges { article } } trial { courtNumber }
} }`;

async function askCase(reader = prosecution, uid = on.cast.cases.overview.uid): Promise<Reply> {
  const id = on.idFor(reader, "Case", uid);
  return on.ask({ ...reader, issue: id }, CASE, { id });
}

/** What societies gave, and what the labour register knows. */
const HELP =
  "query($id: ID!) { case(id: $id) { victim { assistance { kind } person { worker { sector } } } } }";
const carer: Reader = { role: "EPC.caseWorker", purpose: "SHELTER_CARE" };

async function askHelp(
  name: keyof Deployment["cast"]["cases"],
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const id = on.idFor(carer, "Case", on.cast.cases[name].uid);
  return on.ask({ ...carer, issue: id }, HELP, { id }, headers);
}
const helpOf = (reply: Reply) => shownOf(reply)["victim"];

type Shown = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
const shownOf = ({ data }: Reply) => data?.["case"] as Shown;
const personOf = (reply: Reply) => shownOf(reply)["victim"]?.["person"] as Shown | null;

/** What each agency's part of the answer is. */
const PARTS: Readonly<Record<string, (reply: Reply) => unknown>> = {
  IGA: (reply) => personOf(reply)?.["nameLatin"] ?? null,
  NPRA: (reply) => personOf(reply)?.["passports"] ?? null,
  MOI: (reply) => shownOf(reply)["investigation"]?.["policeNumber"] ?? null,
  CRT: (reply) => shownOf(reply)["trial"]?.["courtNumber"] ?? null,
  PPO: (reply) => shownOf(reply)["prosecution"]?.["number"] ?? null,
};

describe("an agency that is suspended", () => {
  it.each(["IGA", "NPRA", "MOI", "CRT"])("%s is not asked; every other part arrives", async (agency) => {
    const whole = await on.watch(() => askCase());
    expect(whole.result.errors).toEqual([]);
    expect(whole.calls[agency]).toBeGreaterThan(0);
    const its = canariesIn(JSON.stringify(PARTS[agency]?.(whole.result)));
    await suspend(agency);
    const lines = on.lines.length;
    const { result, calls } = await on.watch(() => askCase());
    expect(calls[agency]).toBeUndefined();
    expect(result.status).toBe(200);
    for (const [name, part] of Object.entries(PARTS))
      if (name === agency) expect(part(result)).toBeNull();
      else expect({ name, part: part(result) }).toEqual({ name, part: part(whole.result) });
    expect(new Set(result.errors.map(({ extensions: { code, agency: of } }) => `${of} ${code}`))).toEqual(
      new Set([`${agency} AGENCY_SUSPENDED`]),
    );
    expect(result.errors[0]?.message).toBe(`agency ${agency} is suspended and is not asked`);
    expect(result.withheld).toEqual([]);
    const record = JSON.stringify((await on.records()).at(-1));
    for (const canary of its)
      for (const text of [result.text, record, on.lines.slice(lines).join("")])
        expect(text).not.toContain(canary);
    await resume(agency);
    expect((await askCase()).text).toBe(whole.result.text);
  });

  it("by a database gets no statement, and says so in Arabic", async () => {
    const asked = () => on.watch(() => askHelp("overview", { "accept-language": "ar" }));
    expect((await asked()).calls["LMRA"]).toBeGreaterThan(0);
    await suspend("LMRA");
    const { calls, result } = await asked();
    expect(calls["LMRA"]).toBeUndefined();
    expect(helpOf(result)).toMatchObject({ assistance: [{}, {}], person: { worker: null } });
    expect(result.errors).toMatchObject([
      {
        message: "الجهة LMRA موقوفة ولا تُسأل",
        extensions: { code: "AGENCY_SUSPENDED", agency: "LMRA" },
      },
    ]);
  });

  it("with several members is asked for what the others know, when one of them is suspended", async () => {
    await suspend("NGO", AMAN);
    const [hers, others] = [
      await on.watch(() => askHelp("related")),
      await on.watch(() => askHelp("overview")),
    ];
    expect(hers.calls[AMAN]).toBeUndefined();
    expect(helpOf(hers.result)).toMatchObject({ assistance: null, person: { worker: { sector: "T" } } });
    expect(hers.result.errors).toMatchObject([{ extensions: { code: "AGENCY_SUSPENDED", agency: "NGO" } }]);
    expect(others.calls[MWPS]).toBe(1);
    expect(helpOf(others.result)).toMatchObject({ assistance: [{}, {}] });
    expect(others.result.errors).toEqual([]);
  });

  it("as the ledger leaves no case to anybody, and nobody else is asked about any", async () => {
    await suspend("EPC");
    const { result, calls } = await on.watch(() => askCase());
    expect(Object.keys(calls).filter((name) => name !== "RTC")).toEqual([]);
    expect(result.data?.["case"] ?? null).toBeNull();
    expect(result.errors.map(({ extensions }) => extensions.code)).toContain("AGENCY_SUSPENDED");
  });

  it("as the training centre is not asked for certificates, and nobody holds any", async () => {
    const database = new URL(on.databaseUrl("rtc")).pathname.slice(1);
    const lastAsked = async (): Promise<number> => {
      const sql = "select max(query_start) as at from pg_stat_activity where datname = $1";
      return (await pool.query<{ at: Date | null }>(sql, [database])).rows[0]?.at?.getTime() ?? 0;
    };
    const open = async (staff: string): Promise<unknown> => {
      const reader = { role: "EPC.caseWorker", purpose: "EMERGENCY_PROTECTION", staff };
      const auth_time = Math.floor(Date.now() / 1_000) - 60;
      const member = on.cast.staffOf(reader.role)[0]?.member ?? "";
      const token = await on.mint({ role: reader.role, member, staff, claims: { auth_time } });
      const text = `mutation($id: ID!) { openBreakGlass(caseId: $id, justification: "she called: she is in danger") {
        __typename } }`;
      const id = on.idFor(reader, "Case", on.cast.cases.overview.uid);
      const { data } = await on.ask(reader, text, { id }, { authorization: `Bearer ${token}` });
      return data?.["openBreakGlass"];
    };
    await suspend("RTC");
    const began = Date.now();
    expect(await open("epc-caseWorker-3")).toEqual({ __typename: "CertificationRequired" });
    expect(await lastAsked()).toBeLessThan(began);
    await resume("RTC");
    expect(await open("epc-caseWorker-3")).toEqual({ __typename: "BreakGlassOpened" });
    expect(await lastAsked()).toBeGreaterThanOrEqual(began);
  });

  it("is named by its code at /readyz, and in full for operators", async () => {
    const lines = async () => (await (await fetch(`${on.url}/readyz`)).text()).split("\n");
    expect((await lines()).filter((line) => line.startsWith("suspended"))).toEqual([]);
    await suspend("MOI");
    await suspend("NGO", AMAN);
    expect(await lines()).toContain("suspended MOI, NGO in part");
    expect((await lines()).join("\n")).not.toContain("/");
    expect(standing()).toEqual([
      { agency: "MOI", member: null },
      { agency: "NGO", member: AMAN },
    ]);
  });

  it("is known to every replica that runs, and to one that starts", async () => {
    const first = await startReplica(on);
    try {
      await suspend("MOI");
      const known = [{ agency: "MOI", member: null }];
      await expect.poll(() => first.assembled.gateway.standing.suspended).toEqual(known);
      const second = await startReplica(on);
      expect(second.assembled.gateway.standing.suspended).toEqual(known);
      await second.close();
    } finally {
      await first.close();
    }
  });
});

describe("what is hidden", () => {
  it("is as what is not there while an agency is suspended: the same answer, and the same questions", async () => {
    const society: Reader = { role: "NGO.caseworker", purpose: "SHELTER_CARE", member: MWPS };
    await suspend("IGA");
    const hidden = await on.watch(() => askCase(society, on.cast.cases.ngoOther.uid));
    const absent = await on.watch(() => askCase(society, "0b9f6c1e-0000-7000-8000-00000000dead"));
    expect(hidden.result.text).toBe(absent.result.text);
    expect(hidden.calls).toEqual(absent.calls);
    expect(hidden.result.text).not.toContain("AGENCY_SUSPENDED");
  });
});

describe("staff of an agency that is suspended", () => {
  const list = "{ cases(first: 1) { edges { node { id } } } }";
  const society = (member: string): Reader => ({ role: "NGO.caseworker", purpose: "SHELTER_CARE", member });
  const statuses = async () =>
    Promise.all(
      [society(MWPS), society(AMAN), prosecution].map(async (reader) => (await on.ask(reader, list)).status),
    );

  it("may not ask, and whoever is of another agency may", async () => {
    expect(await statuses()).toEqual([200, 200, 200]);
    await suspend("NGO");
    const { result, calls } = await on.watch(statuses);
    expect(result).toEqual([401, 401, 200]);
    expect(calls[MWPS]).toBeUndefined();
    await resume("NGO");
    expect(await statuses()).toEqual([200, 200, 200]);
  });

  it("of one member may not, and of the others may", async () => {
    await suspend("NGO", AMAN);
    expect(await statuses()).toEqual([200, 401, 200]);
    const refused = await on.ask(society(AMAN), list);
    expect(JSON.parse(refused.text)).toEqual({
      errors: [{ message: "a valid access token is required", extensions: { code: "UNAUTHENTICATED" } }],
    });
  });

  it("hear no event within a second, and others go on", async () => {
    const query = "subscription { breakGlassOpened { text { en } } }";
    const subscribed = async (reader: Reader) =>
      createSseClient({
        url: `${on.url}/graphql`,
        headers: { authorization: `Bearer ${await on.token(reader)}`, "x-purpose": reader.purpose },
        retryAttempts: 0,
      }).iterate({ query });
    const auditor = await subscribed({ role: "NCC.auditor", purpose: "AUDIT_OVERSIGHT" });
    const other = await subscribed({ role: "EPC.reviewer", purpose: "AUDIT_OVERSIGHT" });
    let isOver = false;
    const ended = auditor.next();
    void other.next().finally(() => {
      isOver = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const began = performance.now();
    await suspensions.suspend({ agency: "NCC", member: null }, "test", null);
    expect((await ended).value).toMatchObject({ errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(isOver).toBe(false);
    await other.return?.();
  });
});
