/**
 * Answers one question of the decision procedure, and streams of them as NDJSON (`ihala policy decide`), so that
 * anyone can compare the engine with an independent oracle.
 *
 * In      `{"agency","role","purpose","field","row":{…}}`, one a line; `row` as in the domain rules §1, `now` = 1000.
 * Out     `{"effect","level","policies","reason","obligations"}`, one a line in the same order; level `clear` for ALLOW, the
 *         form's name for MASK (`keep` and `rows` where values stay as they are), null otherwise; obligations as policies write them, `DELETE_AFTER(30d)`. A bad line answers `{"error","line"}` and the stream goes on.
 * Rule    roles are those of the domain; security officers and data subjects are outside the procedure.
 * Cost    a few microseconds a question; profiles and verdicts are memoised; constant memory.
 */
import { z } from "zod";
import type { AgencyCode, Coordinate } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { obligationTexts } from "../kernel/obligations.ts";
import { foldFacts } from "./facts.ts";
import { shownLevel } from "./levels.ts";
import type { PolicySet } from "./policy-set.ts";
import { UNKNOWN } from "./reasons.ts";
import type { Outcome, Profile } from "./verdict.ts";

/** The time at which every question is asked. */
export const DECIDE_NOW = 1000;

const flag = z.boolean().nullish();
const text = z.string().nullish();
const number = z.number().nullish();
const texts = z.array(z.string()).nullish();
const rowSchema = z.object({
  caseBound: flag,
  own: flag,
  owner: flag,
  assigned: flag,
  referrals: z.array(z.object({ status: text, expiresAt: number, purpose: text, groups: texts })).nullish(),
  consents: z
    .array(z.object({ status: text, validUntil: number, recipients: texts, groups: texts }))
    .nullish(),
  basis: text,
  charged: flag,
  courtGroups: texts,
  child: flag,
  sealed: flag,
  officialSuspect: flag,
  staffConflict: flag,
  certificates: texts,
  breakGlass: z.object({ until: number }).nullish(),
});
export const questionSchema = z.object({
  agency: z.string(),
  role: z.string(),
  purpose: z.string(),
  field: z.string(),
  row: rowSchema.nullish(),
});

export type DecideQuestion = z.infer<typeof questionSchema>;

export interface Answer {
  readonly effect: Outcome["effect"];
  readonly level: string | null;
  readonly policies: readonly string[];
  readonly reason: string | null;
  readonly obligations: readonly string[];
}

export interface BadLine {
  readonly error: string;
  readonly line: number;
}

export function decideQuestion(policySet: PolicySet, question: DecideQuestion): Answer {
  const profile = policySet.domain.roles.has(question.role) ? tryProfile(policySet, question) : undefined;
  return answerOf(profile ? outcomeFor(policySet, profile, question) : UNKNOWN);
}

/** For a reader whose profile is known, in whatever role. */
export function outcomeFor(policySet: PolicySet, profile: Profile, question: DecideQuestion): Outcome {
  const { agency, purpose, field } = question;
  const row = question.row ?? {};
  if (!policySet.domain.fields.has(field)) return UNKNOWN;
  const facts = foldFacts(row, { agency, purpose }, { domain: policySet.domain, now: DECIDE_NOW });
  const verdict = profile.verdict({ coordinate: field as Coordinate, caseBound: facts.caseBound });
  return verdict.kind === "settled" ? verdict.outcome : verdict.decide(facts, row.own ?? false);
}

/** Lines in, lines out. Empty lines are skipped. A record is the question with its answer, for `policy replay`. */
export async function* decideLines(
  policySet: PolicySet,
  lines: AsyncIterable<string> | Iterable<string>,
  { record = false }: { readonly record?: boolean } = {},
): AsyncGenerator<string> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === "") continue;
    const answer = decideLine(policySet, line, number);
    const isRecord = record && !("error" in answer);
    yield JSON.stringify(isRecord ? { ...JSON.parse(line), answer } : answer);
  }
}

export function decideLine(policySet: PolicySet, line: string, number: number): Answer | BadLine {
  const question = readQuestion(line, number);
  return "error" in question ? question : decideQuestion(policySet, question);
}

export function readQuestion(line: string, number: number): DecideQuestion | BadLine {
  const parsed = tryJson(line);
  if (parsed === undefined) return { error: "the line is not JSON", line: number };
  const question = questionSchema.safeParse(parsed);
  if (question.success) return question.data;
  const [issue] = question.error.issues;
  const where = issue?.path.join(".");
  return { error: where ? `\`${where}\`: ${issue?.message}` : "the line is not a question", line: number };
}

export function answerOf(outcome: Outcome): Answer {
  const { effect, policies, reason, obligations } = outcome;
  return { effect, level: shownLevel(outcome), policies, reason, obligations: obligationTexts(obligations) };
}

function tryProfile(
  policySet: PolicySet,
  { agency, role, purpose, row }: DecideQuestion,
): Profile | undefined {
  try {
    const certificates = new Set(row?.certificates ?? []);
    return policySet.profile({ agency: agency as AgencyCode, role, purpose, certificates });
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

function tryJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
