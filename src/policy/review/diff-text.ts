/** What a draft changes, in words, for a terminal. */
import type { DecisionChange, PolicyDiff } from "./diff.ts";
import { findingLines } from "./finding-text.ts";
import { effectText, fieldNames } from "./names.ts";

export function diffText({ changes, added, removed, changed }: PolicyDiff): string {
  const count = (kind: DecisionChange["kind"]) => changes.filter((change) => change.kind === kind).length;
  const policies = [
    ...added.map((id) => `+${id}`),
    ...removed.map((id) => `-${id}`),
    ...changed.map((id) => `~${id}`),
  ];
  return [
    ...changes.flatMap(changeLines),
    `${count("wider")} wider, ${count("narrower")} narrower; policies: ${policies.join(" ") || "the same"}`,
    "",
  ].join("\n");
}

function changeLines({ kind, before, after, ...found }: DecisionChange): readonly string[] {
  const isOwed = before.effect === after.effect && before.level === after.level;
  const by = (answer: DecisionChange["before"]) => {
    const { policies, obligations } = answer;
    const shown = `${effectText(answer)}${policies.length > 0 ? ` (${policies.join(", ")})` : ""}`;
    return isOwed ? `${shown} owing ${obligations.join(" ") || "nothing"}` : shown;
  };
  return [
    `${kind === "wider" ? "WIDER   " : "NARROWER"} ${fieldNames(found.fields)}: ${by(before)} → ${by(after)}`,
    ...findingLines(found),
  ];
}
