/**
 * G12 end to end: emergency access to one case for an hour, told to three others, reviewed afterwards. Over HTTP, against the running
 * deployment, on answers as well as on what agencies were asked. Each rule's refusal stands beside what it permits.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { MWPS } from "../../sandbox/synth/members.ts";
import { EMERGENCY } from "../../src/break-glass/opening-rules.ts";
import { canariesIn } from "../support/canaries.ts";
import { type Deployment, type Reader, type Reply, startDeployment } from "../support/deployment.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Noon in Bahrain of the day on which the test runs; each test has a day of its own. */
let now = Math.floor(Date.now() / DAY) * DAY + 9 * 60 * MINUTE;

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment({ clock: { now: () => now } });
});
afterAll(() => on?.close());
beforeEach(() => {
  now += DAY;
});

type CastName = keyof Deployment["cast"]["cases"];
const worker: Reader = { role: "EPC.caseWorker", purpose: EMERGENCY, staff: "epc-caseWorker-3" };
const intake: Reader = { role: "EPC.intakeOfficer", purpose: EMERGENCY, staff: "epc-intakeOfficer-3" };
const society: Reader = {
  role: "NGO.caseworker",
  purpose: EMERGENCY,
  member: MWPS,
  staff: "ngo-mwps-caseworker-3",
};
const linked: Reader = { ...society, staff: "ngo-mwps-caseworker-2" };
const officer: Reader = { role: "MOI.officer", purpose: EMERGENCY, staff: "moi-officer-3" };
const reviewer: Reader = { role: "EPC.reviewer", purpose: "AUDIT_OVERSIGHT", staff: "epc-reviewer-1" };
const auditor: Reader = { role: "NCC.auditor", purpose: "AUDIT_OVERSIGHT", staff: "ncc-auditor-1" };

const REASON = "the victim called and is in immediate danger";
const OPEN = `mutation($id: ID, $document: EmergencyDocument, $why: String!, $key: String) {
  openBreakGlass(caseId: $id, document: $document, justification: $why, idempotencyKey: $key) { __typename
    ... on BreakGlassOpened { until } ... on Forbidden { reason } ... on CertificationRequired { skill }
    ... on GuardFailed { guard } } }`;
const ENTRIES = `{ breakGlassEntries { id openedAt until agency { code } staff role justification reviewDueBy justified } }`;
const REVIEW = `mutation($id: ID!, $justified: Boolean!) { reviewBreakGlass(id: $id, justified: $justified) { __typename
  ... on BreakGlassReviewed { justified suspended } ... on Forbidden { reason } ... on GuardFailed { guard } } }`;

/** Signed in so long ago, by the gateway's clock. */
async function ask(
  reader: Reader,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  claims: Readonly<Record<string, unknown>> = {},
): Promise<Reply> {
  const seconds = Math.floor(now / 1_000);
  const token = await on.mint({
    role: reader.role,
    member: memberOf(reader),
    staff: reader.staff ?? "",
    claims: { iat: seconds, exp: seconds + 600, auth_time: seconds - 60, ...claims },
  });
  return on.ask(reader, query, variables, { authorization: `Bearer ${token}` });
}

const memberOf = ({ role, member }: Reader): string => member ?? on.cast.staffOf(role)[0]?.member ?? "";
const uidOf = (name: CastName): string => on.cast.cases[name].uid;
const idOf = (reader: Reader, name: CastName): string => on.idFor(reader, "Case", uidOf(name));

const open = (reader: Reader, name: CastName, variables: object = {}, claims: object = {}): Promise<Reply> =>
  ask(reader, OPEN, { id: idOf(reader, name), why: REASON, ...variables }, { ...claims });

const payload = ({ data }: Reply): unknown => data?.["openBreakGlass"];
const opened = () => ({ __typename: "BreakGlassOpened", until: new Date(now + 60 * MINUTE).toISOString() });

const CONTENT = `id nrmNumber victim { person { nameLatin { full } gender } } screening { outcome findings { __typename } }
  supportPlans { type } shelterStays { facility { name } } health { urgentNeed } suspectProximity`;

