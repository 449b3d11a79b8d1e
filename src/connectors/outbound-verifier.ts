/**
 * The other side of `outbound-token.ts`: what a backend learns from the gateway's token. Used by the ledger, the
 * sandbox's agencies and any backend written with this package.
 *
 * In      the value of `authorization`. Out  the claims, or null for anything that is not a valid token of this gateway
 *         for this audience: another algorithm, type, issuer or audience, expired, edited, or no token at all.
 */
import { type CryptoKey, type JWTVerifyGetKey, jwtVerify } from "jose";
import { z } from "zod";
import { OUTBOUND_TOKEN_TYPE } from "./outbound-token.ts";

const outboundClaims = z.object({
  iss: z.string(),
  /** Pseudonym of the reader, of this audience only. */
  sub: z.string(),
  purpose: z.string(),
  reader: z
    .object({ agency: z.string(), member: z.string(), staff: z.string(), role: z.string() })
    .optional(),
  issue: z.string().nullable().optional(),
  /** Uids of cases that are open to the reader by break-glass; the ledger's alone. */
  brokenGlass: z.array(z.string()).optional(),
});

export type OutboundClaims = Readonly<z.infer<typeof outboundClaims>>;

export interface OutboundVerifierOptions {
  readonly gateway: string;
  /** Address of the member that verifies. */
  readonly audience: string;
  /** Ed25519 public key, or a key set. */
  readonly publicKey: CryptoKey | JWTVerifyGetKey;
  readonly nowMs?: () => number;
}

const COMPACT_BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/;
const CLOCK_TOLERANCE_S = 10;

export function createOutboundVerifier({
  gateway,
  audience,
  publicKey,
  nowMs = Date.now,
}: OutboundVerifierOptions) {
  const getKey: JWTVerifyGetKey = typeof publicKey === "function" ? publicKey : async () => publicKey;
  return async (authorization: string | undefined): Promise<OutboundClaims | null> => {
    const [, token] = COMPACT_BEARER.exec(authorization ?? "") ?? [];
    if (!token) return null;
    try {
      const { payload } = await jwtVerify(token, getKey, {
        algorithms: ["EdDSA"],
        typ: OUTBOUND_TOKEN_TYPE,
        issuer: gateway,
        audience,
        requiredClaims: ["exp", "iat", "sub"],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(nowMs()),
      });
      return outboundClaims.parse(payload);
    } catch {
      return null;
    }
  };
}
