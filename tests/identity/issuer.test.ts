/** Tokens of a real OpenID provider, bound and not, at the identity stage; its keys roll under load and no request fails. */
import { get } from "node:https";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createAuthenticate } from "../../src/identity/authenticate.ts";
import type { Channel } from "../../src/identity/channel.ts";
import { createVerifyProof } from "../../src/identity/dpop.ts";
import { createKeySet } from "../../src/identity/key-set.ts";
import { keysFromUrl } from "../../src/identity/key-sources.ts";
import { createProofMemory } from "../../src/identity/proof-memory.ts";
import { createRegistry } from "../../src/identity/registry.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { authority } from "../support/certificates.ts";
import { type FrontEnd, frontEnd } from "../support/front-end.ts";
import { type IssuerClient, type OidcIssuer, signingKey, startOidcIssuer } from "../support/oidc-issuer.ts";
import { roles } from "./bench.ts";

const AUDIENCE = "https://gateway.test/graphql";
const MEMBER = "BH/NGO/MWPS/assist";
const claims = { roles: ["NGO.caseworker"], acr: "urn:bh:two-factors" };
const clientOf = (binding: IssuerClient["binding"]): IssuerClient => ({
  ...{ id: `mwps-${binding}`, secret: "a secret of the test alone, and of nobody else", binding, claims },
});
const [bearer, dpop, mtls] = [clientOf("bearer"), clientOf("dpop"), clientOf("mtls")];

const ca = authority("Issuer's authority");
const clientCa = authority("Clients' authority");
const shown = clientCa.issue("machine");
const first = await signingKey("first");
const second = await signingKey("second");
let issuer: OidcIssuer;
let front: FrontEnd;
let machine: FrontEnd;

beforeAll(async () => {
  issuer = await startOidcIssuer({
    ...{ tls: ca.issue("localhost"), clientCa: clientCa.certificate, audience: AUDIENCE },
    ...{ clients: [bearer, dpop, mtls], keys: [first] },
  });
  front = await frontEnd(ca.certificate);
  machine = await frontEnd(ca.certificate, shown);
});
afterAll(async () => {
  for (const client of [front, machine]) client.close();
  await issuer.stop();
});

/** As the gateway reads them, but for the authority of the test. */
const keysOf = ({ jwksUrl }: OidcIssuer, freshMs: number) => ({
  read: async () => JSON.parse((await readOver(jwksUrl)).text) as unknown,
  freshMs,
});

function readOver(url: string) {
  return new Promise<{ text: string }>((resolve, reject) => {
    get(url, { ca: ca.certificate, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ text }));
    }).on("error", reject);
  });
}

function stage(freshMs = 60_000) {
  const { url } = issuer;
  const clients = Object.fromEntries(
    [bearer, dpop, mtls].map(({ id, binding }) => [
      id,
      { member: MEMBER, readers: "staff" as const, binding },
    ]),
  );
  const registry = createRegistry({
    agencies: [{ code: "NGO", members: [{ address: MEMBER }] }],
    identity: { issuers: [{ issuer: url, assurance: { "urn:bh:two-factors": "AAL2" }, clients }] },
  });
  const remember = createProofMemory(70_000, systemClock);
  const keySet = createKeySet(keysOf(issuer, freshMs), systemClock);
  const authenticate = createAuthenticate({
    ...{ registry, roles, keySets: new Map([[url, keySet]]), clock: systemClock },
    certificatesOf: async () => new Set(),
    isRevoked: () => false,
    isSuspended: () => false,
    rules: { audience: AUDIENCE, clockToleranceSeconds: 60, maxTokenSeconds: 600 },
    verifyProof: createVerifyProof({ maxAgeSeconds: 60, nonces: null, remember }, systemClock),
  });
  const ask = (authorization: string, proof: string | null, certificate: string | null = null) => {
    const headers = { authorization, "x-purpose": "SHELTER_CARE", ...(proof !== null && { dpop: proof }) };
    const channel: Channel = { method: "POST", url: AUDIENCE, certificate };
    return authenticate(new Map(Object.entries(headers)), channel);
  };
  return { ask, keySet };
}

it("takes a token that is bound to a key, with a proof, and not without", async () => {
  const { ask } = stage();
  const token = await front.token(issuer, dpop);
  expect(decodeProtectedHeader(token)).toMatchObject({ typ: "at+jwt", kid: "first" });
  expect(decodeJwt(token)).toMatchObject({ cnf: { jkt: expect.any(String) }, client_id: dpop.id });
  await expect(ask(`DPoP ${token}`, await front.proof(AUDIENCE, token))).resolves.toMatchObject({
    ...{ member: MEMBER, staff: dpop.id, role: "NGO.caseworker", assurance: "AAL2" },
  });
  await expect(ask(`Bearer ${token}`, null)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  await expect(ask(`DPoP ${token}`, await machine.proof(AUDIENCE, token))).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
  });
});

it("takes a token that is bound to a certificate, over a connection with it, and not without", async () => {
  const { ask } = stage();
  const token = await machine.token(issuer, mtls);
  expect(decodeJwt(token)).toMatchObject({ cnf: { "x5t#S256": shown.thumbprint } });
  await expect(ask(`Bearer ${token}`, null, shown.thumbprint)).resolves.toMatchObject({ staff: mtls.id });
  await expect(ask(`Bearer ${token}`, null)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  const other = clientCa.issue("machine").thumbprint;
  await expect(ask(`Bearer ${token}`, null, other)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});

it("fails no request while the issuer's keys roll under load", async () => {
  const { ask, keySet } = stage(200);
  const kids = new Set<string | undefined>();
  const failures: unknown[] = [];
  let answered = 0;
  let isOver = false;
  const load = async () => {
    while (!isOver) {
      const token = await front.token(issuer, bearer);
      kids.add(decodeProtectedHeader(token).kid);
      for (let times = 0; times < 5; times += 1)
        await ask(`Bearer ${token}`, null).then(
          () => {
            answered += 1;
          },
          (error: unknown) => failures.push(error),
        );
    }
  };
  const loads = [load(), load(), load()];
  const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 20_000, interval: 20 });
  await until(() => answered > 50);
  // The new key signs the moment that it is published; the old one stays published for as long as its tokens live.
  issuer.publish([second, first]);
  const before = answered;
  await until(() => kids.has("second") && answered > before + 100);
  issuer.publish([second]);
  const { edition } = keySet;
  await until(() => keySet.edition > edition);
  isOver = true;
  await Promise.all(loads);
  expect(failures).toEqual([]);
  expect(kids).toEqual(new Set(["first", "second"]));
  expect(answered).toBeGreaterThan(150);
});

it("takes no token of a key that was withdrawn, though it has taken it before", async () => {
  issuer.publish([first]);
  const { ask, keySet } = stage(100);
  const token = await front.token(issuer, bearer);
  await expect(ask(`Bearer ${token}`, null)).resolves.toBeDefined();
  issuer.publish([second]);
  await keySet.load();
  await expect(ask(`Bearer ${token}`, null)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});

it("reads its keys as it reads those of any issuer, and trusts no authority that the machine does not", async () => {
  await expect(keysFromUrl(issuer.jwksUrl).read()).rejects.toThrow();
  expect(issuer.jwksRequests()).toBeGreaterThan(0);
});