async function read(reader: Reader, name: CastName, selection = CONTENT) {
  const reply = await ask(
    { ...reader, issue: { uid: uidOf(name) } },
    `query($id: ID!) { case(id: $id) { ${selection} } }`,
    { id: idOf(reader, name) },
  );
  expect(reply.errors.map(({ message }) => message)).toEqual([]);
  return { ...reply, case: (reply.data?.["case"] ?? null) as Record<string, unknown> | null };
}

const emergencyCases = async (reader: Reader): Promise<unknown> =>
  (await ask(reader, "{ emergencyCases { id nrmNumber } }")).data?.["emergencyCases"];

interface Entry {
  readonly id: string;
  readonly staff: string;
  readonly justification: string | null;
  readonly openedAt: string;
}
/** Those of today. */
async function entries(reader: Reader = reviewer): Promise<readonly Entry[]> {
  const { data } = await ask(reader, ENTRIES);
  const all = (data?.["breakGlassEntries"] ?? []) as readonly Entry[];
  return all.filter(({ openedAt }) => Math.abs(Date.parse(openedAt) - now) < 2 * 60 * MINUTE);
}
const notices = async (reader: Reader): Promise<readonly { readonly text: { readonly en: string } }[]> =>
  ((await ask(reader, "{ breakGlassNotices { at text { en ar } } }")).data?.["breakGlassNotices"] ??
    []) as readonly { readonly text: { readonly en: string } }[];

describe("G12: EPC.caseWorker on an unassigned case", () => {
  it("reads nothing, then S3 and S4 for sixty minutes, and nothing after", async () => {
    const before = await read(worker, "presumedWorker");
    expect(before.case).toMatchObject({
      nrmNumber: expect.any(String),
      screening: null,
      victim: { person: null },
    });

    expect(payload(await open(worker, "presumedWorker"))).toEqual(opened());
    const during = await read(worker, "presumedWorker");
    expect(during.case).toMatchObject({
      victim: { person: { nameLatin: { full: expect.any(String) }, gender: expect.any(String) } },
      screening: { outcome: expect.any(String), findings: expect.any(Array) },
    });

    now += 60 * MINUTE - 1;
    expect((await read(worker, "presumedWorker")).case).toEqual(during.case);
    now += 1;
    const after = await read(worker, "presumedWorker");
    expect(after.case).toEqual(before.case);
    expect(after.withheld).toEqual(before.withheld);
  });

  it("opens that case alone, to that member of staff, in that role, for that purpose", async () => {
    await open(worker, "presumedWorker");
    expect((await read(worker, "presumedWorker")).case).toMatchObject({ screening: expect.anything() });
    expect((await read(worker, "overview")).case).toMatchObject({ screening: null });
    expect((await read(intake, "presumedWorker")).case).toMatchObject({ screening: null });
    expect((await read({ ...worker, purpose: "SHELTER_CARE" }, "presumedWorker")).case).toMatchObject({
      screening: null,
    });
    const another: Reader = { ...worker, role: "EPC.intakeOfficer" };
    expect((await read(another, "presumedWorker")).case).toMatchObject({ screening: null });
  });

  it("opens none of the groups that are never broken", async () => {
    await open(worker, "overview");
    const { case: shown, text } = await read(worker, "overview");
    expect(shown).toMatchObject({ screening: expect.anything(), health: null });
    expect(JSON.stringify(shown?.["shelterStays"] ?? null)).not.toMatch(/cnr-/);
    expect(
      [...canariesIn(text)].filter((canary) => /health|facilities|reporter|suspect/i.test(canary)),
    ).toEqual([]);
  });
});

