/**
 * An agency that is down, slow, talks garbage or lies: the other fields arrive, the error names its code and the agency and
 * nothing that it said, nothing counts as denied, and with the agency the fields come back.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Deployment, type Reader, type Reply, startDeployment } from "../support/deployment.ts";
import { canaries, expectNothingInside } from "../support/http.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment({
    env: { IHALA_LIMITS_AGENCY_TIMEOUT_MS: "1500", IHALA_LIMITS_BREAKER_FAILURES: "1000" },
    proxied: ["PPO", "IGA"],
  });
});
afterAll(() => on?.close());
afterEach(() => {
  for (const { faults } of Object.values({ ...on.agencies.rest, ...on.agencies.federation })) faults.heal();
  for (const name of ["PPO", "IGA"]) on.proxy(name).tamper(null);
});

const prosecution: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };
const CASE = `query($id: ID!) { case(id: $id) {
  nrmNumber victim { role person { nameLatin { full } passports { number } } }
  investigation { policeNumber } prosecution { number charges { article } } trial { courtNumber }
} }`;

async function askCase(headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const { uid } = on.cast.cases.overview;
  const id = on.idFor(prosecution, "Case", uid);
  return await on.ask({ ...prosecution, issue: id }, CASE, { id }, headers);
}

interface CaseView {
  readonly nrmNumber: string | null;
  readonly victim: {
    readonly person: { readonly nameLatin: object | null; readonly passports: object[] | null } | null;
  };
  readonly investigation: object | null;
  readonly prosecution: object | null;
  readonly trial: object | null;
}
const viewOf = (reply: Reply): CaseView => reply.data?.["case"] as unknown as CaseView;

/** What each agency's part of the answer is. */
const PARTS: Readonly<Record<string, (view: CaseView) => unknown>> = {
  IGA: ({ victim }) => victim.person?.nameLatin ?? null,
  NPRA: ({ victim }) => victim.person?.passports ?? null,
  MOI: ({ investigation }) => investigation && (investigation as { policeNumber: unknown }).policeNumber,
  PPO: ({ prosecution: its }) => its && (its as { number: unknown }).number,
  CRT: ({ trial }) => trial && (trial as { courtNumber: unknown }).courtNumber,
};
const AGENCIES = ["IGA", "NPRA", "MOI", "PPO", "CRT"] as const;
const serverOf = (agency: (typeof AGENCIES)[number]) =>
  agency === "PPO" ? on.agencies.federation["PPO"]! : on.agencies.rest[agency];

function expectOnlyMissing(reply: Reply, agency: string, code: string): void {
  expect(reply.status).toBe(200);
  const view = viewOf(reply);
  expect(view.nrmNumber).toBe(on.cast.cases.overview.nrmNumber);
  for (const [name, part] of Object.entries(PARTS)) {
    if (name === agency) expect(part(view)).toBeNull();
    else expect({ name, part: part(view) }).not.toEqual({ name, part: null });
  }
  expect(new Set(reply.errors.map(({ extensions }) => `${extensions.agency} ${extensions.code}`))).toEqual(
    new Set([`${agency} ${code}`]),
  );
  expect(reply.withheld).toEqual([]);
}

describe.each(AGENCIES)("%s", (agency) => {
  it.each([
    ["is down", "AGENCY_UNAVAILABLE", (faults: ReturnType<typeof serverOf>["faults"]) => faults.down()],
    ["is slow", "AGENCY_TIMEOUT", (faults: ReturnType<typeof serverOf>["faults"]) => faults.slow(5_000)],
    [
      "cuts its JSON",
      "AGENCY_BAD_REPLY",
      (faults: ReturnType<typeof serverOf>["faults"]) => faults.garbage(),
    ],
    ["fails", "AGENCY_UNAVAILABLE", (faults: ReturnType<typeof serverOf>["faults"]) => faults.status(500)],
    [
      "is overrun",
      "AGENCY_UNAVAILABLE",
      (faults: ReturnType<typeof serverOf>["faults"]) => faults.status(429),
    ],
    ["refuses us", "AGENCY_BAD_REPLY", (faults: ReturnType<typeof serverOf>["faults"]) => faults.status(403)],
    [
      "redirects us (A28)",
      "AGENCY_BAD_REPLY",
      (faults: ReturnType<typeof serverOf>["faults"]) => faults.status(302),
    ],
  ])("%s: %s, and everything else arrives", async (_, code, break_) => {
    const whole = await askCase();
    expect(whole.errors).toEqual([]);
    break_(serverOf(agency).faults);
    expectOnlyMissing(await askCase(), agency, code);
    serverOf(agency).faults.heal();
    expect((await askCase()).text).toBe(whole.text);
  });
});

