/**
 * Policies are read by security officers alone: to anybody else they are withheld before anything is worked out. What a reader may
 * ask about herself is of no row, so it tells of none.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment();
});
afterAll(() => on?.close());

const officer: Reader = { role: "NGO.securityOfficer", purpose: "AUDIT_OVERSIGHT" };
const caseworker: Reader = { role: "NGO.caseworker", purpose: "SHELTER_CARE" };
const OTHERS: readonly Reader[] = [
  caseworker,
  { role: "NCC.auditor", purpose: "AUDIT_OVERSIGHT" },
  { role: "EPC.caseWorker", purpose: "SHELTER_CARE" },
  { role: "NPRA.residenceOfficer", purpose: "IMMIGRATION_ENFORCEMENT" },
];

const QUESTION =
  '{ agency: NGO, role: "NGO.legal", purpose: LEGAL_AID, field: "SupportPlan.type", row: { referrals: [{ groups: [SERVICES_PLAN] }] } }';
const FIELDS = [
  `policyDecision(input: ${QUESTION}) { effect reasons levels { level permits { name } } nearest { changes } }`,
  'policyWho(field: "SupportPlan.type") { field seeing { effect } never { role } }',
  "policyMatrix { version agencies { agency } roles { role } }",
  "policies { name title text }",
];

const TYPES = [
  ...["Policy", "PolicyDraft", "PolicyPublication", "PolicyShadow", "PolicyActPayload", "PolicyRefusal"],
  ...["PolicyProblem", "PolicyFile", "PolicyFileChange", "PolicyFileInput", "PolicyOfficer", "FileChange"],
];

describe("policies", () => {
  it("are read by a security officer, and no agency is asked", async () => {
    const query = `{ ${FIELDS[0]} policies(owner: NGO) { name text } }`;
    const { result: reply, calls } = await on.watch(() => on.ask(officer, query));
    expect(reply.errors).toEqual([]);
    expect(reply.withheld).toEqual([]);
    expect(reply.data).toMatchObject({ policyDecision: { effect: "DENY", reasons: ["R3"] } });
    expect(reply.text).toContain("NGO.help");
    expect(calls).toEqual({});
    const who = await on.ask(officer, `{ ${FIELDS[1]} }`);
    expect(who.data).toMatchObject({ policyWho: { field: "SupportPlan.type" } });
  }, 60_000);

  it.each(FIELDS)("are withheld from everybody else: %s", async (field) => {
    const [name = ""] = field.split(/\W/);
    for (const reader of OTHERS) {
      const before = (await on.records()).length;
      const reply = await on.ask(reader, `{ ${field} }`);
      expect(reply.errors, reader.role).toEqual([]);
      expect(reply.data, reader.role).toEqual({ [name]: null });
      expect(reply.withheld, reader.role).toEqual([{ path: [name], reason: "R7" }]);
      const records = await on.records();
      expect(records.length, reader.role).toBe(before + 1);
    }
  });

  it("are asked as `docs/policies.md` shows", async () => {
    const page = await readFile(join(PACKAGE_ROOT, "docs/policies.md"), "utf8");
    const query = /```graphql\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    const { data, errors } = await on.ask(officer, query);
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      policyDecision: {
        effect: "DENY",
        nearest: [
          { changes: ["a consent that names NGO and SERVICES_PLAN, given and in force"], effect: "ALLOW" },
        ],
      },
    });
  });

  it("are in nobody else's view", async () => {
    const query = `{ queries: __type(name: "Query") { fields { name } } mutations: __type(name: "Mutation") { fields { name } }
      ${TYPES.map((name) => `${name}: __type(name: "${name}") { name }`).join(" ")} }`;
    interface Named {
      readonly name: string;
    }
    const names = async (reader: Reader) => {
      const { data } = await on.ask(reader, query);
      const { queries, mutations, ...types } = data as {
        readonly queries: { readonly fields: readonly Named[] };
        readonly mutations: { readonly fields: readonly Named[] } | null;
      } & Record<string, Named | null>;
      const fields = [...queries.fields, ...(mutations?.fields ?? [])].map(({ name }) => name);
      return {
        fields: fields.filter((name) => /polic(?:y|ies)/i.test(name)),
        types: Object.values(types).flatMap((type) => type?.name ?? []),
      };
    };
    expect(await names(officer)).toEqual({
      fields: [
        ...["policyDecision", "policyWho", "policyMatrix", "policyVersions", "policyVersion"],
        ...["policyDrafts", "policyDraft", "policyShadow", "policies"],
        ...["policyCheck", "policyFormat", "policyTest", "policyDiff", "policyProve", "policyReplay"],
        ...["draftPolicies", "approvePolicies", "publishPolicies", "shadowPolicies", "rollbackPolicies"],
      ],
      types: TYPES,
    });
    for (const reader of OTHERS) expect(await names(reader), reader.role).toEqual({ fields: [], types: [] });
  });
});

describe("a reader's own question", () => {
  const query = `query ($field: String!, $row: OwnRow) { myDecision(field: $field, row: $row) { effect level reason } }`;

  it("is answered to everybody, about nobody else", async () => {
    const row = { referrals: [{ groups: ["CASE_HEADER"] }] };
    const reply = await on.ask(caseworker, query, { field: "Case.stage", row });
    expect(reply.data).toEqual({ myDecision: { effect: "ALLOW", level: "clear", reason: "R3" } });
    const inspector: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };
    expect((await on.ask(inspector, query, { field: "SupportPlan.type", row })).data).toEqual({
      myDecision: expect.objectContaining({ effect: expect.stringMatching(/DENY|HIDE/) }),
    });
  });

  it("is the same whatever cases there are: under an issue of hers, under one that is not there, and under none", async () => {
    const known = { ...caseworker, issue: { uid: on.cast.cases.overview.uid } };
    const unknown = { ...caseworker, issue: { uid: "00000000-0000-4000-8000-000000000000" } };
    const asked = { field: "Case.id", row: {} };
    const texts = await Promise.all(
      [caseworker, known, unknown].map(async (reader) => (await on.ask(reader, query, asked)).text),
    );
    expect(new Set(texts).size).toBe(1);
  });

  it("cannot name what is hidden from her", async () => {
    for (const fact of ["child", "sealed", "officialSuspect", "staffConflict"]) {
      const reply = await on.ask(caseworker, query, { field: "Case.id", row: { [fact]: true } });
      expect(reply.errors[0]?.extensions.code, fact).toBe("BAD_USER_INPUT");
    }
  });
});
