import { generateKeyPairSync } from "node:crypto";
import { expect, it } from "vitest";
import { vetKeys } from "../../src/identity/vet-keys.ts";
import { keys } from "./bench.ts";

const good = keys.ngo.open;
const rsa = (bits: number) => ({
  ...generateKeyPairSync("rsa", { modulusLength: bits }).publicKey.export({ format: "jwk" }),
  kid: `rsa-${bits}`,
});

it("takes keys for the accepted algorithms, each for its own alone", () => {
  const document = { keys: [good, keys.rsa.open, { ...keys.edwards.open, alg: "Ed25519" }] };
  expect(vetKeys(document).keys.map(({ alg }) => alg)).toEqual(["ES256", "PS256", "EdDSA"]);
});

it.each([
  ["for encryption", { ...keys.rsa.open, use: "enc" }],
  ["for an algorithm that is not accepted", { ...keys.rsa.open, alg: "RS256" }],
  ["of another curve", { ...good, kid: "p384", crv: "P-384" }],
  ["for signing alone", { ...good, kid: "s", key_ops: ["sign"] }],
  ["without a name", { ...good, kid: undefined }],
  ["of a short RSA modulus", rsa(1_024)],
  ["of a short RSA modulus behind zeros", { ...rsa(1_024), n: `${"A".repeat(172)}${rsa(1_024).n}` }],
  ["of an RSA modulus without end", { kty: "RSA", n: "_".repeat(800), e: "AQAB", kid: "long" }],
  ["of another RSA exponent", { ...keys.rsa.open, e: "Aw" }],
  ["of an unknown kind", { kty: "AKP", kid: "a", alg: "ML-DSA-44" }],
])("leaves a key out that is %s, and takes the others", (_, key) => {
  expect(vetKeys({ keys: [key, good] }).keys).toEqual([{ ...good, alg: "ES256" }]);
  expect(() => vetKeys({ keys: [key] })).toThrow(/^key 0: /);
});

it.each([
  ["no document", null],
  ["text", "keys"],
  ["no keys", { keys: [] }],
  ["keys that are none", { keys: ["key"] }],
  ["a shared secret", { keys: [good, { kty: "oct", k: "c2VjcmV0", kid: "a" }] }],
  ["a private key", { keys: [{ ...good, d: "AA" }] }],
  ["a private key that would be left out", { keys: [good, { ...good, kid: undefined, d: "AA" }] }],
  ["a part of a private RSA key", { keys: [good, { ...keys.rsa.open, p: "AA" }] }],
  ["two keys of one name", { keys: [good, keys.stranger.open] }],
  ["more keys than anybody has", { keys: Array.from({ length: 51 }, (_, n) => ({ ...good, kid: `${n}` })) }],
])("refuses %s whole", (_, document) => {
  expect(() => vetKeys(document)).toThrow();
});
