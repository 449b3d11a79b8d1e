/** What the gateway itself cannot do without: the ledger, its planner, its disclosure log. It fails closed, says so, and goes on. */
import { execFile } from "node:child_process";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Deployment, type Reader, type Reply, startDeployment } from "../support/deployment.ts";
import { canaries, expectNothingInside } from "../support/http.ts";
import type { Tamper } from "../support/tampering-proxy.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment({
    env: {
      IHALA_LIMITS_AGENCY_TIMEOUT_MS: "1500",
      IHALA_LIMITS_BREAKER_FAILURES: "1000",
      IHALA_AUDIT_SEGMENT_BYTES: "65536",
    },
    proxied: ["ledger"],
  });
});
afterAll(() => on?.close());

const prosecution: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };
const inspector: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };

function askCase(selection: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const { uid } = on.cast.cases.overview;
  const id = on.idFor(prosecution, "Case", uid);
  return on.ask(
    { ...prosecution, issue: id },
    `query($id: ID!) { case(id: $id) { ${selection} } }`,
    { id },
    headers,
  );
}
const SELECTION = "nrmNumber victim { person { nameLatin { full } } } prosecution { number }";

const cut: Tamper = () => "cut";
const hang: Tamper = () => "hang";

describe("the ledger", () => {
  it.each([
    ["down", cut, "AGENCY_UNAVAILABLE"],
    ["silent", hang, "AGENCY_TIMEOUT"],
    [
      "talking garbage",
      () => ({ status: 200, headers: { "content-type": "application/json" }, body: "{" }),
      "AGENCY_BAD_REPLY",
    ],
    [
      "failing",
      () => ({ status: 500, headers: {}, body: "cnr-secret.words-1-message" }),
      "AGENCY_UNAVAILABLE",
    ],
  ] as const)(
    "%s: no case, an error, nobody else is asked; registers are read as ever",
    async (_, how, code) => {
      const whole = await askCase(SELECTION);
      on.proxy("ledger").tamper(how);
      const { result: reply, calls } = await on.watch(() => askCase(SELECTION));
      expect(reply.data).toEqual({ case: null });
      expect(reply.errors.map(({ extensions }) => extensions)).toEqual([{ code, agency: "EPC" }]);
      expectNothingInside(reply.text);
      expect(Object.keys(calls).filter((name) => name !== "ledger" && name !== "RTC")).toEqual([]);
      const worker = await on.ask(
        inspector,
        "query($n: String!) { worker(workPermitNo: $n) { employer { name } person { nameLatin { full } } } }",
        {
          n: on.cast.workers.plain.permitNo,
        },
      );
      expect(worker.errors).toEqual([]);
      expect(worker.data).toMatchObject({ worker: { person: { nameLatin: { full: expect.any(String) } } } });
      on.proxy("ledger").tamper(null);
      // What could not be asked is not kept as denied.
      expect((await askCase(SELECTION)).text).toBe(whole.text);
    },
  );

  it("that leaves facts out, or answers facts of the wrong type, opens nothing", async () => {
    const none = {
      ...{ holder: false, party: false, known: false, assigned: true, charged: false, basis: null },
      ...{ grantedGroups: [], consentedGroups: [], refusedGroups: [], courtGroups: [] },
      ...{ child: false, sealed: false, officialSuspect: false, staffConflict: false },
    };
    for (const facts of [
      none,
      { ...none, known: true },
      null,
      {},
      7,
      "holder",
      [],
      { holder: "yes", party: 1, known: "true", grantedGroups: "CASE_HEADER" },
    ]) {
      on.proxy("ledger").tamper((answer) => {
        const body = JSON.parse(answer.body) as { data?: { case?: Record<string, unknown> | null } };
        for (const key of Object.keys(body.data ?? {})) {
          const row = (body.data as Record<string, Record<string, unknown> | null>)[key];
          if (row && "_p_access" in row) row["_p_access"] = facts;
        }
        return { ...answer, body: JSON.stringify(body) };
      });
      const { result: reply, calls } = await on.watch(() => askCase(SELECTION));
      expect({ facts, data: reply.data }).toEqual({ facts, data: { case: null } });
      expect(calls).not.toHaveProperty("IGA");
      expect(canaries(reply.text)).toEqual([]);
    }
    on.proxy("ledger").tamper(null);
  });
});

