/**
 * What the disclosure log says about one answer: who asked for what, why, under which policies, and which field groups of whom
 * were shown. Never a value, never an id as the reader saw it, never a literal of the operation.
 */
import { createHash } from "node:crypto";

/** In the place of an operation's hash: an opening by break-glass is recorded before the operation that asks for it is over. */
export const OPENING_OPERATION: string = createHash("sha256").update("Mutation.openBreakGlass").digest("hex");

/** Whom an answer was about: a Case, else a Person, Worker or Employer; released tables have no subject. */
export interface RecordedSubject {
  readonly type: string;
  readonly uid: string;
  readonly groups: readonly RecordedGroup[];
}

export interface RecordedGroup {
  /** Field group of the domain, `IDENTITY_CORE`. */
  readonly group: string;
  /** How clearly it was shown at its clearest. */
  readonly level: "clear" | "masked";
  /** What the reader was obliged to, `DELETE_AFTER(30d)`; left out when it was nothing. */
  readonly obligations?: readonly string[];
}

/** What the pipeline hands in. */
export interface Disclosure {
  /** Instant of the answer, ISO 8601 UTC. */
  readonly time: string;
  /** Name of the gateway, `deployment.name`. */
  readonly gateway: string;
  /** Staff identifier inside the member. */
  readonly reader: string;
  readonly member: string;
  readonly role: string;
  readonly purpose: string;
  /** Uid of the issue's case, or null. */
  readonly issue: string | null;
  readonly operationHash: string;
  readonly policyVersion: string;
  /** Selected fields that were withheld or hidden. */
  readonly withheldCount: number;
  /** Reason codes of everything withheld or hidden, as decided, with the number of places; the reader is told less. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly subjects: readonly RecordedSubject[];
  /** Emergency access: one was opened, or something was shown of a case that is open by it. Left out of all other answers. */
  readonly kind?: "BREAK_GLASS";
  /** A file was given, or refused, and no answer: one link was used. Left out of all answers. */
  readonly file?: true;
}

export interface DisclosureRecord extends Disclosure {
  /** 1, 2, 3, … without a gap for each gateway. */
  readonly sequence: number;
  /** Subjects that cannot be read, since their keys are destroyed or were not given; left out when there are none. */
  readonly unreadable?: number;
}

/** Proof that the record is on disk. */
export interface Receipt {
  readonly sequence: number;
}
