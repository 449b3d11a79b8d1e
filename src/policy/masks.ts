/**
 * What a masked field still shows: which kind of mask a cell has, and the named transformations of values.
 *
 * In      the masks of the domain (kind, fields, words) and, for the words that say less than the field, the table below.
 * Out     `maskOf` names what remains (`Outcome.mask`); `MASKS` holds the transformations by that name.
 * Rule    domain rules §5 and `masks[].leaves`. A `transform` mask leaves what its words name; any other field of the
 *         group is withheld, so that a field added later is not shown by oversight. Of a file nothing is left by any of them
 *         (`respond/file-leaf.ts`): it is given whole or not at all.
 * Errors  none: a value of an unexpected shape becomes null.
 */
import { createHmac } from "node:crypto";
import type { Domain } from "./domain.ts";
import type { MaskName, Outcome } from "./verdict.ts";

export interface MaskEnvironment {
  /** A stable, keyed pseudonym (HMAC): the same value gives the same text for one reading member only. */
  pseudonym(value: string): string;
}

/** Pseudonyms of one reading member: HMAC-SHA-256 under a key of the gateway, 80 bits as base64url. */
export function maskEnvironment(key: Uint8Array, member: string): MaskEnvironment {
  return {
    pseudonym: (value) =>
      createHmac("sha256", key).update(`${member}\0${value}`).digest().subarray(0, 10).toString("base64url"),
  };
}

type MaskTransformation = (value: unknown, environment: MaskEnvironment) => unknown;

const MASKS = {
  /** CPR: the last three digits. */
  "transform:lastThree": (value) => (typeof value === "string" ? value.slice(-3) : null),
  /** Residence: how long it is valid, nothing else. */
  "transform:validityOnly": (value) => each(value, onlyValidity),
  /**
   * Screening outcome: this one code or nothing. A regulator reaches a screening only through a case that was
   * referred to it, so the condition "when the labour track was referred" holds on every path.
   */
  "transform:labourViolationOnly": (value) => (value === "LABOUR_VIOLATION_ONLY" ? value : null),
  "transform:pseudonym": (value, { pseudonym }) =>
    each(value, (text) => (typeof text === "string" ? pseudonym(text) : null)),
  /** A day or an instant as `YYYY-MM`. */
  "transform:month": (value) => each(value, (text) => (typeof text === "string" ? text.slice(0, 7) : null)),
  "transform:withheld": () => null,
} satisfies Record<MaskName, MaskTransformation>;

type KnownMask = keyof typeof MASKS;

const PSEUDONYM = "transform:pseudonym";
const MONTH = "transform:month";

/** Group → field → what the words leave of it, where that is less than the field. */
const WORDS: Readonly<Record<string, Readonly<Record<string, "keep" | KnownMask>>>> = {
  IDENTIFIERS: { "Person.cpr": "transform:lastThree" },
  IMMIGRATION: { "Person.residence": "transform:validityOnly" },
  SCREENING: { "Screening.outcome": "transform:labourViolationOnly" },
  // "pseudonymous number, stage, months instead of days": no staff, no agency, no survivor code. Edges stay open,
  // what they lead to is decided by itself.
  CASE_HEADER: {
    "Case.id": "keep",
    "Case.nrmNumber": PSEUDONYM,
    "Case.stage": "keep",
    "Case.identificationState": "keep",
    "Case.protectionState": "keep",
    "Case.justiceState": "keep",
    "Case.labourState": "keep",
    "Case.redressState": "keep",
    "Case.openedAt": MONTH,
    "Case.closedAt": MONTH,
    "Case.parties": "keep",
    "Case.victim": "keep",
    "Case.relatedCases": "keep",
    "CaseParty.case": "keep",
    "CaseParty.role": "keep",
    "CaseParty.code": PSEUDONYM,
    "CaseParty.from": MONTH,
    "CaseParty.until": MONTH,
    "Case.timeline": "keep",
    "CaseEvent.track": "keep",
    "CaseEvent.from": "keep",
    "CaseEvent.to": "keep",
    "CaseEvent.at": MONTH,
    "Person.caseParties": "keep",
    "Investigation.policeNumber": PSEUDONYM,
    "Investigation.openedAt": MONTH,
    "Prosecution.number": PSEUDONYM,
  },
  // "anonymised judgment": the judgment without the person it names. That it is final is the court's to say when it
  // publishes one; no case exists for the training centre, so it reaches none by a case.
  TRIAL_VERDICT: {
    "Case.trial": "keep",
    "Trial.courtNumber": PSEUDONYM,
    "Trial.court": "keep",
    "Trial.sealed": "keep",
    "Trial.hearings": "keep",
    "Trial.verdicts": "keep",
    "Verdict.outcome": "keep",
    "Verdict.sentenceMonths": "keep",
    "Verdict.fine": "keep",
    "Verdict.final": "keep",
  },
};

/** What the mask of a cell leaves of a field; null when the cell has no mask that leaves it. */
export function maskOf(domain: Domain, group: string, agency: string, coordinate: string): Outcome["mask"] {
  const mask = domain.masks.find((row) => row.group === group && row.agency === agency);
  if (!mask) return null;
  if (mask.kind === "rows") return "rows";
  return WORDS[group]?.[coordinate] ?? (mask.kind === "fields" ? "keep" : "transform:withheld");
}

function isKnownMask(name: string): name is KnownMask {
  return Object.hasOwn(MASKS, name);
}

/** Applies a named transformation; an unknown name withholds. */
export function applyMask(name: MaskName, value: unknown, environment: MaskEnvironment): unknown {
  if (value === null || value === undefined) return null;
  return isKnownMask(name) ? MASKS[name](value, environment) : null;
}

function each(value: unknown, transform: (item: unknown) => unknown): unknown {
  return Array.isArray(value) ? value.map(transform) : transform(value);
}

function onlyValidity(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return null;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, KEPT_OF_RESIDENCE.has(name) ? part : null]),
  );
}

const KEPT_OF_RESIDENCE = new Set(["validUntil", "__typename"]);