describe("a case that the reader may not know of", () => {
  it("is there for the next read, under its number and in the list too, and gone after an hour", async () => {
    const list = async () =>
      JSON.stringify((await ask(society, "{ cases(first: 100) { edges { node { id } } } }")).data);
    const id = idOf(society, "ngoOther");
    expect((await read(society, "ngoOther")).case).toBeNull();
    expect(await list()).not.toContain(id);

    expect(payload(await open(society, "ngoOther"))).toEqual(opened());
    expect((await read(society, "ngoOther")).case).toMatchObject({
      id,
      victim: { person: { nameLatin: { full: expect.any(String) } } },
      supportPlans: [expect.anything()],
      health: [],
    });
    expect(await list()).toContain(id);
    const { nrmNumber } = on.cast.cases.ngoOther;
    expect(await emergencyCases(society)).toEqual([{ id, nrmNumber }]);
    const byNumber = await ask(society, "query($n: CaseNumber) { case(nrmNumber: $n) { id } }", {
      n: nrmNumber,
    });
    expect(byNumber.data).toEqual({ case: { id } });

    now += 60 * MINUTE;
    expect((await read(society, "ngoOther")).case).toBeNull();
    expect(await list()).not.toContain(id);
    expect(await emergencyCases(society)).toEqual([]);
  });

  it("stays closed where the person refused, a party is linked to the reader, or an official is suspected", async () => {
    await open(society, "ngoRefused");
    expect((await read(society, "ngoRefused")).case).toMatchObject({ supportPlans: null });
    await open(linked, "overlays");
    expect((await read(linked, "overlays")).case).toBeNull();
    expect(await emergencyCases(linked)).toEqual([]);
    await open(officer, "overlays");
    expect((await read(officer, "overlays")).case).toBeNull();
    await open(officer, "ngoOther");
    expect((await read(officer, "ngoOther")).case).toMatchObject({ nrmNumber: expect.any(String) });
  });
});

describe("what an answer tells", () => {
  const comparable = ({ status, text, headers }: Reply) => ({
    ...{ status, text },
    headers: [...headers].filter(([name]) => !["date", "x-request-id"].includes(name)),
  });

  it("is the same, with the same calls, for an absent case, a hidden one, one that is readable and what is no id", async () => {
    const given: Reader = { ...society, staff: "ngo-mwps-caseworker-2" };
    const ids = {
      hidden: idOf(given, "ngoOther"),
      closed: idOf(given, "overlays"),
      readable: idOf(given, "ngoGiven"),
      absent: on.idFor(given, "Case", "6f4a7a6e-0000-4000-8000-000000000001"),
      anothers: on.idFor(worker, "Case", uidOf("ngoOther")),
      nonsense: "nonsense",
    };
    const seen = new Map<string, unknown>();
    for (const [name, id] of Object.entries(ids)) {
      now += DAY;
      const instant = now;
      const watched = await on.watch(() => ask(given, OPEN, { id, why: REASON }));
      const { text } = watched.result;
      seen.set(name, {
        ...comparable(watched.result),
        text: text.replaceAll(new Date(instant + 60 * MINUTE).toISOString(), "in an hour"),
        calls: watched.calls,
        ledger: watched.ledger.map(({ query, subgraph }) => ({ query, subgraph })),
      });
      expect(watched.calls).toEqual({ ledger: 1 });
    }
    const [first, ...others] = seen.values();
    for (const other of others) expect(other).toEqual(first);
  });

  it("finds a case by a document, and answers the same for another name, a person without a case, and nobody", async () => {
    const { cpr, nameLatin, uid } = on.cast.cases.ngoOther.victim;
    const { plain } = on.cast.workers;
    const documents = {
      found: { cpr, name: nameLatin },
      misnamed: { cpr, name: "Somebody Else Altogether" },
      plain: { cpr: plain.cpr, name: plain.nameLatin },
      nobody: { cpr: "990112345", name: nameLatin },
    };
    expect(uid).not.toBe(plain.uid);
    const texts = new Set<string>();
    const calls = new Set<string>();
    for (const [name, document] of Object.entries(documents)) {
      now += DAY;
      const watched = await on.watch(() => ask(society, OPEN, { document, why: REASON }));
      texts.add(watched.result.text.replaceAll(new Date(now + 60 * MINUTE).toISOString(), "in an hour"));
      calls.add(JSON.stringify(watched.calls));
      const { case: shown } = await read(society, "ngoOther");
      expect([name, shown === null]).toEqual([name, name !== "found"]);
      const found = (await emergencyCases(society)) as readonly { readonly id: string }[];
      expect(found.map(({ id }) => id)).toEqual(name === "found" ? [idOf(society, "ngoOther")] : []);
    }
    expect([...texts]).toHaveLength(1);
    expect([...calls]).toEqual([JSON.stringify({ IGA: 1, ledger: 2 })]);
  });
});

