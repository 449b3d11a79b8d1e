/**
 * To whom a token is bound: its `cnf` claim (RFC 7800).
 *
 * Out     thumbprint of a key (`jkt`, RFC 9449 §6.1), of a certificate (`x5t#S256`, RFC 8705 §3.1), both, or neither.
 * Errors  `TokenProblem` for a `cnf` of any other form: a binding that is not understood is never taken for none.
 */
import { TokenProblem } from "./token-problem.ts";

export interface Confirmation {
  /** SHA-256 thumbprint of a public key (RFC 7638), base64url. */
  readonly key: string | null;
  /** SHA-256 of a certificate (DER), base64url. */
  readonly certificate: string | null;
}

const UNBOUND: Confirmation = { key: null, certificate: null };
const SHA256_BASE64URL = /^[A-Za-z0-9_-]{43}$/;

export function confirmationOf(claims: ReadonlyMap<string, unknown>): Confirmation {
  if (!claims.has("cnf")) return UNBOUND;
  const cnf = claims.get("cnf");
  if (typeof cnf !== "object" || cnf === null || Array.isArray(cnf)) throw unknownBinding();
  const methods = Object.entries(cnf);
  const isKnown = methods.every(
    ([name, value]) =>
      (name === "jkt" || name === "x5t#S256") && typeof value === "string" && SHA256_BASE64URL.test(value),
  );
  if (methods.length === 0 || !isKnown) throw unknownBinding();
  const { jkt = null, "x5t#S256": certificate = null } = cnf as Readonly<Record<string, string>>;
  return { key: jkt, certificate };
}

const unknownBinding = (): TokenProblem => new TokenProblem("`cnf` binds in a way that is not known");
