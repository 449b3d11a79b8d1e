/** What officers ask about policies: the answers of the gateway's own subgraph are those of the engine's own reviews. */
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { gwSubgraph } from "../../../resolvers/gw/index.ts";
import { PACKAGE_ROOT } from "../../../src/config/package-root.ts";
import { inProcessBackend } from "../../../src/connectors/in-process.ts";
import { explain } from "../../../src/policy/explain/explain.ts";
import { createReviewDesk } from "../../../src/policy/review/review-desk.ts";
import { openTestDesk } from "../../break-glass/desks.ts";
import { shippedPolicies } from "../../policy/shipped.ts";
import { shippedContentDesk } from "../../policy-store/content-desks.ts";
import { NO_ACCESS_LOGS } from "../../support/no-access-logs.ts";

const set = await shippedPolicies();
const desk = createReviewDesk(set, join(PACKAGE_ROOT, "schema"));
const drafts = await shippedContentDesk();
const glass = await openTestDesk();
afterAll(() => Promise.all([desk.close(), glass.close()]));
const gw = inProcessBackend({
  ...gwSubgraph({
    members: [],
    staff: { byUid: async () => [] },
    knowsPerson: async () => false,
    catalogue: [],
    policies: { set, desk, drafts },
    policyStore: null,
    accessLogs: NO_ACCESS_LOGS,
    breakGlass: glass.desk,
  }),
  timeoutMs: 150_000,
});

const OFFICER = { agency: "MOI", role: "MOI.securityOfficer", purpose: "AUDIT_OVERSIGHT" };
const CASEWORKER = { agency: "NGO", role: "NGO.caseworker", purpose: "SHELTER_CARE" };

async function ask<Data>(
  query: string,
  variables: Record<string, unknown> = {},
  as = OFFICER,
): Promise<Data> {
  const { data, errors } = await gw.fetch({
    ...{ query, variables, kind: "query" },
    reader: { requestId: "0", ...as, member: "m", staff: "s", issue: null },
    signal: new AbortController().signal,
  });
  expect(errors).toEqual([]);
  return data as Data;
}

const DECISION = `query ($input: PolicyQuestion!, $lang: Lang) { policyDecision(input: $input, lang: $lang) {
  effect level reasons policies version outside nearest { changes effect }
  levels { level permits { name title place applies clauses { holds words values } } forbids { name clauses { words } } } } }`;
const asking = (row: object, change: object = {}) => ({
  ...CASEWORKER,
  field: "SupportPlan.type",
  row,
  ...change,
});

interface Decision {
  readonly policyDecision: {
    readonly effect: string;
    readonly outside: string | null;
    readonly levels: readonly {
      readonly level: string;
      readonly permits: readonly { readonly name: string }[];
    }[];
    readonly nearest: readonly { readonly changes: readonly string[]; readonly effect: string }[];
  } & Record<string, unknown>;
}

