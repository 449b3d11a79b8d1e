/** Keys, a registry and an authenticator for identity tests: two agencies, each with an issuer and a key of its own. */
import { createHmac, KeyObject, sign } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { readDomain } from "../../src/config/domain.ts";
import { createAuthenticate } from "../../src/identity/authenticate.ts";
import type { CertificateSource } from "../../src/identity/certificates.ts";
import type { Channel } from "../../src/identity/channel.ts";
import { createVerifyProof, type ProofRules } from "../../src/identity/dpop.ts";
import { createKeySet } from "../../src/identity/key-set.ts";
import { createProofMemory } from "../../src/identity/proof-memory.ts";
import { createRegistry } from "../../src/identity/registry.ts";
import { rolesOf } from "../../src/identity/roles.ts";
import { fixedClock } from "../../src/kernel/clock.ts";

export const NOW = Date.parse("2026-11-25T08:00:00Z") / 1_000;
export const AUDIENCE = "https://gateway.test";
export const NGO_ISSUER = "https://ngo.test";
export const PPO_ISSUER = "https://ppo.test";

export interface Key {
  readonly secret: KeyObject;
  readonly open: JWK;
}

async function newKey(alg: "ES256" | "PS256" | "EdDSA", kid: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { secret: KeyObject.from(privateKey), open: { ...(await exportJWK(publicKey)), kid } };
}

export const keys = {
  ngo: await newKey("ES256", "ngo-1"),
  rsa: await newKey("PS256", "ngo-rsa"),
  edwards: await newKey("EdDSA", "ngo-ed"),
  ppo: await newKey("ES256", "ppo-1"),
  stranger: await newKey("ES256", "ngo-1"),
};

export const registry = createRegistry({
  agencies: [
    { code: "NGO", members: [{ address: "BH/NGO/MWPS/assist" }, { address: "BH/NGO/AMAN/shelter" }] },
    { code: "PPO", members: [{ address: "BH/JUD/PPO/tip" }] },
    { code: "IGA", members: [{ address: "BH/GOV/IGA/population" }] },
  ],
  identity: {
    issuers: [
      {
        issuer: NGO_ISSUER,
        clients: {
          mwps: { member: "BH/NGO/MWPS/assist", readers: "staff", binding: "bearer" },
          aman: { member: "BH/NGO/AMAN/shelter", readers: "staff", binding: "bearer" },
          front: { member: "BH/NGO/MWPS/assist", readers: "staff", binding: "dpop" },
          machine: { member: "BH/NGO/MWPS/assist", readers: "staff", binding: "mtls" },
        },
      },
      {
        issuer: PPO_ISSUER,
        clients: {
          ppo: { member: "BH/JUD/PPO/tip", readers: "staff", binding: "bearer" },
          portal: { member: "BH/GOV/IGA/population", readers: "subjects", binding: "bearer" },
        },
      },
    ],
  },
});

export const roles = rolesOf(await readDomain());

/** `proofs`: what else holds for proofs of possession. */
export function bench(
  certificatesOf: CertificateSource = async () => new Set(),
  proofs: Partial<ProofRules> = {},
) {
  const clock = fixedClock(new Date(NOW * 1_000).toISOString());
  const source = (...of: readonly Key[]) => ({
    read: async () => ({ keys: of.map(({ open }) => open) }),
    freshMs: 300_000,
  });
  const keySets = new Map([
    [NGO_ISSUER, createKeySet(source(keys.ngo, keys.rsa, keys.edwards), clock, async () => {})],
    [PPO_ISSUER, createKeySet(source(keys.ppo), clock, async () => {})],
  ]);
  const rules = { audience: AUDIENCE, clockToleranceSeconds: 60, maxTokenSeconds: 600 };
  const revoked = new Set<string>();
  const remember = createProofMemory(70_000, clock);
  const verifyProof = createVerifyProof({ maxAgeSeconds: 60, nonces: null, remember, ...proofs }, clock);
  const authenticate = createAuthenticate({
    ...{ registry, roles, keySets, certificatesOf, rules, verifyProof, clock },
    isRevoked: (member, staff) => revoked.has(`${member} ${staff}`),
    isSuspended: () => false,
  });
  const ask = (
    token: string | undefined,
    headers: Record<string, string> = { "x-purpose": "SHELTER_CARE" },
    channel?: Channel,
  ) => {
    const all = new Map(
      Object.entries({ ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers }),
    );
    return authenticate(all, channel);
  };
  return { clock, authenticate, ask, revoked };
}

export const HEADER = { alg: "ES256", kid: "ngo-1", typ: "at+jwt" };
export const CLAIMS = {
  iss: NGO_ISSUER,
  aud: AUDIENCE,
  client_id: "mwps",
  sub: "ngo-mwps-caseworker-1",
  roles: ["NGO.caseworker"],
  acr: "AAL2",
  iat: NOW,
  exp: NOW + 300,
  jti: "1",
};

const encode = (part: unknown) =>
  Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");

/** Signs whatever is given, also what no honest issuer would sign; texts are taken as they are. */
export function forge(header: unknown, claims: unknown, key: Key = keys.ngo): string {
  const input = `${encode(header)}.${encode(claims)}`;
  const { alg } = typeof header === "string" ? HEADER : (header as { alg: string });
  return `${input}.${signature(input, alg, key).toString("base64url")}`;
}

function signature(input: string, alg: string, { secret }: Key): Buffer {
  const data = Buffer.from(input);
  if (alg === "EdDSA") return sign(null, data, secret);
  if (alg === "PS256") return sign("sha256", data, { key: secret, padding: 6, saltLength: 32 });
  return sign("sha256", data, { key: secret, dsaEncoding: "ieee-p1363" });
}

export function forgeHmac(header: unknown, claims: unknown, secret: string): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

export const unsigned = (header: unknown, claims: unknown) => `${encode(header)}.${encode(claims)}.`;
