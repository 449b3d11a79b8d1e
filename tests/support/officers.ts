/**
 * What tests of the policy store over GraphQL ask: a deployment whose policies are in a store, security officers of several agencies,
 * and what they do there.
 */
import { afterAll, beforeAll, expect } from "vitest";
import { defaultMember } from "../../sandbox/synth/cast.ts";
import { noteSigner } from "../../src/audit/note.ts";
import { KEY_NAME } from "../../src/policy-store/statements.ts";
import { officer, publishEdits, type TestStore, testStore } from "../policy-store/tools.ts";
import { type Deployment, type Reader, startDeployment } from "./deployment.ts";

export const officerOf = (agency: string, staff: string): Reader => ({
  ...{ role: `${agency}.securityOfficer`, purpose: "AUDIT_OVERSIGHT" },
  ...{ member: defaultMember(`${agency}.securityOfficer`), staff },
});
export const AUTHOR = officerOf("LMRA", "lmra-officer-1");
export const COLLEAGUE = officerOf("LMRA", "lmra-officer-2");
export const AUDITOR = officerOf("NCC", "ncc-officer-1");
export const READER: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };
/** For a worker's permit `$n`. */
export const PROBE =
  "query ($n: String!) { worker(workPermitNo: $n) { workPermitNo person { nameAr { full } nameLatin { full } } } }";

/** Closes one of the fields that the probe asks for. */
export const CLOSED = {
  path: "lmra/latin.cedar",
  text: `@id("LMRA.latin")
@title("Inspectors read names in Latin letters")
@legalBasis("R7")
@owner("LMRA")
forbid (
  principal in Agency::"LMRA",
  action == Action::"Person.nameAr",
  resource
);
`,
};

const DRAFT = `number hash base note by { agency member staff } widens needs missing outdated published
  approvals { by { staff } } changes { path kind before after }`;
export const PUBLICATION = "number act version policyVersion draft note by { staff } with { staff } inForce";
const REFUSAL = "refusal { code message problems { file line column message } }";
export const ACTS = {
  draft: `mutation ($files: [PolicyFileInput!]!, $removed: [String!], $note: String!, $base: Int) {
    done: draftPolicies(files: $files, removed: $removed, note: $note, base: $base) { draft { ${DRAFT} } ${REFUSAL} } }`,
  approve: `mutation ($draft: Int!, $hash: String!) { done: approvePolicies(draft: $draft, hash: $hash) { draft { ${DRAFT} } ${REFUSAL} } }`,
  publish: `mutation ($draft: Int!) { done: publishPolicies(draft: $draft) { publication { ${PUBLICATION} } ${REFUSAL} } }`,
  rollback: `mutation ($version: Int!) { done: rollbackPolicies(version: $version) { publication { ${PUBLICATION} } ${REFUSAL} } }`,
  shadow: `mutation ($draft: Int) { done: shadowPolicies(draft: $draft) { shadow { draft by { staff } differences } ${REFUSAL} } }`,
} as const;

interface Problem {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly problems: readonly Problem[];
}

export interface Done {
  readonly draft?: { readonly number: number; readonly hash: string; readonly missing: readonly string[] };
  readonly publication?: { readonly number: number; readonly policyVersion: string };
  readonly shadow?: object | null;
  readonly refusal: Refusal | null;
}

export interface WithStore {
  readonly on: Deployment;
  readonly store: TestStore;
  close(): Promise<void>;
}

/** In force are the policies that ship, published by an officer of `agency`. `env`: more of the configuration. */
export async function startWithStore(
  agency: string,
  env: Readonly<Record<string, string>> = {},
): Promise<WithStore> {
  const opened: TestStore[] = [];
  const on = await startDeployment({
    env: { ...env, IHALA_POLICY_SOURCE: "store" },
    beforeGateway: async ({ url, secrets }) => {
      const store = await testStore(url, noteSigner(KEY_NAME, secrets.policySigning));
      opened.push(store);
      await publishEdits(store, officer(agency), [officer("NCC")], {});
    },
  });
  const [store] = opened;
  const close = async (): Promise<void> => {
    await on.close();
    await store?.close();
  };
  return { on, close, store: store ?? expect.fail("no store was opened") };
}

export interface Officers extends Omit<WithStore, "close"> {
  act(reader: Reader, kind: keyof typeof ACTS, variables: object): Promise<Done>;
  /** Why an act was refused, which has changed nothing. */
  refused(reader: Reader, kind: keyof typeof ACTS, variables: object): Promise<Refusal>;
  /** Everything that the store holds, as it is signed. */
  stored(): Promise<readonly unknown[]>;
}

/** One deployment for the tests of a file. */
export function withOfficers(): Officers {
  let started: WithStore | null = null;
  const at = (): WithStore => started ?? expect.fail("the deployment does not run yet");
  beforeAll(async () => {
    started = await startWithStore("LMRA");
  }, 240_000);
  afterAll(() => started?.close());

  const stored: Officers["stored"] = async () => {
    const tables = ["draft", "approval", "publication", "shadow"];
    const rows = tables.map((table) =>
      at().store.pool.query(`select * from policy_store.${table} order by note`),
    );
    return (await Promise.all(rows)).map((result) => result.rows);
  };
  const act: Officers["act"] = async (reader, kind, variables) => {
    const reply = await at().on.ask(reader, ACTS[kind], { ...variables });
    expect(reply.errors).toEqual([]);
    expect(reply.withheld).toEqual([]);
    return (reply.data as { readonly done: Done }).done;
  };
  return {
    get on() {
      return at().on;
    },
    get store() {
      return at().store;
    },
    ...{ act, stored },
    async refused(reader, kind, variables) {
      const before = await stored();
      const { refusal, ...rest } = await act(reader, kind, variables);
      expect(Object.values(rest)).toEqual([null]);
      expect(await stored()).toEqual(before);
      return refusal ?? expect.fail("nothing was refused");
    },
  };
}
