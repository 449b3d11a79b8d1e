/**
 * Asks the README's question for three readers, and says of every line of the picture what each of them got.
 *
 * In      the URL of a sandbox, and how to come by a token for a role.
 * Out     one table: for each line and reader a value, a masked value, a reason, or nothing. A filter by a field that
 *         one may not see is refused, which is a fourth way of not telling.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Answer, ask, askCase, type Reader } from "../examples/client/client.ts";
import { PACKAGE_ROOT } from "../src/config/package-root.ts";

export const CASE = "NRM-2024-251070-N";
const PERMIT = "LW-000000000";

export const READERS = [
  { title: "NGO caseworker", role: "NGO.caseworker", purpose: "SHELTER_CARE" },
  { title: "Prosecutor", role: "PPO.prosecutor", purpose: "PROSECUTION" },
  { title: "Labour inspector", role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" },
] as const;

export interface Line {
  readonly label: string;
  /** Agency whose own server gave the value. */
  readonly from: string;
  readonly path: readonly string[];
  /** For the table of masks. */
  readonly coordinate: string;
}

export type Cell =
  | { readonly kind: "shown" | "masked"; readonly text: string }
  | { readonly kind: "withheld"; readonly reason: string }
  | { readonly kind: "hidden" | "refused" };

const line = (label: string, from: string, path: string, coordinate: string): Line => ({
  ...{ label, from, coordinate },
  path: path.split("."),
});

export const CASE_LINES: readonly Line[] = [
  line("Number", "EPC", "case.nrmNumber", "Case.nrmNumber"),
  line("Stage", "EPC", "case.stage", "Case.stage"),
  line("Name", "IGA", "case.victim.person.nameLatin.full", "Person.nameLatin"),
  line("Personal number", "IGA", "case.victim.person.cpr", "Person.cpr"),
  line("Employer", "LMRA", "case.victim.person.worker.employer.name", "Employer.name"),
  line("Months without wages", "LMRA", "case.victim.person.worker.unpaidMonths", "Worker.unpaidMonths"),
  line("Screening", "EPC", "case.screening.outcome", "Screening.outcome"),
  line("In a shelter?", "EPC", "case.sheltered", "Case.sheltered"),
  line("Which shelter", "EPC", "case.shelterStays.facility.name", "Facility.name"),
  line("Support plan", "EPC", "case.supportPlans.type", "SupportPlan.type"),
  line("Assistance", "NGO", "case.victim.assistance.kind", "CaseParty.assistance"),
  line("State care", "MOSD", "case.victim.careRecords.kind", "CaseParty.careRecords"),
  line("Investigation", "MOI", "case.investigation.unit", "Investigation.unit"),
  line("Prosecution", "PPO", "case.prosecution.decision", "Prosecution.decision"),
  line("Verdicts", "CRT", "case.trial.verdicts.outcome", "Verdict.outcome"),
  line("Compensation", "CRT", "case.compensation.amount", "Compensation.amount"),
  line("Fund grant", "NCC", "case.fundGrants.amount", "Compensation.amount"),
];

export const WORKER_LINES: readonly Line[] = [
  line("Employer", "LMRA", "worker.employer.name", "Employer.name"),
  line("Months without wages", "LMRA", "worker.unpaidMonths", "Worker.unpaidMonths"),
  line("Agreed wage", "LMRA", "worker.contract.wage", "Contract.wage"),
  line("Cases that she is in", "EPC", "worker.person.caseParties.role", "CaseParty.role"),
];

const WORKER_QUESTION = `{ worker(workPermitNo: "${PERMIT}") {
  employer { name } unpaidMonths contract { wage { amount currency } } person { caseParties { role } }
} }`;

/** Cells of the lines, one list for each reader. */
export interface Answers {
  readonly ofCase: readonly (readonly Cell[])[];
  readonly ofWorker: readonly (readonly Cell[])[];
  /** Reason → what it says. */
  readonly reasons: ReadonlyMap<string, string>;
}

interface Tables {
  readonly masks: readonly { readonly agency: string; readonly fields: readonly string[] }[];
  readonly reasons: readonly { readonly code: string; readonly en: string }[];
}

export async function askForPicture(
  url: string,
  tokenFor: (role: string) => Promise<string>,
): Promise<Answers> {
  const read = (file: string) => readFile(join(PACKAGE_ROOT, file), "utf8");
  const tables = JSON.parse(await read("schema/domain.json")) as Tables;
  const question = await read("examples/client/overview.graphql");
  const ofCase: (readonly Cell[])[] = [];
  const ofWorker: (readonly Cell[])[] = [];
  for (const { role, purpose } of READERS) {
    const reader: Reader = { token: await tokenFor(role), purpose };
    const agency = role.split(".")[0] ?? "";
    const masked = new Set(tables.masks.flatMap((mask) => (mask.agency === agency ? mask.fields : [])));
    const overview = await askCase<object>(url, reader, question, CASE);
    if (!overview || overview.errors)
      throw new Error(`${role}: ${JSON.stringify(overview?.errors ?? "no case")}`);
    const worker = await ask<object>(url, reader, WORKER_QUESTION);
    ofCase.push(CASE_LINES.map((one) => cellOf(one, overview, masked)));
    ofWorker.push(WORKER_LINES.map((one) => cellOf(one, worker, masked)));
  }
  return { ofCase, ofWorker, reasons: new Map(tables.reasons.map(({ code, en }) => [code, en])) };
}

function cellOf({ path, coordinate }: Line, answer: Answer<object>, masked: ReadonlySet<string>): Cell {
  if (answer.errors?.some(({ extensions }) => extensions.code === "ARGUMENT_FORBIDDEN"))
    return { kind: "refused" };
  const values = valuesAt(answer.data, path);
  if (values.length > 0)
    return { kind: masked.has(coordinate) ? "masked" : "shown", text: [...new Set(values)].join(", ") };
  const entry = answer.extensions?.withheld?.find(({ path: at }) => isBelow(path, at));
  return entry ? { kind: "withheld", reason: entry.reason } : { kind: "hidden" };
}

const isBelow = (path: readonly string[], withheld: readonly (string | number)[]): boolean =>
  withheld.filter((step) => typeof step === "string").every((step, at) => path[at] === step);

/** Texts at a path, through lists; an amount of money is one text. */
function valuesAt(value: unknown, path: readonly string[]): readonly string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (typeof value !== "object") return path.length === 0 ? [wordOf(value)] : [];
  const row = value as Record<string, unknown>;
  const [next, ...rest] = path;
  if (next !== undefined) return valuesAt(row[next], rest);
  return "amount" in row ? [`${row["amount"]} ${row["currency"]}`] : [];
}

const wordOf = (value: unknown): string => (value === true ? "yes" : value === false ? "no" : String(value));
