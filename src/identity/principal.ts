/**
 * Who asks: a member of staff in a role of an agency, for a declared purpose, as verified by `authenticate.ts`.
 */
import type { AgencyCode, MemberAddress } from "../kernel/brands.ts";

export type Assurance = "AAL1" | "AAL2" | "AAL3";

export interface Principal {
  readonly agency: AgencyCode;
  /** The reader's organisation; it, not the agency, owns rows, referrals, consents and sealed ids. */
  readonly member: MemberAddress;
  /** The front end that asks for them: the client of the token, unique inside the member. */
  readonly client: string;
  /** Staff identifier, unique inside the member. */
  readonly staff: string;
  /** Role as in the domain, `NGO.caseworker`; always one of the reader's agency, or `dataSubject`. */
  readonly role: string;
  /** Purpose of use, declared per request by `x-purpose` and held by the role. */
  readonly purpose: string;
  /** Valid certificates, from the training centre's register, never from a claim. */
  readonly certificates: ReadonlySet<string>;
  readonly assurance: Assurance;
  /** When the reader proved who they are (`auth_time`), milliseconds since the epoch; null when the issuer does not say. */
  readonly authenticatedAtMs: number | null;
  /** `x-issue` as received: the reader's sealed id of one case; opened by the operation stage. */
  readonly issue: string | null;
  /** Expiry of the token, milliseconds since the epoch. */
  readonly expiresAtMs: number;
}