describe("policyDecision", () => {
  it("explains down to the clause that failed, and says what would have to be different", async () => {
    const input = asking({ referrals: [{ groups: ["SERVICES_PLAN"] }] });
    const { policyDecision } = await ask<Decision>(DECISION, { input, lang: "EN" });
    expect(policyDecision).toMatchObject({
      ...{ effect: "DENY", level: null, reasons: ["R3"], version: set.version, outside: null },
      nearest: expect.arrayContaining([
        { changes: ["a consent that names NGO and SERVICES_PLAN, given and in force"], effect: "ALLOW" },
      ]),
    });
    const help = policyDecision.levels[0]?.permits.find(({ name }) => name === "NGO.help");
    expect(help).toMatchObject({
      place: "ngo/care.cedar:2:1",
      applies: false,
      clauses: [
        { holds: true, words: "the reader's agency is NGO" },
        { holds: true, words: "a referral grants SERVICES_PLAN", values: ["granted: SERVICES_PLAN"] },
        { holds: false, words: "the person agreed to SERVICES_PLAN", values: ["consented: nothing"] },
      ],
    });
  });

  it("is the engine's own explanation, for every fact of a row", async () => {
    const rows: readonly (readonly [object, object])[] = [
      [
        { caseBound: false, own: true },
        { caseBound: false, own: true },
      ],
      [
        { holder: true, assigned: false },
        { owner: true, assigned: false },
      ],
      [
        { charged: true, courtGroups: ["SERVICES_PLAN"] },
        { charged: true, courtGroups: ["SERVICES_PLAN"] },
      ],
      [
        { child: true, sealed: true, certificates: ["INTERVIEW_CHILD"] },
        { child: true, sealed: true, certificates: ["INTERVIEW_CHILD"] },
      ],
      [
        { officialSuspect: true, staffConflict: true, basis: "COURT_ORDER" },
        { officialSuspect: true, staffConflict: true, basis: "COURT_ORDER" },
      ],
      [{ breakGlass: true }, { breakGlass: { until: 2000 } }],
      [
        { referrals: [{ groups: ["SERVICES_PLAN"], status: "DONE", purpose: "LEGAL_AID", inForce: false }] },
        { referrals: [{ groups: ["SERVICES_PLAN"], status: "DONE", purpose: "LEGAL_AID", expiresAt: 0 }] },
      ],
      [
        { consents: [{ groups: ["SERVICES_PLAN"], status: "REFUSED", inForce: false }] },
        { consents: [{ groups: ["SERVICES_PLAN"], status: "REFUSED", validUntil: 0, recipients: ["NGO"] }] },
      ],
    ];
    for (const [row, told] of rows) {
      const expected = explain(set, { ...CASEWORKER, field: "SupportPlan.type", row: told }, "ar");
      const { policyDecision } = await ask<Decision>(DECISION, { input: asking(row), lang: "AR" });
      expect(policyDecision.effect).toBe(expected.answer.effect);
      expect(policyDecision.nearest).toEqual(
        expected.nearest.map(({ changes, answer }) => ({ changes, effect: answer.effect })),
      );
      expect(policyDecision.levels.map(({ permits }) => permits.map(({ name }) => name))).toEqual(
        expected.levels.map(({ permits }) => permits.map(({ id }) => id)),
      );
    }
  }, 60_000);

  it("speaks Arabic unless it is asked for English", async () => {
    const { policyDecision } = await ask<Decision>(DECISION, { input: asking({}) });
    expect(JSON.stringify(policyDecision.nearest)).toMatch(/موافقة ممنوحة وسارية/);
    const wrong = await ask<Decision>(DECISION, { input: asking({}, { role: "NGO.nobody" }), lang: "EN" });
    expect(wrong.policyDecision).toMatchObject({
      effect: "DENY",
      outside: "`NGO.nobody` is no role of the domain",
    });
  });
});

it("says who sees a field when, and nothing of what is no field", async () => {
  const query = `query ($field: String!) { policyWho(field: $field, lang: EN) { field group version
    seeing { readers { role purpose certificates } caseBound effect when permits { name conditions } } never { role } } }`;
  const { policyWho } = await ask<{ policyWho: Record<string, never[]> }>(query, {
    field: "SupportPlan.type",
  });
  expect(policyWho).toMatchObject({
    field: "SupportPlan.type",
    group: "SERVICES_PLAN",
    version: set.version,
  });
  expect(policyWho["seeing"]).toContainEqual(
    expect.objectContaining({
      ...{ caseBound: true, effect: "ALLOW", when: "SOMETIMES" },
      permits: [
        {
          name: "NGO.help",
          conditions: ["a referral grants SERVICES_PLAN", "the person agreed to SERVICES_PLAN"],
        },
      ],
    }),
  );
  expect(policyWho["never"]).toContainEqual({ role: "IGA.registrar" });
  expect(await ask(query, { field: "SupportPlan.nothing" })).toEqual({ policyWho: null });
}, 120_000);

it("lists the policies with their text, by owner and by field", async () => {
  const query =
    "query ($owner: AgencyCode, $field: String) { policies(owner: $owner, field: $field) { name title legalBasis owner effect place text } }";
  interface Listed {
    readonly policies: readonly Record<"name" | "owner" | "text" | "effect" | "place", string>[];
  }
  const { policies } = await ask<Listed>(query);
  expect(policies.map(({ name }) => name)).toEqual(set.policies.map(({ id }) => id));
  expect(policies.find(({ name }) => name === "NGO.header")).toMatchObject({
    title: "Its number and stage, once granted",
    ...{ legalBasis: "R3", owner: "NGO", effect: "PERMIT" },
    text: expect.stringContaining('action in Action::"CASE_HEADER:clear"'),
  });
  const ofSocieties = await ask<Listed>(query, { owner: "NGO" });
  expect(new Set(ofSocieties.policies.map(({ owner }) => owner))).toEqual(new Set(["NGO"]));
  const ofVerdicts = await ask<Listed>(query, { field: "Verdict.defendant" });
  expect(ofVerdicts.policies.map(({ name }) => name)).toEqual(expect.arrayContaining(["sealed.names"]));
  expect(ofVerdicts.policies.map(({ name }) => name)).not.toContain("RTC.register");
  expect((await ask<Listed>(query, { field: "Verdict.nothing" })).policies).toEqual([]);
});

