/** Whom a finding is about and the situation that shows it: in words, and as the question that `policy decide` takes. */
import type { DecideQuestion } from "../decide.ts";
import { situationWords } from "../prove/situation.ts";
import type { Finding } from "./merge-alike.ts";
import { readerName, readerNames } from "./names.ts";

export const findingLines = (finding: Finding): readonly string[] => [
  `         for ${readerNames(finding.readers)}`,
  `         when ${whenWords(finding)}`,
  `         ${JSON.stringify(questionOf(finding))}`,
];

export const findingJson = (finding: Finding) => ({
  readers: finding.readers.map(readerName),
  fields: finding.fields.map(({ coordinate }) => coordinate),
  when: whenWords(finding),
  question: questionOf(finding),
});

const whenWords = ({ situation, reader }: Finding): string =>
  situationWords(situation, reader).join(", and ") || "nothing is out of the ordinary";

/** Without what `policy decide` takes for granted. */
export function questionOf({ reader, field, situation }: Finding): DecideQuestion {
  const { agency, role, purpose } = reader;
  const stated = Object.entries(situation.row).filter(([name, value]) => !isDefault(name, value));
  return { agency, role, purpose, field: field.coordinate, row: Object.fromEntries(stated) };
}

function isDefault(name: string, value: unknown): boolean {
  if (name === "caseBound" || name === "assigned") return value === true;
  return (
    value === false || value === null || value === "NONE" || (Array.isArray(value) && value.length === 0)
  );
}
