import { describe, expect, it } from "vitest";
import { startIssuerServer } from "../../sandbox/issuer/server.ts";
import { createKeySet, vetKeys } from "../../src/identity/key-set.ts";
import { keysFromUrl } from "../../src/identity/key-sources.ts";
import { fixedClock } from "../../src/kernel/clock.ts";
import { keys } from "./bench.ts";

const headerOf = (kid: string) => ({ alg: "ES256", kid });
const TOKEN = { payload: "", signature: "" };

describe("a key set", () => {
  it("follows a rotation when it meets an unknown kid, and asks at most every ten seconds", async () => {
    const clock = fixedClock("2026-11-25T08:00:00Z");
    let served = [keys.ngo.open];
    let reads = 0;
    const set = createKeySet(async () => {
      reads += 1;
      return { keys: served };
    }, clock);
    await set.getKey(headerOf("ngo-1"), TOKEN);
    await expect(set.getKey(headerOf("ppo-1"), TOKEN)).rejects.toThrow();
    served = [keys.ppo.open];
    await expect(set.getKey(headerOf("ppo-1"), TOKEN)).rejects.toThrow();
    expect(reads).toBe(1);
    clock.set("2026-11-25T08:00:11Z");
    await expect(set.getKey(headerOf("ppo-1"), TOKEN)).resolves.toBeDefined();
    expect(reads).toBe(2);
  });

  it("keeps what it knows while the source is down", async () => {
    const clock = fixedClock("2026-11-25T08:00:00Z");
    let down = false;
    const set = createKeySet(async () => {
      if (down) throw new Error("down");
      return { keys: [keys.ngo.open] };
    }, clock);
    await set.load();
    down = true;
    clock.set("2026-11-25T09:00:00Z");
    await expect(set.getKey(headerOf("ngo-1"), TOKEN)).resolves.toBeDefined();
  });

  it("is read over HTTP, without following a redirect", async () => {
    const server = await startIssuerServer({ keys: [keys.ngo.open] });
    await expect(keysFromUrl(server.jwksUrl)()).resolves.toEqual({ keys: [keys.ngo.open] });
    await expect(keysFromUrl(`${server.jwksUrl}/elsewhere`)()).rejects.toThrow("404");
    await server.stop();
  });

  it.each([
    ["no document", null],
    ["no keys", { keys: [] }],
    ["a shared secret", { keys: [{ kty: "oct", k: "c2VjcmV0", kid: "a" }] }],
    ["a private key", { keys: [{ ...keys.ngo.open, d: "AA" }] }],
    ["a key without a name", { keys: [{ ...keys.ngo.open, kid: undefined }] }],
    ["two keys of one name", { keys: [keys.ngo.open, keys.stranger.open] }],
    ["a short RSA key", { keys: [{ kty: "RSA", n: "AQAB", e: "AQAB", kid: "a" }] }],
    ["another curve", { keys: [{ ...keys.ngo.open, crv: "P-384" }] }],
    ["an algorithm that is not the key's", { keys: [{ ...keys.ngo.open, alg: "HS256" }] }],
    ["a key for encryption", { keys: [{ ...keys.ngo.open, use: "enc" }] }],
  ])("refuses %s", (_, document) => {
    expect(() => vetKeys(document)).toThrow();
  });
});
