/**
 * Turns a token and a declared purpose into a verified `Principal`, or refuses.
 *
 * In      `authorization`, `dpop`, `x-purpose` and `x-issue` of a request; how it came, for proofs of possession.
 * Out     agency and member by (issuer, client) from our registry, never from a claim; the one role of the token, which must
 *         belong to that agency; the purpose, which must be one of the role's; certificates from the register. The token is bound
 *         to its holder as the client's entry in the registry wants (`possession.ts`). `x-issue` is passed on as received: the
 *         operation stage opens it.
 * Errors  UNAUTHENTICATED with one message for every cause, which is kept as `cause` for the log; PURPOSE_REQUIRED and
 *         PURPOSE_NOT_HELD name the purposes that the role may claim. IDENTITY_UNAVAILABLE when what must be known cannot be.
 * Source  security design §2.1.
 */
import type { AgencyCode, MemberAddress } from "../kernel/brands.ts";
import type { Clock } from "../kernel/clock.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { CertificateSource } from "./certificates.ts";
import { type Challenge, createChallenge } from "./challenge.ts";
import type { Channel } from "./channel.ts";
import type { VerifyProof } from "./dpop.ts";
import type { KeySet } from "./key-set.ts";
import { checkPossession, type Presented } from "./possession.ts";
import type { Principal } from "./principal.ts";
import type { Client, Registry } from "./registry.ts";
import { DATA_SUBJECT, type Role, type Roles } from "./roles.ts";
import { createVerifyToken, type TokenRules, type VerifiedToken } from "./token.ts";
import { TokenProblem } from "./token-problem.ts";

export interface RequestHeaders {
  /** By lower-case name; undefined when absent. */
  get(name: string): string | undefined;
}

/** What a request shows of who sends it. */
export interface Showing {
  readonly headers: RequestHeaders;
  /** How it came; left out, nothing can be proven. */
  readonly channel?: Channel;
}

export interface AuthenticateOptions {
  readonly registry: Registry;
  readonly roles: Roles;
  /** Keys of each issuer of the registry. */
  readonly keySets: ReadonlyMap<string, KeySet>;
  readonly certificatesOf: CertificateSource;
  readonly rules: TokenRules;
  readonly verifyProof: VerifyProof;
  /** Whether nothing is taken of this member of staff any more. */
  readonly isRevoked: (member: MemberAddress, staff: string) => boolean;
  /** Whether nothing is taken of this member's clients, whoever comes in by them. */
  readonly isSuspended: (agency: AgencyCode, member: MemberAddress) => boolean;
  readonly clock: Clock;
}

/** Without a channel nothing can be proven: only tokens that are bound to nothing are taken. */
export type Authenticate = (headers: RequestHeaders, channel?: Channel) => Promise<Principal>;

const CREDENTIALS = /^(Bearer|DPoP) (\S+)$/i;
/** Staff identifiers travel in headers and log records. */
const STAFF = /^[A-Za-z0-9._:@|-]{1,128}$/;

export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const { registry, roles, certificatesOf } = options;
  const verifyToken = createVerifyToken(options.keySets, options.rules, options.clock);
  const challenge = createChallenge(registry.bindings);
  return async (headers, channel) => {
    const { token, client, role, assurance } = await identified(challenge, async () => {
      const presented = presentedIn(headers, channel);
      const verified = await verifyToken(presented.token);
      const reader = standing(verified, registry, roles);
      const { agency, member } = reader.client;
      if (options.isRevoked(member, verified.subject)) throw new TokenProblem("revoked");
      if (options.isSuspended(agency, member)) throw new TokenProblem("the agency is suspended");
      await checkPossession(presented, verified, reader.client.binding, options.verifyProof);
      return { token: verified, ...reader };
    });
    const purpose = purposeOf(headers.get("x-purpose"), role);
    return {
      agency: client.agency,
      member: client.member,
      client: token.clientId,
      staff: token.subject,
      role: role.id,
      purpose,
      certificates: await certificatesOf(client.member, token.subject),
      assurance,
      authenticatedAtMs: authenticatedAtMs(token),
      issue: headers.get("x-issue") ?? null,
      expiresAtMs: token.expiresAtSeconds * 1_000,
    };
  };
}

/** Whatever goes wrong inside reads the same outside. */
async function identified<Result>(challenge: Challenge, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    const headers = challenge(cause);
    throw new GatewayError("UNAUTHENTICATED", "a valid access token is required", { cause, headers });
  }
}

function presentedIn(headers: RequestHeaders, channel: Channel | undefined): Presented {
  const [, scheme, token] = CREDENTIALS.exec(headers.get("authorization") ?? "") ?? [];
  if (!scheme || !token) throw new TokenProblem("no access token");
  return {
    scheme: scheme.toLowerCase() === "dpop" ? "dpop" : "bearer",
    ...{ token, channel, proof: headers.get("dpop") },
  };
}

/** The reader's client, role and assurance, when they fit together. */
function standing(token: VerifiedToken, registry: Registry, roles: Roles) {
  const client = registry.client(token.issuer, token.clientId);
  if (!client) throw new TokenProblem("the client is not in the registry");
  if (!STAFF.test(token.subject)) throw new TokenProblem("`sub` is not a staff identifier");
  const role = roleOf(token.claims.get("roles"), client, roles);
  const assurance = registry.assurance(token.issuer, token.claims.get("acr"));
  if (!assurance || assurance < role.assurance) throw new TokenProblem(`the role asks for ${role.assurance}`);
  return { client, role, assurance };
}

/** Nobody proves who they are after the token that says so: such a time is none. */
function authenticatedAtMs({ claims, issuedAtSeconds }: VerifiedToken): number | null {
  const seconds = claims.get("auth_time");
  return typeof seconds === "number" && seconds <= issuedAtSeconds ? seconds * 1_000 : null;
}

/** A token speaks for one role: what a reader may see is never the union of two. */
function roleOf(claimed: unknown, client: Client, roles: Roles): Role {
  if (!Array.isArray(claimed) || claimed.length !== 1 || typeof claimed[0] !== "string")
    throw new TokenProblem("`roles` is not a list of one role");
  const role = roles.get(claimed[0]);
  const fits = client.readers === "subjects" ? role?.id === DATA_SUBJECT : role?.agency === client.agency;
  if (!role || !fits) throw new TokenProblem("the role is not one of the client's agency");
  return role;
}

function purposeOf(declared: string | undefined, { purposes }: Role): string {
  const params = { purposes: purposes.join(", ") };
  if (declared === undefined || declared === "") {
    const message = `declare a purpose of use in \`x-purpose\`: ${params.purposes}`;
    throw new GatewayError("PURPOSE_REQUIRED", message, { params });
  }
  if (purposes.includes(declared)) return declared;
  const message = `the role does not hold this purpose; it may claim: ${params.purposes}`;
  throw new GatewayError("PURPOSE_NOT_HELD", message, { params });
}