describe("an agency that lies", () => {
  it.each([
    ["MOI", "order"],
    ["NPRA", "order"],
    ["IGA", "records"],
    ["MOI", "records"],
    ["CRT", "records"],
  ] as const)("%s, of %s: never a row under another's name", async (agency, how) => {
    const whole = await askCase();
    serverOf(agency).faults.lying(how);
    const lied = await askCase();
    const [truth, told] = [PARTS[agency]!(viewOf(whole)), PARTS[agency]!(viewOf(lied))];
    if (lied.errors.length > 0) {
      expect(lied.errors.every(({ extensions }) => extensions.code === "AGENCY_BAD_REPLY")).toBe(true);
      expect(told).toBeNull();
    } else if (told !== null) expect(told).toEqual(truth);
  });

  const CANARY = "cnr-secret.words-1-message";
  it.each([
    [
      "an error in its own words (A30)",
      (body: string) =>
        JSON.stringify({
          data: null,
          errors: [{ message: CANARY, extensions: { code: CANARY, stacktrace: [CANARY] } }],
          body,
        }),
    ],
    [
      "an error beside data",
      (body: string) =>
        JSON.stringify({
          ...(JSON.parse(body) as object),
          errors: [
            { message: CANARY, path: [CANARY], extensions: { code: "UNAUTHENTICATED", canary: CANARY } },
          ],
        }),
    ],
    [
      "a code of the gateway's own",
      () => JSON.stringify({ data: null, errors: [{ message: CANARY, extensions: { code: "BAD_CURSOR" } }] }),
    ],
    ["numbers for objects", () => JSON.stringify({ data: { e0: [7], _entities: [7] } })],
    ["a list for an object", () => JSON.stringify({ data: [CANARY] })],
    [
      "more entities than asked",
      (body: string) => body.replace(/\[\{/, `[{"__typename":"Prosecution","ref":"x"},{`),
    ],
    ["nothing", () => ""],
    ["text", () => CANARY],
    ["null", () => "null"],
  ])("answers %s: masked, in reply, log and record", async (_, lie) => {
    const whole = await askCase();
    on.proxy("PPO").tamper((answer) => ({ ...answer, body: lie(answer.body) }));
    const before = on.lines.length;
    const reply = await askCase();
    expect(reply.status).toBe(200);
    expect(reply.text).not.toContain("cnr-secret");
    expect(viewOf(reply).nrmNumber).toBe(on.cast.cases.overview.nrmNumber);
    expect(reply.errors.length).toBeGreaterThan(0);
    for (const { extensions } of reply.errors)
      expect(extensions).toEqual({ code: "AGENCY_BAD_REPLY", agency: "PPO" });
    expect(on.lines.slice(before).join("")).not.toContain("cnr-secret");
    expect(JSON.stringify((await on.records()).at(-1))).not.toContain("cnr-secret");
    on.proxy("PPO").tamper(null);
    expect((await askCase()).text).toBe(whole.text);
  });

  it("answers values of other types: null, and told", async () => {
    on.proxy("PPO").tamper((answer) => ({
      ...answer,
      body: answer.body.replace(/"number":"[^"]*"/g, '"number":{"x":["cnr-secret.words-1-message"]}'),
    }));
    const reply = await askCase();
    expect(reply.text).not.toContain("cnr-secret");
    expect(reply.text).not.toContain("[object");
    expect(viewOf(reply).nrmNumber).toBe(on.cast.cases.overview.nrmNumber);
  });

  it("answers 10 MB: cut off, and told", async () => {
    on.proxy("IGA").tamper((answer) => ({
      ...answer,
      status: 200,
      body: `{"pad":"${"x".repeat(10 * 1_048_576)}"}`,
    }));
    expectOnlyMissing(await askCase(), "IGA", "AGENCY_BAD_REPLY");
  });
});

it("says so in Arabic, with nothing of the inside", async () => {
  on.agencies.rest.IGA.faults.down();
  const reply = await askCase({ "accept-language": "ar" });
  expect(reply.errors.map(({ message }) => message)).toEqual(["تعذّر الوصول إلى الجهة IGA"]);
  expectNothingInside(JSON.stringify(reply.errors));
  expect(canaries(on.lines.join(""))).toEqual([]);
});

it("lets go of an agency that hangs when the caller hangs up, and serves the next", async () => {
  const { uid } = on.cast.cases.overview;
  const id = on.idFor(prosecution, "Case", uid);
  const controller = new AbortController();
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  on.proxy("PPO").tamper(() => {
    reach();
    return "hang";
  });
  const asked = fetch(`${on.url}/graphql`, {
    method: "POST",
    signal: controller.signal,
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${await on.token(prosecution)}`,
      "x-purpose": prosecution.purpose,
      "x-issue": id,
    },
    body: JSON.stringify({ query: CASE, variables: { id } }),
  });
  await reached;
  controller.abort();
  await expect(asked).rejects.toThrow();
  on.proxy("PPO").tamper(null);
  expect((await askCase()).errors).toEqual([]);
});
