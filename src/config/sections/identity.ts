/**
 * Who may sign tokens, and for whom.
 *
 * The reader's agency and member follow from (issuer, client) in this registry and never from a claim.
 */
import { z } from "zod";
import * as bounds from "../../kernel/limits.ts";
import { DEVELOPMENT_ISSUERS, SANDBOX_AUDIENCE } from "../defaults.ts";
import { key, section } from "../key.ts";

const client = z.strictObject({
  member: key(z.string().min(1), "Address of the member whose front end or machine this is."),
  readers: key(
    z.enum(["staff", "subjects"]).default("staff"),
    "`staff`: members of staff in roles of the agency. `subjects`: persons who read their own data, role `dataSubject`.",
  ),
  binding: key(
    z.enum(["dpop", "mtls", "bearer"]).default("dpop"),
    "What its tokens must be bound to: a key of its own (`dpop`, RFC 9449), its TLS certificate (`mtls`, RFC 8705), or nothing (`bearer`, which `serve` refuses).",
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
    "Its public keys: a URL or a file, relative to the data directory; read again from time to time, and when a key is unknown.",
  ),
  assurance: key(
    z.record(z.string().min(1), z.enum(["AAL1", "AAL2", "AAL3"])).optional(),
    'What its values of `acr` stand for, such as `{"urn:gov:high": AAL3}`; any other is refused. Left out: `AAL1`, `AAL2` and `AAL3` themselves.',
  ),
  clients: key(z.record(z.string().min(1), client), "Its clients by `client_id`."),
});

export const identity = section("Tokens and the registry of issuers and clients.", {
  audience: key(z.string().min(1).default(SANDBOX_AUDIENCE), "What `aud` of a token must name."),
  clockToleranceSeconds: key(
    z.int().min(0).max(bounds.MAX_CLOCK_TOLERANCE_SECONDS).default(bounds.MAX_CLOCK_TOLERANCE_SECONDS),
    "For how long an expired token is forgiven, in seconds.",
  ),
  maxTokenSeconds: key(
    z.int().min(60).max(86_400).default(bounds.DEFAULT_TOKEN_SECONDS),
    "Longest life of a token, `exp` minus `iat`, in seconds. `serve` wants 600 at most.",
  ),
  dpop: section("Proofs of possession, of clients bound by `dpop`.", {
    maxAgeSeconds: key(
      z.int().min(5).max(bounds.MAX_PROOF_SECONDS).default(bounds.DEFAULT_PROOF_SECONDS),
      "How old a proof may be, in seconds.",
    ),
    nonce: key(
      z.boolean().default(false),
      "Whether a proof must hold a nonce of ours, which a 401 gives out (`DPoP-Nonce`): none can then be made ahead.",
    ),
    shared: key(
      z.boolean().default(true),
      "Whether replicas tell each other, through the database, which proofs they have seen. `false` where one gateway runs alone.",
    ),
  }),
  issuers: key(
    z.array(issuer).min(1).prefault(DEVELOPMENT_ISSUERS),
    "One pinned issuer for each member, which no other speaks for; outside production one may speak for several agencies.",
  ),
});
