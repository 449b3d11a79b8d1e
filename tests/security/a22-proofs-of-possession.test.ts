/**
 * A22: a token that is bound to a key is worth nothing without a proof by that key, made for this request, now, once.
 * Positive controls stand beside the list.
 */
import { hash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Channel } from "../../src/identity/channel.ts";
import { createNonces } from "../../src/identity/dpop-nonce.ts";
import { fixedClock } from "../../src/kernel/clock.ts";
import { bench, CLAIMS, forge, HEADER, keys, NOW } from "../identity/bench.ts";
import { type Altered, channel, prover, URL_OF_GATEWAY } from "../identity/prover.ts";

const holder = await prover();
const thief = await prover();
const token = holder.token();
const REFUSED = {
  code: "UNAUTHENTICATED",
  message: "a valid access token is required",
  detail: { headers: { "www-authenticate": 'DPoP algs="PS256 ES256 EdDSA", Bearer' } },
};

const headersOf = (authorization: string, proof?: string) => ({
  ...{ authorization, "x-purpose": "SHELTER_CARE" },
  ...(proof !== undefined && { dpop: proof }),
});

const { ask } = bench();
const present = (proof: string | undefined, on: Channel | undefined = channel(), of = token) =>
  ask(undefined, headersOf(`DPoP ${of}`, proof), on);

describe("a proof is taken", () => {
  it.each(["ES256", "PS256", "EdDSA"] as const)("by %s", async (alg) => {
    const { token: bound, proof } = await prover(alg).then((one) => ({
      token: one.token(),
      proof: one.proof,
    }));
    await expect(present(proof(bound), channel(), bound)).resolves.toMatchObject({
      member: "BH/NGO/MWPS/assist",
    });
  });

  it.each([
    ["the address in another spelling", { htu: "HTTPS://GATEWAY.test:443/graphql" }, channel()],
    ["the address with query and fragment", { htu: `${URL_OF_GATEWAY}?query=x#y` }, channel()],
    ["a GET", { htm: "GET" }, channel({ method: "GET" })],
    [
      "the handshake of a WebSocket",
      { htm: "GET", htu: "wss://gateway.test/graphql" },
      channel({ method: "GET" }),
    ],
    ["a minute old", { iat: NOW - 60 }, channel()],
    ["ten seconds ahead", { iat: NOW + 10 }, channel()],
  ])("for %s", async (_, claims, on) => {
    await expect(present(holder.proof(token, { claims }), on)).resolves.toMatchObject({ agency: "NGO" });
  });

  it("for every question of one channel, under way beside each other too, and on no other", async () => {
    const proof = holder.proof(token);
    const on = channel();
    await expect(Promise.all([present(proof, on), present(proof, on)])).resolves.toHaveLength(2);
    await expect(present(proof, on)).resolves.toBeDefined();
    await expect(present(proof, channel())).rejects.toMatchObject(REFUSED);
  });
});

const secret = holder.key.secret.export({ format: "jwk" });
const ALTERED: Readonly<Record<string, Altered>> = {
  "another method": { claims: { htm: "GET" } },
  "a method in lower case": { claims: { htm: "post" } },
  "another host": { claims: { htu: "https://evil.test/graphql" } },
  "another path": { claims: { htu: "https://gateway.test/graphql/" } },
  "another port": { claims: { htu: "https://gateway.test:8443/graphql" } },
  "without TLS": { claims: { htu: "http://gateway.test/graphql" } },
  "a host behind a user": { claims: { htu: "https://gateway.test@evil.test/graphql" } },
  "a user before the host": { claims: { htu: "https://user@gateway.test/graphql" } },
  "no address": { claims: { htu: "gateway.test/graphql" } },
  "the hash of another token": { claims: { ath: hash("sha256", holder.token({ jti: "2" }), "base64url") } },
  "no hash of the token": { claims: { ath: undefined } },
  "no jti": { claims: { jti: undefined } },
  "a jti in numbers": { claims: { jti: 1 } },
  "a jti without end": { claims: { jti: "j".repeat(257) } },
  "no iat": { claims: { iat: undefined } },
  "an iat in text": { claims: { iat: String(NOW) } },
  stale: { claims: { iat: NOW - 61 } },
  "from the future": { claims: { iat: NOW + 11 } },
  expired: { claims: { exp: NOW - 1 } },
  "typ JWT": { header: { typ: "JWT" } },
  "the typ of a token": { header: { typ: "at+jwt" } },
  "alg none": { header: { alg: "none" } },
  "an algorithm that is not the key's": { header: { alg: "PS256" } },
  "a signature by another key": { key: thief.key },
  "another key and its signature": { header: { jwk: thief.key.open }, key: thief.key },
  "no key": { header: { jwk: undefined } },
  "a key as text": { header: { jwk: JSON.stringify(holder.key.open) } },
  "the private key inside": { header: { jwk: secret } },
  "a shared secret inside": { header: { jwk: { kty: "oct", k: "AA" } } },
  "an unknown critical header": { header: { crit: ["other"], other: 1 } },
};

