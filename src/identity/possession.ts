/**
 * Does whoever presents a token hold what it is bound to?
 *
 * Rule    a token bound to a key comes under the scheme `DPoP` with a proof by that key, and under no other; one bound to a
 *         certificate comes over TLS with that certificate; one bound to both, with both. A token that is bound to nothing is taken
 *         only from clients of which the configuration wants nothing (`binding: bearer`).
 * Errors  `TokenProblem`; what `verifyProof` throws.
 * Source  RFC 9449 §7, RFC 8705 §3; security design A22, A24.
 */
import type { Channel } from "./channel.ts";
import { confirmationOf } from "./confirmation.ts";
import type { VerifyProof } from "./dpop.ts";
import type { Binding } from "./registry.ts";
import type { VerifiedToken } from "./token.ts";
import { TokenProblem } from "./token-problem.ts";

/** How a request presents its token. */
export interface Presented {
  readonly scheme: "bearer" | "dpop";
  /** As text. */
  readonly token: string;
  /** The header `dpop`; undefined when absent. */
  readonly proof: string | undefined;
  readonly channel: Channel | undefined;
}

export async function checkPossession(
  presented: Presented,
  { claims }: VerifiedToken,
  binding: Binding,
  verifyProof: VerifyProof,
): Promise<void> {
  const { scheme, channel } = presented;
  const bound = confirmationOf(claims);
  if (binding === "dpop" && bound.key === null) throw new TokenProblem("the token is not bound to a key");
  if (binding === "mtls" && bound.certificate === null)
    throw new TokenProblem("the token is not bound to a certificate");
  if ((scheme === "dpop") !== (bound.key !== null))
    throw new TokenProblem("the scheme is not that of the token's binding");
  if (bound.certificate !== null && bound.certificate !== channel?.certificate)
    throw new TokenProblem("not the certificate that the token is bound to");
  if (bound.key !== null) await verifyProof(presented, bound.key);
}
