/**
 * What officers' tools say of a content: `policy check`, `fmt`, `test`, `diff`, `prove` and `replay`, as plain data.
 *
 * In      texts of whole folders; for `diff` and `prove` those that they are held against.
 * Out     what the commands of those names find, or the problems for which there is nothing to find.
 * Rule    actions and groups are the deployment's: a content that brings another schema is a problem, as for the store.
 * Errors  PROVER_UNAVAILABLE when z3 cannot say: never taken for a proof.
 * Cost    up to some seconds of one processor: for a thread of its own.
 */
import { GatewayError } from "../kernel/errors.ts";
import { cedarSchema } from "../policy/cedar-schema.ts";
import { checkPolicyTexts } from "../policy/check.ts";
import { tryCompilePolicyTexts } from "../policy/compile.ts";
import type { Answer } from "../policy/decide.ts";
import { loadDomain } from "../policy/domain.ts";
import type { Language } from "../policy/explain/phrases.ts";
import { formatPolicies } from "../policy/format.ts";
import { isCedarText, type PolicyFile, policiesAmong } from "../policy/policy-files.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import { type PolicyProblem, problemText } from "../policy/problem.ts";
import { invariantsAmong } from "../policy/prove/invariants.ts";
import { type Proof, proveInvariants } from "../policy/prove/prove.ts";
import { type DecisionChange, diffPolicies, type PolicyDiff } from "../policy/review/diff.ts";
import { questionOf, whenWords } from "../policy/review/finding-text.ts";
import type { Finding } from "../policy/review/merge-alike.ts";
import { type Difference, type RecordedDecision, replayDecision } from "../policy/review/replay.ts";
import { type PlainReader, plainReader } from "../policy/review/who.ts";
import { runPolicyTestTexts, type TestReport } from "../policy/test-run.ts";
import { otherSchemas } from "./compiled.ts";

type Texts = readonly PolicyFile[];

/** What is asked, by the command that answers it. */
export type ContentQuestion =
  | { readonly kind: "check" }
  | { readonly kind: "format" }
  | { readonly kind: "test" }
  | { readonly kind: "diff" | "prove"; readonly language: Language }
  | { readonly kind: "replay"; readonly decisions: readonly RecordedDecision[] };

export interface ContentJob {
  readonly question: ContentQuestion;
  readonly texts: Texts;
  /** What `diff` and `prove` hold it against. */
  readonly against: Texts | null;
}

/** Nothing was found out when there are problems, but what `check` counts and `format` could read. */
export interface Reviewed<Found> {
  readonly problems: readonly PolicyProblem[];
  readonly found: Found | null;
}

export interface Formatted {
  /** Canonical texts of files that are written otherwise. */
  readonly formatted: readonly PolicyFile[];
}

export interface Checked extends Formatted {
  readonly policies: number;
  readonly tests: number;
  readonly invariants: number;
}

export interface Tested {
  readonly reports: readonly TestReport[];
}

/** In words of the language asked for; `question` as `policy decide` takes it. */
export interface PlainFinding {
  readonly readers: readonly PlainReader[];
  readonly fields: readonly string[];
  readonly when: string;
  readonly question: string;
}

export interface PlainChange extends PlainFinding, Pick<DecisionChange, "kind" | "before" | "after"> {}

export interface Compared extends Omit<PolicyDiff, "changes"> {
  readonly changes: readonly PlainChange[];
}

export interface Proved {
  readonly invariants: readonly PlainProof[];
  /** What is granted that the other denies; null when there is no other. */
  readonly wider: readonly PlainChange[] | null;
}

export interface PlainProof {
  readonly id: string;
  readonly title: string;
  readonly because: string;
  readonly cases: number;
  readonly holds: boolean;
  readonly breaches: readonly (PlainFinding & { readonly answer: Answer })[];
}

export interface Replayed {
  readonly decisions: number;
  readonly differences: readonly Difference[];
}

export type Found = Checked | Formatted | Tested | Compared | Proved | Replayed;

export async function reviewContent(job: ContentJob, schemaDir: string): Promise<Reviewed<Found>> {
  const { question, texts, against } = job;
  if (question.kind === "check") return check(texts, schemaDir);
  if (question.kind === "format") return format(texts);
  const { policySet, problems } = await compile(texts, schemaDir);
  if (!policySet) return { problems, found: null };
  if (question.kind === "test") return found({ reports: runPolicyTestTexts(policySet, texts) });
  if (question.kind === "replay") return found(replay(policySet, question.decisions));
  const other = against && (await compile(against, schemaDir));
  if (other && !other.policySet) return { problems: other.problems.map(ofTheOther), found: null };
  const before = other?.policySet ?? null;
  const { language } = question;
  if (question.kind === "prove") return prove(policySet, { texts, before, language });
  return found(await compare(before ?? policySet, policySet, language));
}

