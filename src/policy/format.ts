/**
 * Cedar text in the canonical form of Cedar's own formatter (110 columns, two spaces); formatting twice changes nothing.
 *
 * Out     for each file its canonical text, or what keeps it from being read: bounds first, since deep nesting traps
 *         the WebAssembly, then Cedar's own complaint. Comments stay.
 */
import type { FormatReply } from "./cedar-worker.ts";
import type { PolicyFile } from "./policy-files.ts";
import { charOffset, splitPolicies } from "./policy-text.ts";
import { type PolicyProblem, placeIn } from "./problem.ts";
import { runCedar } from "./run-cedar.ts";

export type FormattedFile = PolicyFile & {
  /** The canonical text; null when the file cannot be read. */
  readonly formatted: string | null;
  readonly problems: readonly PolicyProblem[];
};

export async function formatPolicies(files: readonly PolicyFile[]): Promise<readonly FormattedFile[]> {
  const bounded = files.map((source) => ({ source, problems: boundsOf(source) }));
  const safe = bounded.filter(({ problems }) => problems.length === 0).map(({ source }) => source);
  const replies = await runCedar<FormatReply>({ formatTexts: safe.map(({ text }) => text) });
  const answers = new Map(safe.map((source, index) => [source.file, replies[index]!]));
  return bounded.map(({ source, problems }): FormattedFile => {
    const answer = answers.get(source.file);
    if (!answer) return { ...source, formatted: null, problems };
    if ("text" in answer) return { ...source, formatted: answer.text, problems };
    const place = placeIn(source, charOffset(source.text, answer.byteOffset));
    return { ...source, formatted: null, problems: [{ place, message: answer.message }] };
  });
}

const boundsOf = (source: PolicyFile): readonly PolicyProblem[] =>
  splitPolicies(source.text).problems.map(({ message, offset }) => ({
    place: placeIn(source, offset),
    message,
  }));
