/** An explanation in words, for a terminal. */
import type { Explanation, LevelExplanation } from "./explain.ts";
import type { ClauseReading, PolicyReading } from "./reading.ts";

const LEVEL_WORDS = {
  clear: "In clear",
  masked: "Masked",
  aggregate: "In released tables",
  exists: "Being told that something is withheld",
} as const;

export function explanationText(explanation: Explanation): string {
  const { question, answer, outside, levels, nearest } = explanation;
  const { role, purpose, field } = question;
  const { effect, reason, policies, obligations } = answer;
  const because = [reason, policies.length > 0 ? `by ${policies.join(", ")}` : null]
    .filter(Boolean)
    .join(" ");
  const lines = [`${field} for ${role}, ${purpose}: ${effect}${because ? ` (${because})` : ""}`];
  if (outside) return `${[...lines, `  nothing is decided: ${outside}`].join("\n")}\n`;
  if (obligations.length > 0) lines.push(`  owed: ${obligations.join(" ")}`);
  for (const level of levels) lines.push("", ...levelLines(level));
  if (levels.length === 0) lines.push("", `No policy permits ${field} to this reader, in any form.`);
  if (effect === "DENY" || effect === "HIDE") lines.push("", ...nearestLines(nearest));
  return `${lines.join("\n")}\n`;
}

function levelLines({ level, form, permits, forbids }: LevelExplanation): readonly string[] {
  return [
    `${LEVEL_WORDS[level]}${form === null ? "" : `, ${form}`}`,
    ...forbids.flatMap((forbid) => ["  forbidden by", ...policyLines(forbid)]),
    ...permits.flatMap((permit) => [
      permit.applies ? "  permitted by" : "  would be permitted by",
      ...policyLines(permit),
    ]),
  ];
}

const policyLines = ({ id, title, place, clauses, obligations }: PolicyReading): readonly string[] => [
  `    ${id}: ${title} (${place})`,
  ...clauses.map(clauseLine),
  ...obligations.map((words) => `      owed: ${words}`),
];

const MARKS = new Map<boolean | null, string>([
  [true, "yes"],
  [false, "NO "],
  [null, "ERR"],
]);

const clauseLine = ({ holds, words, values }: ClauseReading): string =>
  `      ${MARKS.get(holds)} ${words}${values.length > 0 ? ` [${values.join("; ")}]` : ""}`;

function nearestLines(nearest: Explanation["nearest"]): readonly string[] {
  if (nearest.length === 0) return ["Nothing about the row, the purpose or the certificates would open it."];
  return [
    "What would have to be different",
    ...nearest.map(({ changes, answer }) => `  ${answer.effect} if ${changes.join(", and ")}`),
  ];
}
