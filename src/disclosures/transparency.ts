/**
 * The data-sharing transparency report (R10): who read how much, for what, of which field groups, and what was refused.
 *
 * In      the records of a period. That break-glass opened something is a record and no answer.
 * Out     exact counts, for the data protection auditor alone: until disclosure control marks and rounds small cells, nothing of it is
 *         to be published. Nobody is named, and no case.
 * Source  domain, reports §1 (R10).
 */
import type pg from "pg";
import type { BlindIndex } from "../audit/blind-index.ts";
import { decodeRecord } from "../audit/encode-record.ts";
import { type DisclosureRecord, OPENING_OPERATION } from "../audit/record.ts";
import type { SubjectKeyring } from "../audit/subject-keys.ts";
import { GatewayError } from "../kernel/errors.ts";
import { searchCopy } from "./search.ts";

export interface TransparencyReport {
  readonly kind: "R10";
  /** Instants, half-open. */
  readonly from: string;
  readonly until: string;
  readonly answers: number;
  /** Subjects of answers, by field group that was shown. */
  readonly reads: readonly (Sharing & { readonly group: string; readonly count: number })[];
  /** Places in answers that were refused or hidden, by reason. */
  readonly denials: readonly (Sharing & { readonly reason: string; readonly count: number })[];
  /** Answers that showed something of a case that was open by break-glass; what the purpose of emergencies alone showed is none. */
  readonly emergencies: readonly { readonly agency: string; readonly count: number }[];
  /** Answers to persons about themselves. */
  readonly subjectRequests: number;
  /** Subjects that were forgotten, or whose keys are elsewhere: their groups are not counted. */
  readonly unreadable: number;
}

interface Sharing {
  readonly agency: string;
  readonly purpose: string;
}

export interface TransparencyParts {
  readonly pool: Pick<pg.Pool, "query">;
  readonly blind: BlindIndex;
  readonly keys: SubjectKeyring;
  /** Code of the agency that a member belongs to. */
  readonly agencyOf: (member: string) => string;
  readonly timeZone: string;
}

const QUARTER = /^(\d{4})-Q([1-4])$/;
const SUBJECT_ROLE = "dataSubject";

/** Of a quarter as the deployment's zone counts it, `2026-Q4`. Errors: BAD_USER_INPUT. */
export async function transparencyReport(
  parts: TransparencyParts,
  quarter: string,
): Promise<TransparencyReport> {
  const { from, until } = await periodOf(parts, quarter);
  const tally = new Tally(parts.agencyOf);
  for await (const { text } of searchCopy(parts.pool, parts.blind, { from, to: until }))
    tally.add(decodeRecord(Buffer.from(text), parts.keys));
  return { kind: "R10", from, until, ...tally.result() };
}

async function periodOf({ pool, timeZone }: TransparencyParts, quarter: string) {
  const [, year, number] = QUARTER.exec(quarter) ?? [];
  if (year === undefined)
    throw new GatewayError("BAD_USER_INPUT", `\`${quarter}\` is no quarter; write \`2026-Q4\``);
  const sql = `select make_timestamptz($1, $2, 1, 0, 0, 0, $3) as from,
                      (make_timestamp($1, $2, 1, 0, 0, 0) + interval '3 months') at time zone $3 as until`;
  const values = [Number(year), Number(number) * 3 - 2, timeZone];
  const { rows } = await pool.query<{ from: Date; until: Date }>(sql, values);
  const [row] = rows;
  return { from: row?.from.toISOString() ?? "", until: row?.until.toISOString() ?? "" };
}

class Tally {
  readonly #agencyOf: TransparencyParts["agencyOf"];
  readonly #reads = new Counts(["agency", "purpose", "group"]);
  readonly #denials = new Counts(["agency", "purpose", "reason"]);
  readonly #emergencies = new Counts(["agency"]);
  #answers = 0;
  #subjectRequests = 0;
  #unreadable = 0;

  constructor(agencyOf: TransparencyParts["agencyOf"]) {
    this.#agencyOf = agencyOf;
  }

  add(record: DisclosureRecord): void {
    if (record.operationHash === OPENING_OPERATION) return;
    const { member, role, purpose, kind, subjects, refusals, unreadable = 0 } = record;
    const agency = this.#agencyOf(member);
    this.#answers += 1;
    this.#unreadable += unreadable;
    if (role === SUBJECT_ROLE) this.#subjectRequests += 1;
    if (kind === "BREAK_GLASS") this.#emergencies.add([agency]);
    for (const { groups } of subjects)
      for (const { group } of groups) this.#reads.add([agency, purpose, group]);
    for (const [reason, count] of Object.entries(refusals))
      this.#denials.add([agency, purpose, reason], count);
  }

  result() {
    return {
      answers: this.#answers,
      reads: this.#reads.rows() as TransparencyReport["reads"],
      denials: this.#denials.rows() as TransparencyReport["denials"],
      emergencies: this.#emergencies.rows() as TransparencyReport["emergencies"],
      subjectRequests: this.#subjectRequests,
      unreadable: this.#unreadable,
    };
  }
}

/** Numbers by some names, in the order of the names. */
class Counts {
  readonly #names: readonly string[];
  readonly #counts = new Map<string, number>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  add(values: readonly string[], count = 1): void {
    const key = JSON.stringify(values);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }

  rows(): readonly object[] {
    return [...this.#counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, count]) => {
        const values = JSON.parse(key) as readonly string[];
        return { ...Object.fromEntries(this.#names.map((name, at) => [name, values[at]])), count };
      });
  }
}