const found = <Result>(result: Result): Reviewed<Result> => ({ problems: [], found: result });

async function check(texts: Texts, schemaDir: string): Promise<Reviewed<Checked>> {
  const domain = loadDomain(schemaDir);
  const schemaText = cedarSchema(domain);
  const [checked, { found: formatted }] = await Promise.all([
    checkPolicyTexts(texts, schemaText, domain),
    format(texts),
  ]);
  const { problems, policies, tests, invariants } = checked;
  return {
    problems: [...otherSchemas(texts, schemaText), ...problems],
    found: { ...formatted, policies, tests, invariants },
  };
}

/** Names of actions and attributes do not matter to it: only how the text reads. */
async function format(
  texts: Texts,
): Promise<{ readonly problems: readonly PolicyProblem[]; readonly found: Formatted }> {
  const files = await formatPolicies(texts.filter(({ file }) => isCedarText(file)));
  const formatted = files.flatMap(({ file, text, formatted: canonical }) =>
    canonical === null || canonical === text ? [] : [{ file, text: canonical }],
  );
  return { problems: files.flatMap(({ problems }) => problems), found: { formatted } };
}

async function compile(texts: Texts, schemaDir: string) {
  const domain = loadDomain(schemaDir);
  const schemaText = cedarSchema(domain);
  const others = otherSchemas(texts, schemaText);
  if (others.length > 0) return { policySet: null, problems: others };
  return tryCompilePolicyTexts(policiesAmong(texts), schemaText, domain);
}

async function prove(
  policySet: PolicySet,
  { texts, before, language }: ProveQuestion,
): Promise<Reviewed<Proved>> {
  const { invariants, problems } = invariantsAmong(texts, policySet.domain);
  if (problems.length > 0) return { problems, found: null };
  const proofs = await proveInvariants(policySet, invariants);
  const changes = before && (await compare(before, policySet, language)).changes;
  return found({
    invariants: proofs.map((proof) => plainProof(proof, language)),
    wider: changes?.filter(({ kind }) => kind === "wider") ?? null,
  });
}

interface ProveQuestion {
  readonly texts: Texts;
  readonly before: PolicySet | null;
  readonly language: Language;
}

async function compare(before: PolicySet, after: PolicySet, language: Language): Promise<Compared> {
  const diff = await diffPolicies(before, after);
  return { ...diff, changes: diff.changes.map((change) => plainChange(change, language)) };
}

/** A place would be taken for one in the content itself. */
const ofTheOther = (problem: PolicyProblem): PolicyProblem => ({
  place: null,
  message: `what it is held against is not valid: ${problemText(problem)}`,
});

function replay(policySet: PolicySet, decisions: readonly RecordedDecision[]): Replayed {
  const differences = decisions.flatMap((decision, at) => replayDecision(policySet, decision, at + 1) ?? []);
  return { decisions: decisions.length, differences };
}

const plainFinding = (finding: Finding, language: Language): PlainFinding => ({
  readers: finding.readers.map(plainReader),
  fields: finding.fields.map(({ coordinate }) => coordinate),
  when: whenWords(finding, language),
  question: JSON.stringify(questionOf(finding)),
});

const plainChange = (change: DecisionChange, language: Language): PlainChange => ({
  ...{ kind: change.kind, before: change.before, after: change.after },
  ...plainFinding(change, language),
});

const plainProof = ({ invariant, cases, breaches }: Proof, language: Language): PlainProof => ({
  ...{ id: invariant.id, title: invariant.title, because: invariant.because, cases },
  holds: cases > 0 && breaches.length === 0,
  breaches: breaches.map((breach) => ({ ...plainFinding(breach, language), answer: breach.answer })),
});

/** Why policies cannot be looked at, where that is for their officer to mend; null for any other fault. */
export function problemsOf(error: unknown): readonly PolicyProblem[] | null {
  if (!(error instanceof GatewayError)) return null;
  if (error.code === "BAD_USER_INPUT" || error.code === "POLICY_REFUSED")
    return [{ place: null, message: error.message }];
  if (error.code !== "POLICY_INVALID") return null;
  return (error.detail.problems ?? []).map((message) => ({ place: null, message }));
}