describe("who may open", () => {
  it.each([
    [
      "another purpose",
      { ...worker, purpose: "SHELTER_CARE" },
      {},
      {},
      { __typename: "Forbidden", reason: "PURPOSE" },
    ],
    [
      "no certificate",
      { ...society, staff: "ngo-mwps-caseworker-1" },
      {},
      {},
      { __typename: "CertificationRequired", skill: "SAFEGUARDING" },
    ],
    [
      "an old authentication",
      worker,
      {},
      { minutes: 5 },
      { __typename: "GuardFailed", guard: "FRESH_AUTHENTICATION" },
    ],
    [
      "one of an unknown time",
      worker,
      {},
      { auth_time: undefined },
      { __typename: "GuardFailed", guard: "FRESH_AUTHENTICATION" },
    ],
    [
      "one to come",
      worker,
      {},
      { minutes: -1 },
      { __typename: "GuardFailed", guard: "FRESH_AUTHENTICATION" },
    ],
    [
      "a short reason",
      worker,
      { why: "help her now please" },
      {},
      { __typename: "GuardFailed", guard: "JUSTIFICATION" },
    ],
    [
      "a reason of blanks",
      worker,
      { why: `a${" ".repeat(40)}b` },
      {},
      { __typename: "GuardFailed", guard: "JUSTIFICATION" },
    ],
  ])(
    "%s is refused, no agency is asked, and nothing is opened",
    async (_name, reader, variables, signed, refusal) => {
      const { minutes, ...claims } = signed as { readonly minutes?: number };
      const auth = minutes === undefined ? {} : { auth_time: Math.floor(now / 1_000) - minutes * 60 };
      const { result, calls } = await on.watch(() =>
        open(reader, "overview", variables, { ...auth, ...claims }),
      );
      expect(payload(result)).toEqual(refusal);
      expect(calls).not.toHaveProperty("ledger");
      expect(await entries()).toEqual([]);
    },
  );

  it("an authentication of a second less than five minutes ago, and a reason of twenty characters, are enough", async () => {
    const auth_time = Math.ceil(now / 1_000) - 299;
    expect(payload(await open(worker, "overview", { why: "12345678901234567890" }, { auth_time }))).toEqual(
      opened(),
    );
  });

  it("three a day, of whatever, and no fourth until midnight where the deployment is", async () => {
    for (const name of ["overview", "related", "closed"] as const)
      expect(payload(await open(worker, name))).toEqual(opened());
    expect(payload(await open(worker, "presumedWorker"))).toEqual({
      __typename: "GuardFailed",
      guard: "DAILY_LIMIT",
    });
    expect((await read(worker, "presumedWorker")).case).toMatchObject({ screening: null });
    expect(payload(await open(intake, "overview"))).toEqual(opened());
    now += 12 * 60 * MINUTE;
    expect(payload(await open(worker, "presumedWorker"))).toEqual(opened());
  });

  it("two at once do not make four of three", async () => {
    const replies = await Promise.all(
      (["overview", "related", "closed", "presumedWorker", "child"] as const).map((name) =>
        open(worker, name),
      ),
    );
    const types = replies.map((reply) => (payload(reply) as { readonly __typename: string }).__typename);
    expect(types.filter((type) => type === "BreakGlassOpened")).toHaveLength(3);
    expect(await entries()).toHaveLength(3);
  });

  it("one key opens once, however often it is sent, and no other object", async () => {
    const key = `try-${now}`;
    const replies = await Promise.all([1, 2, 3].map(() => open(worker, "overview", { key })));
    for (const reply of replies) expect(payload(reply)).toEqual(opened());
    const first = opened();
    now += MINUTE;
    expect(payload(await open(worker, "overview", { key }))).toEqual(first);
    expect(await entries()).toHaveLength(1);
    const other = await open(worker, "related", { key });
    expect(other.errors.map(({ extensions }) => extensions.code)).toEqual(["BAD_USER_INPUT"]);
    expect(await entries()).toHaveLength(1);
  });

  it("exactly one object, under no issue", async () => {
    const both = { document: { cpr: "900100000", name: "No One" } };
    const replies = [
      await open(worker, "overview", both),
      await ask(worker, OPEN, { why: REASON }),
      await open({ ...worker, issue: { uid: uidOf("overview") } }, "overview"),
      await open({ ...worker, issue: "nonsense" }, "overview"),
    ];
    for (const { errors } of replies)
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(["BAD_USER_INPUT"]);
    expect(await entries()).toEqual([]);
  });

  it("no simple request: neither GET nor a form's media type opens anything", async () => {
    const variables = JSON.stringify({ id: idOf(worker, "overview"), why: REASON });
    const seconds = Math.floor(now / 1_000);
    const claims = { iat: seconds, exp: seconds + 600, auth_time: seconds };
    const token = await on.mint({
      role: worker.role,
      member: memberOf(worker),
      staff: worker.staff ?? "",
      claims,
    });
    const headers = { authorization: `Bearer ${token}`, "x-purpose": EMERGENCY };
    const url = `${on.url}/graphql?${new URLSearchParams({ query: OPEN, variables })}`;
    const got = await fetch(url, { headers: { ...headers, accept: "application/json" } });
    expect(got.status).toBe(405);
    const body = JSON.stringify({ query: OPEN, variables: JSON.parse(variables) });
    const posted = await fetch(`${on.url}/graphql`, {
      method: "POST",
      headers: { ...headers, "content-type": "text/plain" },
      body,
    });
    expect(posted.status).toBe(415);
    expect(await entries()).toEqual([]);
  });
});

