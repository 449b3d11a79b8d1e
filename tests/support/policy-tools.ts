/** What tests of officers' tools over GraphQL ask with, and what they are told. */
import { expect } from "vitest";
import type { Deployment, Reader } from "./deployment.ts";

export const OFFICER: Reader = { role: "NGO.securityOfficer", purpose: "AUDIT_OVERSIGHT" };
export const OTHERS: readonly Reader[] = [
  { role: "NGO.caseworker", purpose: "SHELTER_CARE" },
  { role: "NCC.auditor", purpose: "AUDIT_OVERSIGHT" },
  { role: "EPC.caseWorker", purpose: "SHELTER_CARE" },
];
const ANSWER = "effect level reason policies obligations";
const FINDING = "readers { agency role purpose certificates } fields when question";
const CHANGE = `kind ${FINDING} before { ${ANSWER} } after { ${ANSWER} }`;
const PROBLEMS = "problems { file line column message }";
export const TOOLS = {
  check: `query ($content: PolicyContentInput) { policyCheck(content: $content) {
    ${PROBLEMS} formatted { path formatted } policies tests invariants } }`,
  format: `query ($content: PolicyContentInput) { policyFormat(content: $content) { ${PROBLEMS} formatted { path formatted } } }`,
  test: `query ($content: PolicyContentInput) { policyTest(content: $content) {
    ${PROBLEMS} passed reports { file title cells failures } } }`,
  diff: `query ($content: PolicyContentInput, $against: PolicyContentInput, $lang: Lang = EN) {
    policyDiff(content: $content, against: $against, lang: $lang) { ${PROBLEMS} changes { ${CHANGE} } added removed changed } }`,
  prove: `query ($content: PolicyContentInput, $against: PolicyContentInput) {
    policyProve(content: $content, against: $against, lang: EN) { ${PROBLEMS} wider { ${CHANGE} }
      invariants { name title because cases holds breaches { ${FINDING} answer { ${ANSWER} } } } } }`,
  replay: `query ($content: PolicyContentInput, $decisions: [RecordedDecisionInput!]!) {
    policyReplay(content: $content, decisions: $decisions) { ${PROBLEMS} decisions
      differences { line kind before { ${ANSWER} } after { ${ANSWER} } } } }`,
} as const;
/** In no file that ships. */
export const CANARY = "canary7f3a91";
export const EDITED = `@id("NGO.edited") @title("${CANARY}") @legalBasis("R1") @owner("NGO")
forbid (principal in Agency::"NGO", action == Action::"Person.nameAr", resource);
`;

export interface Told {
  readonly problems: readonly {
    readonly file: string | null;
    readonly line: number;
    readonly message: string;
  }[];
}
export interface Formatted extends Told {
  readonly formatted: readonly { readonly path: string; readonly formatted: string }[];
}
export interface Finding {
  readonly kind: string;
  readonly fields: readonly string[];
  readonly when: string;
  readonly question: string;
  readonly before: { readonly effect: string };
}
export interface Diff extends Told {
  readonly changes: readonly Finding[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}
export interface Proof extends Told {
  readonly wider: readonly Finding[] | null;
  readonly invariants: readonly {
    readonly name: string;
    readonly holds: boolean;
    readonly breaches: readonly Finding[];
  }[];
}

/** As `OFFICER`, without an error and with nothing withheld. */
export async function askTool<Answer>(
  on: Deployment,
  tool: keyof typeof TOOLS,
  variables: object = {},
): Promise<Answer> {
  const { data, errors, withheld } = await on.ask(OFFICER, TOOLS[tool], { ...variables });
  expect({ errors, withheld }).toEqual({ errors: [], withheld: [] });
  return Object.values(data ?? {})[0] as Answer;
}