describe("a proof is refused, with the one message", () => {
  it.each(Object.entries(ALTERED))("%s", async (_, altered) => {
    await expect(present(holder.proof(token, altered))).rejects.toMatchObject(REFUSED);
  });

  const proof = holder.proof(token);
  it.each([
    ["none", undefined],
    ["empty", ""],
    ["two", `${holder.proof(token)}, ${holder.proof(token)}`],
    ["no JWT", "proof"],
    ["cut short", proof.slice(0, -1)],
    ["padded", `${proof}=`],
    ["with a line break", `${proof}\n`],
    ["too long", `${proof}${"A".repeat(4_096)}`],
    ["the token itself", token],
  ])("%s", async (_, text) => {
    await expect(present(text)).rejects.toMatchObject(REFUSED);
  });

  it("a key named twice", async () => {
    const claims = JSON.stringify({
      ...{ jti: "t", htm: "POST", htu: URL_OF_GATEWAY, iat: NOW },
      ath: hash("sha256", token, "base64url"),
    });
    const header = { typ: "dpop+jwt", alg: "ES256", jwk: holder.key.open };
    const good = forge(header, claims, holder.key);
    const inClaims = forge(header, claims.replace("{", '{"htm":"GET",'), holder.key);
    const inHeader = forge(JSON.stringify(header).replace("{", '{"typ":"JWT",'), claims, holder.key);
    for (const twice of [inClaims, inHeader]) await expect(present(twice)).rejects.toMatchObject(REFUSED);
    await expect(present(good)).resolves.toBeDefined();
  });

  it("where nothing is known of how the request came", async () => {
    const { authenticate } = bench();
    const headers = new Map(Object.entries(headersOf(`DPoP ${token}`, holder.proof(token))));
    await expect(authenticate(headers)).rejects.toMatchObject(REFUSED);
  });
});

describe("a proof is taken once", () => {
  it("and not again as long as it could be", async () => {
    const { ask: asks, clock } = bench();
    const proof = holder.proof(token, { claims: { iat: NOW + 10 } });
    const show = () => asks(undefined, headersOf(`DPoP ${token}`, proof), channel());
    await expect(show()).resolves.toBeDefined();
    for (const seconds of [0, 1, 30, 69, 70]) {
      clock.set(new Date((NOW + seconds) * 1_000).toISOString());
      await expect(show(), `${seconds} s later`).rejects.toMatchObject(REFUSED);
    }
  });

  it("nor with another token of the same key, nor altered and signed anew under its name", async () => {
    const proof = holder.proof(token, { claims: { jti: "once" } });
    await present(proof);
    const other = holder.token({ jti: "2" });
    await expect(
      present(holder.proof(other, { claims: { jti: "once" } }), channel(), other),
    ).rejects.toMatchObject(REFUSED);
    // The same name under another key is another proof.
    const its = thief.token();
    await expect(
      present(thief.proof(its, { claims: { jti: "once" } }), channel(), its),
    ).resolves.toBeDefined();
  });

  it("refuses, rather than forgets, when more are shown than can be remembered", async () => {
    const full = bench(undefined, { remember: () => false });
    await expect(
      full.ask(undefined, headersOf(`DPoP ${token}`, holder.proof(token)), channel()),
    ).rejects.toMatchObject(REFUSED);
  });
});