describe("the planner", () => {
  /** The planner of this test process; one of its own children. */
  async function plannerPid(): Promise<number> {
    const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,args="]);
    const own = stdout
      .split("\n")
      .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
      .filter((match) => Number(match?.[2]) === process.pid && match?.[3]?.includes("planner-child"));
    expect(own).toHaveLength(1);
    return Number(own[0]?.[1]);
  }

  it("stopped: the request fails with PLANNER_UNAVAILABLE, and the next works", async () => {
    const pid = await plannerPid();
    process.kill(pid, "SIGSTOP");
    const { result: reply, calls } = await on.watch(() => askCase("nrmNumber stage"));
    expect(reply.status).toBe(503);
    expect(reply.errors.map(({ extensions }) => extensions)).toEqual([
      { code: "PLANNER_UNAVAILABLE", traceId: expect.any(String) },
    ]);
    expect(reply.errors[0]?.message).toBe("the operation cannot be planned now");
    expect(calls).not.toHaveProperty("ledger");
    expectNothingInside(reply.text);
    expect((await askCase("nrmNumber stage")).errors).toEqual([]);
    expect(await plannerPid()).not.toBe(pid);
  });

  it("killed between requests: no request notices, in Arabic or English", async () => {
    process.kill(await plannerPid(), "SIGKILL");
    const replies = await Promise.all([askCase("nrmNumber riskLevel"), askCase("riskLevel stage nrmNumber")]);
    const codes = replies.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code));
    // A request that had already been handed to it fails; none hangs and none fails otherwise.
    expect(codes.filter((code) => code !== "PLANNER_UNAVAILABLE")).toEqual([]);
    expect((await askCase("nrmNumber openedAt")).errors).toEqual([]);
  });

  it("dead: what was planned before is answered as ever", async () => {
    await askCase(SELECTION);
    process.kill(await plannerPid(), "SIGSTOP");
    const reply = await askCase(SELECTION);
    expect(reply.errors).toEqual([]);
    process.kill(await plannerPid(), "SIGKILL");
  });
});

describe("the disclosure log", () => {
  it("that cannot be written: AUDIT_UNAVAILABLE, no data, for this request and every later one", async () => {
    const records = await on.records();
    await rename(join(on.directory, "audit"), join(on.directory, "gone"));
    let reply = await askCase(SELECTION);
    // The open segment is written until it is full; the next one has nowhere to be.
    for (let i = 0; reply.errors.length === 0 && i < 1_000; i++) reply = await askCase(SELECTION);
    expect(reply.status).toBe(503);
    expect(reply.data).toBeNull();
    expect(reply.text).not.toContain('"data"');
    expect(reply.errors.map(({ extensions }) => extensions)).toEqual([
      { code: "AUDIT_UNAVAILABLE", traceId: expect.any(String) },
    ]);
    expectNothingInside(reply.text);
    const arabic = await askCase(SELECTION, { "accept-language": "ar" });
    expect(arabic.errors.map(({ message }) => message)).toEqual(["تعذّر تسجيل الاطلاع، فلا يُكشف عن أي بيان"]);
    expect(arabic.text).not.toContain('"data"');
    await expect(
      Promise.race([
        on.assembled.failed.then(() => "failed"),
        new Promise((end) => setTimeout(end, 1_000, "running")),
      ]),
    ).resolves.toBe("failed");
    await rename(join(on.directory, "gone"), join(on.directory, "audit"));
    expect((await on.records()).length).toBeGreaterThan(records.length);
    expect((await askCase(SELECTION)).errors[0]?.extensions.code).toBe("AUDIT_UNAVAILABLE");
  });
});
