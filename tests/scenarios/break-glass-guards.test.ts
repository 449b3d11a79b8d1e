/** Who may open emergency access, how often, and by which request: each refusal beside what is just enough. Over HTTP. */
import { describe, expect, it } from "vitest";
import { EMERGENCY } from "../../src/break-glass/opening-rules.ts";
import {
  ask,
  entries,
  idOf,
  intake,
  MINUTE,
  memberOf,
  OPEN,
  open,
  opened,
  payload,
  REASON,
  read,
  scene,
  society,
  uidOf,
  withDeployment,
  worker,
} from "../support/emergencies.ts";

withDeployment();

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
      const auth = minutes === undefined ? {} : { auth_time: Math.floor(scene.now / 1_000) - minutes * 60 };
      const { result, calls } = await scene.on.watch(() =>
        open(reader, "overview", variables, { ...auth, ...claims }),
      );
      expect(payload(result)).toEqual(refusal);
      expect(calls).not.toHaveProperty("ledger");
      expect(await entries()).toEqual([]);
    },
  );

  it("an authentication of a second less than five minutes ago, and a reason of twenty characters, are enough", async () => {
    const auth_time = Math.ceil(scene.now / 1_000) - 299;
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
    scene.now += 12 * 60 * MINUTE;
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
    const key = `try-${scene.now}`;
    const replies = await Promise.all([1, 2, 3].map(() => open(worker, "overview", { key })));
    for (const reply of replies) expect(payload(reply)).toEqual(opened());
    const first = opened();
    scene.now += MINUTE;
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
    const seconds = Math.floor(scene.now / 1_000);
    const claims = { iat: seconds, exp: seconds + 600, auth_time: seconds };
    const token = await scene.on.mint({
      role: worker.role,
      member: memberOf(worker),
      staff: worker.staff ?? "",
      claims,
    });
    const headers = { authorization: `Bearer ${token}`, "x-purpose": EMERGENCY };
    const url = `${scene.on.url}/graphql?${new URLSearchParams({ query: OPEN, variables })}`;
    const got = await fetch(url, { headers: { ...headers, accept: "application/json" } });
    expect(got.status).toBe(405);
    const body = JSON.stringify({ query: OPEN, variables: JSON.parse(variables) });
    const posted = await fetch(`${scene.on.url}/graphql`, {
      method: "POST",
      headers: { ...headers, "content-type": "text/plain" },
      body,
    });
    expect(posted.status).toBe(415);
    expect(await entries()).toEqual([]);
  });
});
