/**
 * Break-glass as the gateway serves it: opening, what is open, notices, entries, reviews.
 *
 * Same      whatever is named, an opening takes the same steps and asks the same agencies: an absent case, a hidden one and one that
 *           the reader may read already end alike, each with an entry, three notices and a place in the day's count.
 * Order     rules that need no look first; then who owns the case; then the record, durable before anything opens; then the grant.
 * Errors    BAD_USER_INPUT for what is not exactly one object, for an issue, and for a key that was used for another object.
 */
import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Clock } from "../kernel/clock.ts";
import { GatewayError } from "../kernel/errors.ts";
import { type Asking, type CaseQuestions, NO_CASE } from "./case-questions.ts";
import { Notices } from "./notices.ts";
import { type Applicant, guard, OPENINGS_A_DAY, type Refusal, refusalOf } from "./opening-rules.ts";
import { type OpenCases, type Opener, Openings } from "./openings.ts";
import { type Entry, type Reviewed, Reviews } from "./reviews.ts";

/** A person as a document names them. */
export interface NamedPerson {
  readonly cpr: string;
  readonly name: string;
}

/** Who has a document, and which case is theirs; asks the same agencies whoever it finds. */
export type CaseOfPerson = (person: NamedPerson, asking: Asking) => Promise<string | null>;

export interface SealedReason {
  /** Id of the key. */
  readonly key: string;
  readonly sealed: string;
}

/** Encrypts under the key of a case, as the disclosure log does. */
export interface ReasonSeals {
  seal(caseUid: string, opening: string, reason: string): SealedReason;
  /** In order; null where the key was destroyed, or its gateway does not answer. */
  open(all: readonly (SealedReason & { readonly opening: string })[]): Promise<readonly (string | null)[]>;
}

export interface DeskParts {
  readonly pool: pg.Pool;
  /** IANA name. */
  readonly timeZone: string;
  readonly cases: CaseQuestions;
  readonly caseOfPerson: CaseOfPerson;
  readonly seals: ReasonSeals;
  /** Resolves when the disclosure log has it on disk. */
  readonly record: (opener: Opener, caseUid: string, atMs: number) => Promise<void>;
  readonly clock: Clock;
}

export interface OpeningRequest {
  readonly caseUid: string | null;
  readonly document: NamedPerson | null;
  readonly reason: string;
  readonly retryKey: string | null;
  readonly applicant: Applicant;
  readonly namesIssue: boolean;
}

export interface Opened {
  readonly kind: "opened";
  readonly untilMs: number;
}

const MAX_KEY_CHARACTERS = 128;

export class BreakGlassDesk {
  readonly notices: Notices;
  readonly #parts: DeskParts;
  readonly #openings: Openings;
  readonly #reviews: Reviews;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#openings = new Openings(parts.pool, parts.timeZone);
    this.notices = new Notices(parts);
    this.#reviews = new Reviews(parts);
  }

  async open(request: OpeningRequest, asking: Asking): Promise<Opened | Refusal> {
    checkForm(request);
    const { retryKey, reason, applicant } = request;
    const { clock, cases, seals, record } = this.#parts;
    const nowMs = clock.now();
    const refusal = refusalOf(applicant, reason, nowMs);
    if (refusal) return refusal;
    const opener = openerOf(asking);
    const { today, earlier } = await this.#openings.standing(opener, retryKey, nowMs);
    if (!earlier && today >= OPENINGS_A_DAY) return guard("DAILY_LIMIT");
    const caseUid = await this.#named(request, asking);
    if (earlier) return openedBefore(earlier, caseUid);
    const owner = await cases.ownerOf(caseUid, asking);
    const uid = randomUUID();
    const sealed = seals.seal(caseUid, uid, reason.trim());
    await record(opener, caseUid, nowMs);
    const opening = { ...{ uid, opener, caseUid, retryKey, owner }, openedAtMs: nowMs, reason: sealed };
    const opened = await this.#openings.open(opening);
    return opened ? openedBefore(opened, caseUid) : guard("DAILY_LIMIT");
  }

  /** What the reader has open at that instant, the newest first. */
  openFor(reader: Opener, nowMs = this.#parts.clock.now()): Promise<OpenCases> {
    return this.#openings.openFor(reader, nowMs);
  }

  entries(asking: Asking): Promise<readonly Entry[]> {
    return this.#reviews.entries(asking);
  }

  /** In the order of the entries. */
  reasonsOf(entries: readonly Entry[]): Promise<readonly (string | null)[]> {
    const sealed = entries.map(({ uid, reasonKey, reason }) => ({
      opening: uid,
      key: reasonKey,
      sealed: reason,
    }));
    return this.#parts.seals.open(sealed);
  }

  review(asking: Asking, uid: string, justified: boolean): Promise<Reviewed | Refusal> {
    return this.#reviews.review(asking, uid, justified, this.#parts.clock.now());
  }

  async #named({ caseUid, document }: OpeningRequest, asking: Asking): Promise<string> {
    if (document === null) return caseUid ?? NO_CASE;
    return (await this.#parts.caseOfPerson(document, asking)) ?? NO_CASE;
  }
}

const openerOf = ({ reader: { member, staff, role } }: Asking): Opener => ({ member, staff, role });

function openedBefore(
  { caseUid, untilMs }: { readonly caseUid: string; readonly untilMs: number },
  asked: string,
): Opened {
  if (caseUid === asked) return { kind: "opened", untilMs };
  throw new GatewayError("BAD_USER_INPUT", "`idempotencyKey` was used for another object");
}

function checkForm({ caseUid, document, retryKey, namesIssue }: OpeningRequest): void {
  if ((caseUid === null) === (document === null))
    throw new GatewayError("BAD_USER_INPUT", "`openBreakGlass` takes `caseId` or `document`, and not both");
  if (namesIssue) throw new GatewayError("BAD_USER_INPUT", "`openBreakGlass` is asked without `x-issue`");
  if (retryKey !== null && (retryKey === "" || retryKey.length > MAX_KEY_CHARACTERS))
    throw new GatewayError("BAD_USER_INPUT", `\`idempotencyKey\` has 1 to ${MAX_KEY_CHARACTERS} characters`);
}
