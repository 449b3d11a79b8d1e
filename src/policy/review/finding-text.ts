/** Whom a finding is about and the situation that shows it: in words, and as the question that `policy decide` takes. */
import type { DecideQuestion } from "../decide.ts";
import { type Language, PHRASES } from "../explain/phrases.ts";
import { situationWords } from "../prove/situation.ts";
import type { Finding } from "./merge-alike.ts";
import { readerName, readerNames } from "./names.ts";

export const findingLines = (finding: Finding): readonly string[] => [
  `         for ${readerNames(finding.readers)}`,
  `         when ${whenWords(finding, "en")}`,
  `         ${JSON.stringify(questionOf(finding))}`,
];

export const findingJson = (finding: Finding) => ({
  readers: finding.readers.map(readerName),
  fields: finding.fields.map(({ coordinate }) => coordinate),
  when: whenWords(finding, "en"),
  question: questionOf(finding),
});

export function whenWords({ situation, reader }: Finding, language: Language): string {
  const { ordinary, also } = PHRASES[language].situation;
  return situationWords(situation, reader, language).join(also) || ordinary;
}

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
