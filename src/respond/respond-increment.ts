/**
 * Assembles the payloads of an answer in pieces.
 *
 * Out     the initial one: a reply with `pending` and `hasNext`; then `pending`, `incremental`, `completed`, `extensions`, `hasNext`.
 * Rule    members that would be empty are left out. A fetch that failed is told with the first that was delivered of the fragment that
 *         waited for it. A fragment that failed tells why, whatever has been told before: without an error it would be complete.
 * Source  GraphQL specification, draft "Incremental Delivery", section 7 (graphql-spec pull request 1110).
 */
import type { Fault } from "../execute/run.ts";
import type { DeferredFragment } from "../plan/deferral.ts";
import { type ErrorWords, faultError, troubleError } from "./errors.ts";
import { type Extensions, extensionsText } from "./extensions.ts";
import type { Completed, Delivered, Increment, Pending, PlacedTrouble } from "./increments.ts";
import { type ReplyParts, replyMembers } from "./respond.ts";

export interface IncrementParts extends ErrorWords, Extensions {
  readonly increment: Increment;
  /** Of the fetches that a fragment waited for; each is given once. */
  readonly takeFaults: (fragment: DeferredFragment) => readonly Fault[];
  readonly hasNext: boolean;
}

export const respondInitially = (parts: ReplyParts, pending: readonly Pending[]): string =>
  `{${replyMembers(parts)},"pending":${pendingText(pending)},"hasNext":true}`;

export function respondIncrement({
  increment,
  withheld,
  obligations,
  takeFaults,
  hasNext,
  ...words
}: IncrementParts): string {
  const { pending, delivered, completed } = increment;
  const parts: string[] = [];
  if (pending.length > 0) parts.push(`"pending":${pendingText(pending)}`);
  const incremental = delivered.map((each) => deliveredText(each, takeFaults(each.fragment), words));
  if (incremental.length > 0) parts.push(`"incremental":[${incremental.join(",")}]`);
  if (completed.length > 0)
    parts.push(`"completed":[${completed.map((each) => completedText(each, words)).join(",")}]`);
  const extensions = extensionsText({ withheld, obligations });
  if (extensions) parts.push(extensions);
  parts.push(`"hasNext":${hasNext}`);
  return `{${parts.join(",")}}`;
}

const pendingText = (pending: readonly Pending[]): string =>
  JSON.stringify(pending.map(({ id, path, label }) => ({ id, path, ...(label === null ? {} : { label }) })));

function deliveredText(
  { id, subPath, data, errors: troubles }: Delivered,
  faults: readonly Fault[],
  words: ErrorWords,
): string {
  const errors = [
    ...faults.map((fault) => faultError(fault, words)),
    ...errorsOf(
      troubles.filter(({ trouble }) => !trouble.isTold),
      words,
    ),
  ];
  const below = subPath.length > 0 ? `,"subPath":${JSON.stringify(subPath)}` : "";
  const told = errors.length > 0 ? `,"errors":${JSON.stringify(errors)}` : "";
  return `{"id":${JSON.stringify(id)}${below},"data":${data}${told}}`;
}

function completedText({ id, errors }: Completed, words: ErrorWords): string {
  const told = errors.length > 0 ? `,"errors":${JSON.stringify(errorsOf(errors, words))}` : "";
  return `{"id":${JSON.stringify(id)}${told}}`;
}

const errorsOf = (troubles: readonly PlacedTrouble[], words: ErrorWords): readonly object[] =>
  troubles.map(({ base, trouble }) => troubleError(trouble, words, base));
