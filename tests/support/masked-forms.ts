/** What the words of the masks leave of a field (domain, agencies §6), where that is less than the field. */
import { Form } from "./differences.ts";

/** Masks of kind *fields*: those whose words say less than the listed field. */
export const SAYS_LESS: Readonly<Record<string, (value: unknown) => unknown>> = {
  "Person.cpr": (value) => String(value).slice(-3),
  "Person.residence": (value) => ({ validUntil: (value as { readonly validUntil: unknown }).validUntil }),
  "Screening.outcome": (value) => (value === "LABOUR_VIOLATION_ONLY" ? value : null),
};

const pseudonym = (clear: unknown): Form =>
  new Form(
    `a pseudonym of ${String(clear)}`,
    (value) => typeof value === "string" && value !== "" && value !== clear,
  );
const month = (value: unknown): unknown => String(value).slice(0, 7);
const asItIs = (value: unknown): unknown => value;

const each = <Value>(names: string, value: Value): readonly (readonly [string, Value])[] =>
  names.split(" ").map((name) => [name, value] as const);

/**
 * Masks of kind *transform*: "pseudonymous number, stage, months instead of days" and "anonymised judgment", field by
 * field. Of a field that is not here nothing is left.
 */
export const TRANSFORMED: ReadonlyMap<string, (value: unknown) => unknown> = new Map([
  ...each("Case.nrmNumber CaseParty.code Investigation.policeNumber Prosecution.number", pseudonym),
  ...each("Trial.courtNumber", pseudonym),
  ...each("Case.openedAt Case.closedAt CaseParty.from CaseParty.until CaseEvent.at", month),
  ...each("Investigation.openedAt", month),
  ...each("Case.stage Case.identificationState Case.protectionState Case.justiceState", asItIs),
  ...each("Case.labourState Case.redressState Case.parties Case.victim Case.relatedCases", asItIs),
  ...each("Case.timeline CaseEvent.track CaseEvent.from CaseEvent.to CaseParty.case CaseParty.role", asItIs),
  ...each("Person.caseParties Case.trial Trial.court Trial.sealed Trial.hearings Trial.verdicts", asItIs),
  ...each("Verdict.outcome Verdict.sentenceMonths Verdict.fine Verdict.final", asItIs),
]);