describe("notices", () => {
  it("say that one entry awaits, to owner, reviewer and auditor, and to nobody else", async () => {
    const at = new Map<Reader, number>();
    const others: readonly Reader[] = [
      { ...worker, purpose: "SHELTER_CARE" },
      { ...reviewer, purpose: "IDENTIFICATION_SCREENING" },
      { role: "PPO.chief", purpose: "AUDIT_OVERSIGHT", staff: "ppo-chief-1" },
      { role: "MOI.securityOfficer", purpose: "AUDIT_OVERSIGHT", staff: "moi-securityOfficer-1" },
    ];
    const owner: Reader = {
      role: "EPC.securityOfficer",
      purpose: "AUDIT_OVERSIGHT",
      staff: "epc-securityOfficer-1",
    };
    for (const reader of [reviewer, auditor, owner]) at.set(reader, (await notices(reader)).length);
    await open(worker, "presumedWorker");
    // The reviewer is of the owner's organisation, too.
    const more = [2, 1, 1];
    for (const [i, [reader, count]] of [...at].entries()) {
      const now = await notices(reader);
      expect(now).toHaveLength(count + (more[i] ?? 0));
      expect(now[0]).toEqual({
        at: expect.any(String),
        text: { en: "one break-glass entry awaits you", ar: "قيد اطلاع طارئ واحد بانتظارك" },
      });
    }
    for (const reader of others) expect(await notices(reader)).toEqual([]);
  });
});

