/**
 * Who may sign tokens, and for whom.
 *
 * The reader's agency and member follow from (issuer, client) in this registry and never from a claim.
 */
import { z } from "zod";
import { DEFAULT_TOKEN_SECONDS, MAX_CLOCK_TOLERANCE_SECONDS } from "../../kernel/limits.ts";
import { DEVELOPMENT_ISSUERS, SANDBOX_AUDIENCE } from "../defaults.ts";
import { key, section } from "../key.ts";

const client = z.strictObject({
  member: key(z.string().min(1), "Address of the member whose front end or machine this is."),
  readers: key(
    z.enum(["staff", "subjects"]).default("staff"),
    "`staff`: members of staff in roles of the agency. `subjects`: persons who read their own data, role `dataSubject`.",
  ),
});

const jwks = z.union([
  z.strictObject({ url: z.url({ protocol: /^https?$/ }) }),
  z.strictObject({ file: z.string().min(1) }),
]);

const issuer = z.strictObject({
  issuer: key(z.string().min(1), "Exact `iss` of its tokens."),
  development: key(z.boolean().default(false), "A development issuer, which `serve` refuses."),
  jwks: key(
    jwks,
    "Its public keys: a URL, read again when a key is unknown, or a file, relative to the data directory.",
  ),
  clients: key(z.record(z.string().min(1), client), "Its clients by `client_id`."),
});

export const identity = section("Tokens and the registry of issuers and clients.", {
  audience: key(z.string().min(1).default(SANDBOX_AUDIENCE), "What `aud` of a token must name."),
  clockToleranceSeconds: key(
    z.int().min(0).max(MAX_CLOCK_TOLERANCE_SECONDS).default(MAX_CLOCK_TOLERANCE_SECONDS),
    "For how long an expired token is forgiven, in seconds.",
  ),
  maxTokenSeconds: key(
    z.int().min(60).max(86_400).default(DEFAULT_TOKEN_SECONDS),
    "Longest life of a token, `exp` minus `iat`, in seconds. `serve` wants 600 at most.",
  ),
  issuers: key(
    z.array(issuer).min(1).prefault(DEVELOPMENT_ISSUERS),
    "One pinned issuer per agency, or one for several.",
  ),
});
