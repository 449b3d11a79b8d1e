/**
 * What a refused caller is told beside the one message: by which schemes to present a token (RFC 9110 §11.6.1, RFC 6750 §3,
 * RFC 9449 §7.1). The same for every cause, but for a nonce, which a caller cannot know.
 */
import type { Binding } from "./registry.ts";
import { NonceWanted } from "./token-problem.ts";
import { SIGNATURE_ALGORITHMS } from "./vet-keys.ts";

export type Challenge = (cause: unknown) => Readonly<Record<string, string>>;

const ALGORITHMS = `algs="${SIGNATURE_ALGORITHMS.join(" ")}"`;

export function createChallenge(bindings: ReadonlySet<Binding>): Challenge {
  const takesDpop = bindings.has("dpop");
  // Certificate-bound tokens come as Bearer, over a connection with that certificate.
  const takesBearer = !takesDpop || bindings.size > 1;
  const challenges = (dpop: string): string =>
    [...(takesDpop ? [`DPoP ${dpop}`] : []), ...(takesBearer ? ["Bearer"] : [])].join(", ");
  const usual = challenges(ALGORITHMS);
  const wanting = challenges(`error="use_dpop_nonce", ${ALGORITHMS}`);
  return (cause) =>
    cause instanceof NonceWanted
      ? { "www-authenticate": wanting, "dpop-nonce": cause.nonce }
      : { "www-authenticate": usual };
}