describe("overlays", () => {
  const owner: Reader = {
    role: "EPC.securityOfficer",
    purpose: "AUDIT_OVERSIGHT",
    staff: "epc-securityOfficer-1",
  };

  /** As the ledger would have it, for as long as `act` takes. */
  async function overlaid(kind: string, subject: string, act: () => Promise<void>): Promise<void> {
    const ledger = new pg.Client({ connectionString: on.databaseUrl("ledger") });
    await ledger.connect();
    const values = [uidOf("presumedWorker"), kind, subject];
    try {
      await ledger.query("insert into case_overlay (case_uid, kind, subject) values ($1, $2, $3)", values);
      await act();
    } finally {
      await ledger.query(
        "delete from case_overlay where case_uid = $1 and kind = $2 and subject = $3",
        values,
      );
      await ledger.end();
    }
  }

  it("keep notice and entry from an organisation whose official is suspected, and the case from whoever opened it", async () => {
    const before = [await notices(owner), await notices(reviewer), await notices(auditor)].map(
      ({ length }) => length,
    );
    await open(worker, "presumedWorker");
    const [entry] = await entries();
    await overlaid("OFFICIAL_SUSPECT", memberOf(worker), async () => {
      const after = [await notices(owner), await notices(reviewer), await notices(auditor)];
      expect(after[0]?.length).toBeLessThanOrEqual(before[0] ?? 0);
      expect(after[1]?.length).toBeLessThanOrEqual(before[1] ?? 0);
      expect(after[2]).toHaveLength((before[2] ?? 0) + 1);
      expect(await entries()).toEqual([]);
      const { data } = await ask(reviewer, REVIEW, { id: entry?.id, justified: true });
      expect(data).toEqual({ reviewBreakGlass: { __typename: "Forbidden", reason: "NOT_YOURS" } });
      expect((await read(worker, "presumedWorker")).case).toBeNull();
    });
    expect((await entries()).map(({ id }) => id)).toEqual([entry?.id]);
    expect((await read(worker, "presumedWorker")).case).toMatchObject({ screening: expect.anything() });
  });

  it("keep them from staff who are linked to a party, and from no colleague", async () => {
    await open(worker, "presumedWorker");
    await overlaid("STAFF_CONFLICT", "epc-reviewer-1", async () => {
      expect(await entries(reviewer)).toEqual([]);
      expect(await entries({ ...reviewer, staff: "epc-reviewer-2" })).toHaveLength(1);
    });
    expect(await entries(reviewer)).toHaveLength(1);
  });
});

describe("breakGlassOpened", () => {
  const EVENT = { breakGlassOpened: { text: { en: "one break-glass entry awaits you" } } };
  const QUERY = "subscription { breakGlassOpened { text { en } } }";

  /** The gateway's clock is ahead: a token for it would be from the future for nobody but us. */
  async function headersOf(reader: Reader): Promise<Record<string, string>> {
    const seconds = Math.floor(now / 1_000);
    const token = await on.mint({
      ...{ role: reader.role, member: memberOf(reader), staff: reader.staff ?? "" },
      claims: { iat: seconds, exp: seconds + 600, auth_time: seconds },
    });
    return { authorization: `Bearer ${token}`, "x-purpose": reader.purpose };
  }

  it("brings one notice over SSE and WebSocket at once, and none to those whose it is not", async () => {
    const url = `${on.url}/graphql`;
    const sse = async (reader: Reader) =>
      createSseClient({ url, headers: await headersOf(reader), retryAttempts: 0 }).iterate({ query: QUERY });
    const socket = createWsClient({
      ...{ url: url.replace("http", "ws"), webSocketImpl: WebSocket, retryAttempts: 0 },
      connectionParams: await headersOf(auditor),
    });
    const silent = await sse({ role: "PPO.chief", purpose: "AUDIT_OVERSIGHT", staff: "ppo-chief-1" });
    const events = [await sse(auditor), socket.iterate({ query: QUERY })];
    const told = events.map((each) => each.next());
    let isSilent = true;
    void silent.next().then(({ done }) => {
      isSilent = done === true;
    });
    await sleep(1_000);
    await open(worker, "presumedWorker");
    for (const event of await Promise.all(told)) expect(event.value).toEqual({ data: EVENT });
    expect(isSilent).toBe(true);
    for (const each of [...events, silent]) await each.return?.();
    await socket.dispose();
  });
});