it("shows role by group what can be had, once worked out for all", async () => {
  interface Matrix {
    readonly policyMatrix: {
      readonly version: string;
      readonly agencies: readonly Record<string, unknown>[];
      readonly roles: readonly Record<string, unknown>[];
      readonly fields?: readonly Record<string, unknown>[];
    };
  }
  const part = "query ($groups: [FieldGroup!]) { policyMatrix(agencies: [MOI, NPRA], groups: $groups)";
  const { policyMatrix } = await ask<Matrix>(
    `${part} { version agencies { agency group effect when roles fields { clear masked closed } } roles { role group effect when } } }`,
    { groups: ["SHELTER_PLACEMENT"] },
  );
  expect(policyMatrix.version).toBe(set.version);
  expect(policyMatrix.agencies).toEqual([
    expect.objectContaining({
      ...{ agency: "MOI", group: "SHELTER_PLACEMENT", effect: "MASK", when: "SOMETIMES" },
      fields: { clear: 0, masked: 1, closed: 11 },
    }),
    expect.objectContaining({ agency: "NPRA", effect: "HIDE", roles: [] }),
  ]);
  expect(policyMatrix.roles).toContainEqual({
    role: "MOI.officer",
    group: "SHELTER_PLACEMENT",
    effect: "MASK",
    when: "SOMETIMES",
  });
  expect(policyMatrix.roles.filter(({ role }) => role === "MOI.securityOfficer")).toEqual([
    expect.objectContaining({ effect: "HIDE" }),
  ]);
  const started = performance.now();
  const again = await ask<Matrix>(
    `${part} { fields(role: "NPRA.residenceOfficer") { field purpose inCase { effect when } withoutCase { effect } } } }`,
    { groups: ["SUSPECT"] },
  );
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(again.policyMatrix.fields).toContainEqual({
    ...{ field: "Person.travelOrder", purpose: "IMMIGRATION_ENFORCEMENT" },
    inCase: { effect: "HIDE", when: "ALWAYS" },
    withoutCase: { effect: "HIDE" },
  });
}, 180_000);

describe("myDecision", () => {
  const own = (field: string, row: object = {}, as = CASEWORKER) =>
    ask<{ myDecision: object }>(
      "query ($field: String!, $row: OwnRow) { myDecision(field: $field, row: $row) { effect level reason } }",
      { field, row },
      as,
    );

  it("is about the reader who asks, for the purpose asked for", async () => {
    const referrals = [{ groups: ["SERVICES_PLAN"] }];
    const consents = [{ groups: ["SERVICES_PLAN"] }];
    expect(await own("SupportPlan.type", { referrals, consents })).toEqual({
      myDecision: { effect: "ALLOW", level: "clear", reason: "R3" },
    });
    expect(await own("SupportPlan.type", { referrals })).toEqual({
      myDecision: { effect: "DENY", level: null, reason: "R3" },
    });
    expect(await own("Policy.text", {}, OFFICER)).toMatchObject({ myDecision: { effect: "ALLOW" } });
    expect(await own("Policy.text")).toMatchObject({ myDecision: { effect: "DENY", reason: "R7" } });
  });

  it("tells no reason of what an answer would not tell", async () => {
    expect(await own("SupportPlan.type")).toEqual({
      myDecision: { effect: "HIDE", level: null, reason: null },
    });
    const consul = { agency: "EXT", role: "EXT.consul", purpose: "CONSULAR_ASSISTANCE" };
    expect(await own("Case.nrmNumber", {}, consul)).toMatchObject({ myDecision: { reason: null } });
  });

  it("takes no fact that is hidden from the reader", async () => {
    for (const fact of ["child", "sealed", "officialSuspect", "staffConflict"]) {
      const { errors } = await gw.fetch({
        query: 'query ($row: OwnRow) { myDecision(field: "Case.id", row: $row) { effect } }',
        ...{ variables: { row: { [fact]: true } }, kind: "query" },
        reader: { requestId: "0", ...CASEWORKER, member: "m", staff: "s", issue: null },
        signal: new AbortController().signal,
      });
      expect(errors.length, fact).toBeGreaterThan(0);
    }
  });
});
