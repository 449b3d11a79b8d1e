/**
 * What an agency is told about who asks: a token for that agency alone, and a request id (architecture §6).
 *
 * Views    ledger   the whole reader, purpose, issue (uid of the case) and the cases that break-glass opens: EPC's own ledger.
 *          full     reader, purpose, and the issue by the agency's own key: an agency that may see the row's case header.
 *          minimal  gateway, pseudonym of the reader, purpose NRM_LOOKUP. The default. IGA, NPRA, LMRA, NCC and RTC never
 *                   get more, so that being asked about a victim looks like being asked about any worker (A23).
 * Minimal  answers depend on nothing but the asked member and the reader: every claim has one form and length, the
 *          request id is one of the asked member's own. Two agencies that compare notes can join neither.
 * Life     60 s, EdDSA; kept per audience and view until 10 s before expiry, at most 10,000.
 */
import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { type CryptoKey, type JWTPayload, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import type { OutboundReader } from "../execute/backend.ts";
import type { AgencyCode, MemberAddress } from "../kernel/brands.ts";
import { deriveKey } from "../kernel/sealing.ts";
import type { Told } from "./graphql-http.ts";

export type OutboundView =
  | { readonly kind: "minimal" }
  | { readonly kind: "ledger" }
  /** `issue`: the agency's own key of the case, null when it has none. */
  | { readonly kind: "full"; readonly issue: string | null };

export interface Audience {
  readonly agency: AgencyCode;
  readonly member: MemberAddress;
}

export interface OutboundTokenOptions {
  /** Issuer: the gateway's name. */
  readonly gateway: string;
  /** Ed25519 private key and its id. */
  readonly privateKey: CryptoKey;
  readonly keyId: string;
  /** Root of the pseudonyms, 32 bytes; rotating it gives every reader a new pseudonym. */
  readonly pseudonymRoot: Uint8Array;
  readonly nowMs?: () => number;
}

export interface OutboundTokens {
  tell(audience: Audience, reader: OutboundReader, view?: OutboundView): Promise<Told>;
}

export const OUTBOUND_TOKEN_TYPE = "ihala-outbound+jwt";
export const NRM_LOOKUP = "NRM_LOOKUP";
const LIFETIME_S = 60;
const RENEW_BEFORE_S = 10;
const REMEMBERED_TOKENS = 10_000;
const MINIMAL: OutboundView = { kind: "minimal" };
const ALWAYS_MINIMAL: ReadonlySet<string> = new Set(["IGA", "NPRA", "LMRA", "NCC", "RTC"]);

export function createOutboundTokens(options: OutboundTokenOptions): OutboundTokens {
  const { gateway, privateKey, keyId, pseudonymRoot, nowMs = Date.now } = options;
  const tokens = new LRUCache<string, { readonly token: Promise<string>; readonly untilS: number }>({
    max: REMEMBERED_TOKENS,
  });
  const readerKey = createSecretKey(deriveKey(pseudonymRoot, "outbound-reader"));
  const requestKey = createSecretKey(deriveKey(pseudonymRoot, "outbound-request"));
  const pseudonym = (key: KeyObject, parts: readonly string[]) =>
    createHmac("sha256", key).update(JSON.stringify(parts)).digest();
  const subjects = new LRUCache<string, string>({ max: REMEMBERED_TOKENS });
  const subjectOf = (...parts: readonly string[]): string => {
    const name = JSON.stringify(parts);
    const known = subjects.get(name);
    if (known !== undefined) return known;
    const subject = pseudonym(readerKey, parts).toString("base64url", 0, 18);
    subjects.set(name, subject);
    return subject;
  };

  const mint = (audience: string, claims: JWTPayload, nowS: number) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "EdDSA", typ: OUTBOUND_TOKEN_TYPE, kid: keyId })
      .setIssuer(gateway)
      .setAudience(audience)
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + LIFETIME_S)
      .sign(privateKey);

  const tokenFor = (audience: string, identity: string, claims: JWTPayload): Promise<string> => {
    const nowS = Math.floor(nowMs() / 1_000);
    const kept = tokens.get(identity);
    if (kept && kept.untilS > nowS) return kept.token;
    const token = mint(audience, claims, nowS);
    tokens.set(identity, { token, untilS: nowS + LIFETIME_S - RENEW_BEFORE_S });
    return token;
  };

  return {
    async tell({ agency, member }, reader, wanted = MINIMAL) {
      const view = ALWAYS_MINIMAL.has(agency) ? MINIMAL : wanted;
      const claims = { sub: subjectOf(member, reader.member, reader.staff), ...claimsOf(reader, view) };
      const identity = JSON.stringify([member, claims]);
      const token = await tokenFor(member, identity, claims);
      const requestId =
        view.kind === "ledger"
          ? reader.requestId
          : pseudonym(requestKey, [member, reader.requestId]).toString("hex", 0, 16);
      return { identity, headers: { authorization: `Bearer ${token}`, "x-request-id": requestId } };
    },
  };
}

function claimsOf(reader: OutboundReader, view: OutboundView): JWTPayload {
  if (view.kind === "minimal") return { purpose: NRM_LOOKUP };
  const { agency, member, staff, role, purpose } = reader;
  const named = { agency, member, staff, role };
  if (view.kind === "full") return { purpose, reader: named, issue: view.issue };
  const { issue, brokenGlass = [] } = reader;
  return { purpose, reader: named, issue, ...(brokenGlass.length > 0 ? { brokenGlass } : {}) };
}