describe("the review", () => {
  const review = async (id: string | undefined, justified: boolean, reader = reviewer): Promise<unknown> =>
    (await ask(reader, REVIEW, { id, justified })).data?.["reviewBreakGlass"];

  it("shows the reviewer who, when and why, and nobody else", async () => {
    await open(worker, "presumedWorker");
    const [entry] = await entries();
    expect(entry).toEqual({
      ...{ id: expect.any(String), openedAt: new Date(now).toISOString(), until: opened().until },
      ...{
        agency: { code: "EPC" },
        staff: "epc-caseWorker-3",
        role: "EPC.caseWorker",
        justification: REASON,
      },
      ...{ reviewDueBy: new Date(now + 72 * 60 * MINUTE).toISOString(), justified: null },
    });
    expect(await entries(worker)).toEqual([]);
    expect(await entries(auditor)).toEqual([]);
    expect(await review(entry?.id, true, auditor)).toEqual({ __typename: "Forbidden", reason: "NOT_YOURS" });
    expect(await review(entry?.id, true, { ...worker, purpose: "SHELTER_CARE" })).toEqual({
      __typename: "Forbidden",
      reason: "NOT_YOURS",
    });
  });

  it("is written once, and the notices are gone", async () => {
    const before = (await notices(auditor)).length;
    await open(worker, "presumedWorker");
    const [entry] = await entries();
    const justified = { __typename: "BreakGlassReviewed", justified: true, suspended: false };
    expect(await notices(auditor)).toHaveLength(before + 1);
    expect(await review(entry?.id, true)).toEqual(justified);
    expect(await review(entry?.id, true)).toEqual(justified);
    expect(await review(entry?.id, false)).toEqual({ __typename: "GuardFailed", guard: "ALREADY_REVIEWED" });
    expect(await notices(auditor)).toHaveLength(before);
    // Justified, it stays open for its hour.
    expect((await read(worker, "presumedWorker")).case).toMatchObject({ screening: expect.anything() });
  });

  it("ends what was not justified at once, and the second one suspends the member of staff", async () => {
    const suspect = intake;
    await open(suspect, "presumedWorker");
    await open(suspect, "related");
    expect((await read(suspect, "presumedWorker")).case).toMatchObject({ screening: expect.anything() });
    const [first, second] = await entries();
    const unjustified = { __typename: "BreakGlassReviewed", justified: false };
    expect(await review(first?.id, false)).toEqual({ ...unjustified, suspended: false });
    expect((await read(suspect, "presumedWorker")).case).toMatchObject({ screening: null });
    expect(await review(second?.id, false)).toEqual({ ...unjustified, suspended: true });
    await expect.poll(async () => (await ask(suspect, "{ agencies { code } }")).status).toBe(401);
    expect((await ask(worker, "{ agencies { code } }")).status).toBe(200);
  });
});

describe("what is kept", () => {
  it("the record says break-glass of the opening and of what was read, and of nothing else", async () => {
    const count = (await on.records()).length;
    await open(worker, "presumedWorker");
    await read(worker, "presumedWorker");
    await read(worker, "overview");
    const records = (await on.records()).slice(count);
    const broken = records.filter(({ kind }) => kind === "BREAK_GLASS");
    expect(broken).toHaveLength(2);
    expect(broken.map(({ issue, reader, purpose }) => ({ issue, reader, purpose }))).toEqual(
      [1, 2].map(() => ({ issue: uidOf("presumedWorker"), reader: "epc-caseWorker-3", purpose: EMERGENCY })),
    );
    expect(broken[0]?.subjects).toEqual([]);
    expect(broken[1]?.subjects.length).toBeGreaterThan(0);
  });

  it("the reason is in no log line, no file and no cell in the clear", async () => {
    const why = "cnr-break-glass-0-reason: she is in danger now";
    await open(worker, "presumedWorker", { why });
    expect((await entries())[0]?.justification).toBe(why);
    expect(on.lines.filter((line) => line.includes("cnr-break-glass"))).toEqual([]);
    const client = new pg.Client({ connectionString: on.databaseUrl("gateway") });
    await client.connect();
    const { rows } = await client.query("select * from break_glass.opening");
    await client.end();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain("cnr-break-glass");
  });
});
