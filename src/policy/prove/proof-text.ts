/** Proofs in words, for a terminal. */
import type { DecideQuestion } from "../decide.ts";
import type { ProfileReader } from "../policy-set.ts";
import { readerName } from "../review/readers.ts";
import type { Breach, Proof } from "./prove.ts";
import { type Situation, situationWords } from "./situation.ts";

const MOST_BREACHES = 5;
const MOST_FIELDS = 6;

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

function breachLines({ reader, fields, situation, answer }: Breach): readonly string[] {
  const names = fields.map(({ coordinate }) => coordinate);
  const others = names.length > MOST_FIELDS ? ` and ${names.length - MOST_FIELDS} more` : "";
  return [
    `       - ${readerName(reader)}: ${answer.effect} of ${names.slice(0, MOST_FIELDS).join(", ")}${others} (${answer.policies.join(", ")})`,
    `         when ${whenWords(situation, reader)}`,
    `         ${JSON.stringify(questionOf(reader, names[0] ?? "", situation))}`,
  ];
}

export const whenWords = (situation: Situation, reader: ProfileReader): string =>
  situationWords(situation, reader).join(", and ") || "nothing is out of the ordinary";

/** What `policy decide` takes, without what it takes for granted. */
export function questionOf(reader: ProfileReader, field: string, { row }: Situation): DecideQuestion {
  const { agency, role, purpose } = reader;
  const stated = Object.entries(row).filter(([name, value]) => !isDefault(name, value));
  return { agency, role, purpose, field, row: Object.fromEntries(stated) };
}

function isDefault(name: string, value: unknown): boolean {
  if (name === "caseBound" || name === "assigned") return value === true;
  return (
    value === false || value === null || value === "NONE" || (Array.isArray(value) && value.length === 0)
  );
}
