/** What the policy store refuses over GraphQL changes nothing; nobody else than security officers acts or looks. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POLICIES_DIR } from "../../policy/shipped.ts";
import { type Deployment, type Reader, startDeployment } from "../../support/deployment.ts";
import { ACTS, AUDITOR, AUTHOR, CLOSED, READER, withOfficers } from "../../support/officers.ts";

describe("the policy store over GraphQL", { timeout: 240_000 }, () => {
  const officers = withOfficers();
  const { act, refused, stored } = officers;

  it("says what is wrong with policies, and where", async () => {
    const broken = {
      path: CLOSED.path,
      text: `${CLOSED.text}\npermit (principal, action, resource) when { 1 };\n`,
    };
    const invalid = await refused(AUTHOR, "draft", { files: [broken], note: "broken" });
    expect(invalid.code).toBe("POLICY_INVALID");
    expect(invalid.problems).toContainEqual(
      expect.objectContaining({ file: CLOSED.path, line: 11, column: expect.any(Number) }),
    );
    const named = await refused(AUTHOR, "draft", { files: [{ path: "../out.cedar", text: "" }], note: "x" });
    expect(named.problems).toEqual([
      {
        ...{ file: null, line: null, column: null },
        message: "`../out.cedar` is no name for a file of policies",
      },
    ]);
    const gone = await refused(AUTHOR, "draft", { files: [], removed: ["nothing.cedar"], note: "x" });
    expect(gone.problems[0]?.message).toContain("is not there");
    const schema = { path: "schema.cedarschema", text: await ownSchema() };
    expect((await refused(AUTHOR, "draft", { files: [schema], note: "x" })).problems).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining("is not what `ihala compose` writes") }),
    );
    expect((await refused(AUTHOR, "draft", { files: [], note: "n".repeat(201) })).message).toContain("200");
    expect((await refused(AUTHOR, "shadow", { draft: 999 })).message).toBe("there is no draft 999");
    expect((await refused(AUTHOR, "rollback", { version: 999 })).message).toBe("there is no publication 999");
    const body = await officers.on.ask(AUTHOR, ACTS.draft, {
      files: [{ path: "big.md", text: "x".repeat(1_100_000) }],
      note: "too large",
    });
    expect(body).toMatchObject({
      status: 413,
      errors: [{ message: expect.stringMatching(/larger than \d+/) }],
    });
  });

  it("publishes nothing that fails its tests, whoever approved", async () => {
    const text = CLOSED.text.replace("LMRA.latin", "LMRA.numbers").replace("nameAr", "cpr");
    const failing = { path: "lmra/numbers.cedar", text };
    const { draft } = await act(AUTHOR, "draft", { files: [failing], note: "no personal numbers" });
    await act(AUDITOR, "approve", { draft: draft?.number, hash: draft?.hash });
    const refusal = await refused(AUTHOR, "publish", { draft: draft?.number });
    expect(refusal).toMatchObject({
      ...{ code: "POLICY_INVALID", message: "the policies do not pass `policy test`" },
      problems: expect.arrayContaining([
        expect.objectContaining({ file: expect.stringMatching(/\.test\.yaml$/), line: expect.any(Number) }),
      ]),
    });
  });

  const LOOKS = [
    "policyVersions { number hash }",
    "policyVersion { number files { text } }",
    "policyDrafts { number note }",
    "policyDraft(number: 1) { number changes { after } }",
    "policyShadow { draft }",
  ];
  const DEEDS = [
    'draftPolicies(files: [{ path: "mine.md", text: "mine" }], note: "mine") { draft { number } refusal { message } }',
    `approvePolicies(draft: 2, hash: "${"0".repeat(64)}") { refusal { message } }`,
    "publishPolicies(draft: 2) { __typename }",
    "rollbackPolicies(version: 1) { publication { number } }",
    "shadowPolicies { __typename }",
  ];

  it.each([...LOOKS.map((field) => ["query", field]), ...DEEDS.map((field) => ["mutation", field])])(
    "is closed to everybody else: %s { %s }",
    async (kind, field = "") => {
      const others: readonly Reader[] = [
        READER,
        { role: "NCC.auditor", purpose: "AUDIT_OVERSIGHT" },
        { role: "EPC.caseWorker", purpose: "SHELTER_CARE" },
      ];
      const [name = ""] = field.split(/\W/);
      const before = await stored();
      for (const reader of others) {
        const reply = await officers.on.ask(reader, `${kind} { ${field} }`);
        expect(reply, reader.role).toMatchObject({
          ...{ errors: [], data: { [name]: null }, withheld: [{ path: [name], reason: "R7" }] },
        });
      }
      const elsewhere = await officers.on.ask(
        { ...AUTHOR, purpose: "LABOUR_INSPECTION" },
        `${kind} { ${field} }`,
      );
      expect(elsewhere).toMatchObject({ data: null, errors: [{ extensions: { code: "PURPOSE_NOT_HELD" } }] });
      expect(await stored()).toEqual(before);
    },
  );
});

/** The deployment's schema with a field moved to a group that more may read. */
async function ownSchema(): Promise<string> {
  const text = await readFile(join(POLICIES_DIR, "schema.cedarschema"), "utf8");
  return text.replace('"PolicyDraft.number", ', "");
}

describe("where policies are files", () => {
  let on: Deployment;
  beforeAll(async () => {
    on = await startDeployment();
  });
  afterAll(() => on?.close());

  it("says so to officers, and to nobody else", async () => {
    const acted = await on.ask(AUTHOR, ACTS.draft, { files: [CLOSED], note: "x" });
    expect(acted.data).toMatchObject({
      done: {
        draft: null,
        refusal: { code: "POLICY_REFUSED", message: expect.stringContaining("policy.source: store") },
      },
    });
    const looked = await on.ask(AUTHOR, "{ policyVersions { number } }");
    expect(looked.data).toBeNull();
    expect(looked.errors).toMatchObject([{ extensions: { code: "POLICY_REFUSED" } }]);
    const other = await on.ask(READER, "{ policyVersions { number } }");
    expect(other).toMatchObject({ errors: [], data: { policyVersions: null } });
  });
});
