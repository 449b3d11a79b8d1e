/** Proofs in words, for a terminal. */
import { findingLines } from "../review/finding-text.ts";
import { effectText, fieldNames } from "../review/names.ts";
import type { Breach, Proof } from "./prove.ts";

const MOST_BREACHES = 5;

export function proofText({ invariant, cases, breaches }: Proof): string {
  const { id, title, because } = invariant;
  if (cases === 0) return `FAIL ${id}: it speaks of no reader\n`;
  if (breaches.length === 0) return `ok   ${id}: ${title} (${because}, ${cases} cases)\n`;
  const shown = breaches.slice(0, MOST_BREACHES);
  const more = breaches.length - shown.length;
  return [
    `FAIL ${id}: ${title} (${because})`,
    ...shown.flatMap(breachLines),
    ...(more > 0 ? [`       and ${more} more`] : []),
    "",
  ].join("\n");
}

const breachLines = ({ answer, ...found }: Breach): readonly string[] => [
  `       - ${effectText(answer)} of ${fieldNames(found.fields)} (${answer.policies.join(", ")})`,
  ...findingLines(found),
];