describe("a bound token is never a bearer token", () => {
  it("neither without its proof, nor with it", async () => {
    await expect(ask(undefined, headersOf(`Bearer ${token}`), channel())).rejects.toMatchObject(REFUSED);
    const proof = holder.proof(token);
    await expect(ask(undefined, headersOf(`Bearer ${token}`, proof), channel())).rejects.toMatchObject(
      REFUSED,
    );
  });

  it("nor in the hands of a client of which nothing is wanted", async () => {
    const bound = holder.token({ client_id: "mwps" });
    await expect(ask(bound, undefined, channel())).rejects.toMatchObject(REFUSED);
    await expect(present(holder.proof(bound), channel(), bound)).resolves.toBeDefined();
  });

  it("and one that is bound to nothing is none of a client that must be bound, whatever comes with it", async () => {
    const unbound = forge(HEADER, { ...CLAIMS, client_id: "front" });
    await expect(ask(unbound, undefined, channel())).rejects.toMatchObject(REFUSED);
    await expect(present(holder.proof(unbound), channel(), unbound)).rejects.toMatchObject(REFUSED);
  });

  it.each([
    ["nothing", {}],
    ["no object", "jkt"],
    ["null", null],
    ["a list", [holder.jkt]],
    ["a key in full", { jwk: holder.key.open }],
    ["a key and something unknown", { jkt: holder.jkt, kid: "1" }],
    ["a thumbprint of another length", { jkt: holder.jkt.slice(1) }],
    ["a thumbprint that is no text", { jkt: [holder.jkt] }],
    ["`__proto__`", JSON.parse(`{"__proto__": {"jkt": "${holder.jkt}"}}`)],
  ])("a `cnf` of %s is not taken for none", async (_, cnf) => {
    const bound = holder.token({ client_id: "mwps", cnf });
    await expect(ask(bound, undefined, channel())).rejects.toMatchObject(REFUSED);
    await expect(present(holder.proof(bound), channel(), bound)).rejects.toMatchObject(REFUSED);
  });
});

describe("a nonce, where one is wanted", () => {
  const clock = fixedClock(new Date(NOW * 1_000).toISOString());
  const nonces = createNonces(Buffer.alloc(32, 1), clock);
  const { ask: asks } = bench(undefined, { nonces });
  const show = (nonce: unknown, altered: Altered = {}) => {
    const proof = holder.proof(token, { ...altered, claims: { nonce, ...altered.claims } });
    return asks(undefined, headersOf(`DPoP ${token}`, proof), channel());
  };

  it("is given out with the refusal of a proof that lacks nothing else", async () => {
    const error = await show(undefined).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      ...{ code: REFUSED.code, message: REFUSED.message },
      detail: {
        headers: {
          "www-authenticate": 'DPoP error="use_dpop_nonce", algs="PS256 ES256 EdDSA", Bearer',
          "dpop-nonce": nonces.current(),
        },
      },
    });
    await expect(show(nonces.current())).resolves.toBeDefined();
    await expect(show(undefined, { key: thief.key })).rejects.toMatchObject(REFUSED);
  });

  it("is refused when it is not ours, or old", async () => {
    const stranger = createNonces(Buffer.alloc(32, 2), clock).current();
    const [number = "", tag = ""] = nonces.current().split(".");
    for (const nonce of [stranger, "", "1", 1, null, `${number}1.${tag}`, `${nonces.current()} `])
      await expect(show(nonce)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    const given = nonces.current();
    clock.set(new Date((NOW + 120) * 1_000).toISOString());
    expect(nonces.isOurs(given)).toBe(true);
    clock.set(new Date((NOW + 240) * 1_000).toISOString());
    expect(nonces.isOurs(given)).toBe(false);
  });
});

it("keys of tokens are not keys of proofs: the issuer's own signature proves nothing", async () => {
  const altered = { header: { jwk: keys.ngo.open }, key: keys.ngo };
  await expect(present(holder.proof(token, altered))).rejects.toMatchObject(REFUSED);
});
