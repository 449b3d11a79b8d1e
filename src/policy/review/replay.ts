/**
 * Asks recorded questions again, of other policies: what would have been answered differently.
 *
 * In      lines of JSON: a question as `policy decide` reads it, with the `answer` that it was given
 *         (`policy decide --record` writes them).
 * Out     one line for each decision that differs, with both answers; a bad line is told and the rest goes on.
 * Rule    effect, level and, where they were recorded, obligations are compared; policies and reasons may be named differently without a change of decision.
 * Cost    a few microseconds a line; constant memory.
 */
import { z } from "zod";
import { compareObligations, readObligations } from "../../kernel/obligations.ts";
import { type Answer, type BadLine, type DecideQuestion, decideQuestion, questionSchema } from "../decide.ts";
import type { DomainField } from "../domain.ts";
import { levelsOf, shownLevel } from "../levels.ts";
import type { PolicySet } from "../policy-set.ts";

const EFFECTS = ["ALLOW", "MASK", "AGGREGATE", "DENY", "HIDE"] as const;
const recordSchema = questionSchema.extend({
  answer: z.object({
    effect: z.enum(EFFECTS),
    level: z.string().nullable(),
    policies: z.array(z.string()).readonly(),
    reason: z.string().nullable(),
    /** Decisions that were recorded before they came have none. */
    obligations: z.array(z.string()).readonly().optional(),
  }),
});

/** A question with the answer that it was given. */
export type RecordedDecision = z.infer<typeof recordSchema>;

export interface Difference {
  readonly line: number;
  /** Neither: a recorded level that the field no longer has, for another of the same effect; some obligations less and some more. */
  readonly kind: "wider" | "narrower" | "other";
  readonly question: DecideQuestion;
  readonly before: RecordedDecision["answer"];
  readonly after: Answer;
}

export interface Replayed {
  readonly decisions: number;
  readonly differences: number;
  readonly badLines: number;
}

export async function* replayLines(
  policySet: PolicySet,
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<Difference | BadLine, Replayed> {
  const replayed = { decisions: 0, differences: 0, badLines: 0 };
  let line = 0;
  for await (const text of lines) {
    line += 1;
    if (text.trim() === "") continue;
    const found = replayLine(policySet, text, line);
    if (found && "error" in found) replayed.badLines += 1;
    else replayed.decisions += 1;
    if (found && !("error" in found)) replayed.differences += 1;
    if (found) yield found;
  }
  return replayed;
}

/** Null when the answer is the same. */
export function replayLine(policySet: PolicySet, text: string, line: number): Difference | BadLine | null {
  const record = recordSchema.safeParse(tryJson(text));
  if (!record.success) return { error: "the line is not a question with its answer", line };
  return replayDecision(policySet, record.data, line);
}

export function replayDecision(
  policySet: PolicySet,
  { answer: before, ...question }: RecordedDecision,
  line: number,
): Difference | null {
  const after = decideQuestion(policySet, question);
  const kind = kindOf(before, after, policySet.domain.fields.get(question.field));
  return kind && { line, kind, question, before, after };
}

function kindOf(
  before: RecordedDecision["answer"],
  after: Answer,
  field: DomainField | undefined,
): Difference["kind"] | null {
  const change = EFFECTS.indexOf(after.effect) - EFFECTS.indexOf(before.effect);
  if (change !== 0) return change < 0 ? "wider" : "narrower";
  if (after.level !== before.level) {
    const [was, is] = [before, after].map((answer) => placeOf(answer, field));
    if (was === undefined || is === undefined) return "other";
    return is < was ? "wider" : "narrower";
  }
  if (before.obligations === undefined) return null;
  return compareObligations(listed(before.obligations), listed(after.obligations));
}

/** Among the field's levels; undefined for one that it does not have, which is neither before nor after another. */
function placeOf({ effect, level }: Pick<Answer, "effect" | "level">, field: DomainField | undefined) {
  const levels = field ? levelsOf(field) : [];
  const place = levels.findIndex((each) => each.effect === effect && shownLevel(each) === level);
  return place < 0 ? undefined : place;
}

const listed = (texts: readonly string[]) => readObligations(texts.join(" ")).obligations;

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
