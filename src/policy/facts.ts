/**
 * Folds what agencies state about a row into the facts that policies read (domain rules §1 and §3).
 *
 * Cedar has no quantifier, so lists of referrals and consents become sets before evaluation. The same helpers serve
 * `policy decide`, the ledger (for the reader's own member) and the gateway's executor.
 * Rule    whatever is missing or unknown takes the stricter value; group codes that the domain in force does not list are dropped.
 * Cost    linear in referrals and consents; facts are built once per case row and shared by all its fields.
 */
import type { Domain } from "./domain.ts";
import type { Facts } from "./verdict.ts";

export interface ReferralFact {
  readonly status: string;
  readonly expiresAt: number;
  readonly purpose: string;
  readonly groups: readonly string[];
  /** Legal basis written on it; not part of a `DecideRow`, which states the basis beside the list. */
  readonly basis?: string;
}

export interface ConsentFact {
  readonly status: string;
  readonly validUntil: number;
  /** Who is named: member addresses in the ledger, agency codes in `policy decide`. */
  readonly recipients: readonly string[];
  readonly groups: readonly string[];
}

export interface FactReader {
  readonly agency: string;
  readonly purpose: string;
  /** How consents name the reader: its member's address, or its agency's code in `policy decide`. */
  readonly recipient: string;
}

/** By whose tables a row is folded, and when. */
export interface Folding {
  /** That of the policies by which the row is decided. */
  readonly domain: Domain;
  readonly now: number;
}

/** What is recorded about one case, as far as it concerns the reader's member. */
export interface CaseRecords {
  readonly holder: boolean;
  /** Referrals whose receiver is the reader's member, oldest first. */
  readonly referrals: readonly ReferralFact[];
  /** The current record of each consent. */
  readonly consents: readonly ConsentFact[];
  readonly charged: boolean;
}

export interface FoldedCase {
  readonly holder: boolean;
  readonly party: boolean;
  readonly known: boolean;
  readonly grantedGroups: readonly string[];
  readonly consentedGroups: readonly string[];
  readonly refusedGroups: readonly string[];
  /** Of the newest referral by which the reader reads, null when there is none. */
  readonly basis: string | null;
}

export function foldCase(records: CaseRecords, reader: FactReader, { domain, now }: Folding): FoldedCase {
  const { holder, referrals, consents } = records;
  const live = referrals.filter(
    ({ status, expiresAt, purpose }) =>
      status === "ACCEPTED" && expiresAt > now && purpose === reader.purpose,
  );
  const { consented, refused } = foldConsents(consents, reader.recipient, now);
  return {
    holder,
    party: holder || live.length > 0,
    known: isKnown(records, headerCell(domain, reader.agency)),
    grantedGroups: [...new Set(live.flatMap(({ groups }) => groups))],
    consentedGroups: consented,
    refusedGroups: refused,
    basis: live.at(-1)?.basis ?? null,
  };
}

/** A refusal or withdrawal never runs out and beats a consent that is still given (rules §3). */
function foldConsents(consents: readonly ConsentFact[], recipient: string, now: number) {
  const naming = consents.filter(({ recipients }) => recipients.includes(recipient));
  const groupsOf = (test: (consent: ConsentFact) => boolean) =>
    new Set(naming.filter(test).flatMap(({ groups }) => groups));
  const refused = groupsOf(({ status }) => status === "REFUSED" || status === "WITHDRAWN");
  const given = groupsOf(({ status, validUntil }) => status === "GIVEN" && validUntil > now);
  return { consented: [...given.difference(refused)], refused: [...refused] };
}

/** The reader's agency knows that there is a case: decided by its cell for the case header. */
function isKnown({ holder, referrals, charged }: CaseRecords, cell: string | null): boolean {
  switch (cell) {
    case "A":
    case "M":
      return true;
    case "P":
      return holder || referrals.some(({ status }) => status === "ACCEPTED");
    case "S":
      return charged;
    default:
      return false;
  }
}

const headerCell = ({ agencies, cell }: Domain, agency: string): string | null =>
  agencies.includes(agency) ? cell("CASE_HEADER", agency).effect : null;

type Maybe<T> = { readonly [Name in keyof T]?: T[Name] | null | undefined };

/** A row as `policy decide` reads it (rules §1); everything may be missing or null there. */
export type DecideRow = Maybe<{
  caseBound: boolean;
  own: boolean;
  owner: boolean;
  assigned: boolean;
  referrals: readonly Maybe<Omit<ReferralFact, "basis">>[];
  consents: readonly Maybe<ConsentFact>[];
  basis: string;
  charged: boolean;
  courtGroups: readonly string[];
  child: boolean;
  sealed: boolean;
  officialSuspect: boolean;
  staffConflict: boolean;
  certificates: readonly string[];
  breakGlass: Maybe<{ until: number }>;
}>;

export function foldFacts(row: DecideRow, reader: Omit<FactReader, "recipient">, folding: Folding): Facts {
  const charged = row.charged ?? false;
  const folded = foldCase(
    {
      holder: row.owner ?? false,
      referrals: (row.referrals ?? []).map(referralOf),
      consents: (row.consents ?? []).map(consentOf),
      charged,
    },
    { ...reader, recipient: reader.agency },
    folding,
  );
  return factsFromAccess(
    {
      ...folded,
      basis: row.basis ?? null,
      assigned: row.assigned ?? true,
      charged,
      courtGroups: row.courtGroups ?? [],
      child: row.child ?? false,
      sealed: row.sealed ?? false,
      officialSuspect: row.officialSuspect ?? false,
      staffConflict: row.staffConflict ?? false,
    },
    {
      caseBound: row.caseBound ?? true,
      breakGlassUntil: row.breakGlass?.until ?? 0,
      now: folding.now,
      groups: folding.domain.groups,
    },
  );
}

const referralOf = ({ status, expiresAt, purpose, groups }: Maybe<ReferralFact>): ReferralFact => ({
  status: status ?? "",
  expiresAt: expiresAt ?? 0,
  purpose: purpose ?? "",
  groups: groups ?? [],
});

const consentOf = ({ status, validUntil, recipients, groups }: Maybe<ConsentFact>): ConsentFact => ({
  status: status ?? "",
  validUntil: validUntil ?? 0,
  recipients: recipients ?? [],
  groups: groups ?? [],
});

/** `CaseAccess` as the ledger answers it, in JSON. Any part may be missing when an agency lies or is down. */
export type CaseAccessJson = Maybe<{
  holder: boolean;
  party: boolean;
  known: boolean;
  grantedGroups: readonly string[];
  consentedGroups: readonly string[];
  refusedGroups: readonly string[];
  basis: string;
  assigned: boolean;
  charged: boolean;
  courtGroups: readonly string[];
  child: boolean;
  sealed: boolean;
  officialSuspect: boolean;
  staffConflict: boolean;
}>;

export interface RowCircumstances {
  readonly caseBound: boolean;
  readonly breakGlassUntil: number;
  readonly now: number;
  /** Of the domain in force. */
  readonly groups: Domain["groups"];
}

/** Facts of a row reached by a case or from a register. Missing access gives the most restrictive facts. */
export function factsFromAccess(
  access: CaseAccessJson | null | undefined,
  { caseBound, breakGlassUntil, now, groups }: RowCircumstances,
): Facts {
  if (!access) return { ...MOST_RESTRICTIVE, caseBound, now };
  if (!caseBound) return { ...NO_CASE, ...overlaysOf(access), now };
  const holder = access.holder === true;
  return {
    caseBound,
    breakGlassUntil,
    now,
    ...overlaysOf(access),
    holder,
    party: holder || access.party === true,
    known: access.known === true,
    granted: holder ? EVERY_GROUP : knownGroups(access.grantedGroups, groups),
    consented: knownGroups(access.consentedGroups, groups),
    refused: Array.isArray(access.refusedGroups) ? knownGroups(access.refusedGroups, groups) : EVERY_GROUP,
    basis: typeof access.basis === "string" ? access.basis : "NONE",
    charged: access.charged === true,
    courtGroups: access.charged === true ? knownGroups(access.courtGroups, groups) : [],
  };
}

/** An overlay that nobody denied is taken to be there. */
const overlaysOf = (access: CaseAccessJson) => ({
  assigned: access.assigned === true,
  child: access.child !== false,
  sealed: access.sealed !== false,
  officialSuspect: access.officialSuspect !== false,
  staffConflict: access.staffConflict !== false,
});

/** The overlays of a person read from a register, as the ledger answers `Person.access`. */
export type PersonAccessJson = Maybe<{ child: boolean; officialSuspect: boolean; staffConflict: boolean }>;

/** For rows behind which stands no person: an employer, a recommendation. */
export const NO_PERSON: PersonAccessJson = Object.freeze({
  child: false,
  officialSuspect: false,
  staffConflict: false,
});

/** A row read from a register: no case opens anything, and none is refused (rules §3, caseBound false). */
export function REGISTER_FACTS(personAccess: PersonAccessJson | null | undefined, now: number): Facts {
  return { ...NO_CASE, ...overlaysOf({ sealed: false, assigned: true, ...personAccess }), now };
}

/** Action groups above every value of a case and of a person: what a holder is granted. */
const EVERY_GROUP: readonly string[] = Object.freeze(["caseData", "personData"]);

/** What is no list is an empty one. */
const knownGroups = (codes: unknown, groups: Domain["groups"]): readonly string[] =>
  Array.isArray(codes) ? codes.filter((code) => groups.has(code)) : [];

const NO_CASE = {
  caseBound: false,
  holder: false,
  party: false,
  known: false,
  granted: [],
  consented: [],
  refused: [],
  basis: "NONE",
  charged: false,
  courtGroups: [],
  breakGlassUntil: 0,
} satisfies Partial<Facts>;

const MOST_RESTRICTIVE: Facts = {
  ...NO_CASE,
  refused: EVERY_GROUP,
  assigned: false,
  child: true,
  sealed: true,
  officialSuspect: true,
  staffConflict: true,
  now: 0,
};
