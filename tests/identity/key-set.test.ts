import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startIssuerServer } from "../../sandbox/issuer/server.ts";
import { createKeySet, type KeySource } from "../../src/identity/key-set.ts";
import { keysFromFile, keysFromUrl } from "../../src/identity/key-sources.ts";
import { fixedClock, systemClock } from "../../src/kernel/clock.ts";
import { type Key, keys } from "./bench.ts";

const headerOf = (kid: string) => ({ alg: "ES256", kid });
const TOKEN = { payload: "", signature: "" };
const FRESH_MS = 300_000;

/** A source that serves what it is told, and a clock that passes while somebody pauses. */
function setOf(...first: readonly Key[]) {
  const clock = fixedClock("2026-11-25T08:00:00Z");
  const state = { served: first, down: false, reads: 0, paused: [] as number[] };
  const source: KeySource = {
    async read() {
      state.reads += 1;
      if (state.down) throw new Error("down");
      return { keys: state.served.map(({ open }) => open) };
    },
    freshMs: FRESH_MS,
  };
  const later = (ms: number) => clock.set(new Date(clock.now() + ms).toISOString());
  const set = createKeySet(source, clock, async (ms) => {
    state.paused.push(ms);
    later(ms);
  });
  return { state, later, set, find: async (kid: string) => set.getKey(headerOf(kid), TOKEN) };
}

describe("a key set", () => {
  it("fails no token of a key that is published as it is first used", async () => {
    const { state, set, find } = setOf(keys.ngo);
    await find("ngo-1");
    const { edition } = set;
    state.served = [keys.ngo, keys.ppo];
    await expect(Promise.all([find("ppo-1"), find("ppo-1"), find("ngo-1")])).resolves.toHaveLength(3);
    expect([state.reads, state.paused]).toEqual([2, [1_000]]);
    expect(set.edition).toBe(edition + 1);
  });

  it("reads once a second at most, however many unknown keys are named", async () => {
    const { state, find } = setOf(keys.ngo);
    await find("ngo-1");
    const junk = Array.from({ length: 100 }, (_, n) => find(`junk-${n}`).catch(() => "refused"));
    expect(new Set(await Promise.all(junk))).toEqual(new Set(["refused"]));
    expect(state.reads).toBe(2);
  });

  it("lets so many wait for a reading, and refuses the others at once", async () => {
    const { state, find } = setOf(keys.ngo);
    await find("ngo-1");
    state.served = [keys.ppo];
    const waiting = Array.from({ length: 1_000 }, () => find("ppo-1"));
    await expect(find("ppo-1")).rejects.toThrow("too many");
    await expect(Promise.all(waiting)).resolves.toHaveLength(1_000);
    await expect(find("ppo-1")).resolves.toBeDefined();
  });

  it("is read again in the background when it has grown old", async () => {
    const { state, later, find, set } = setOf(keys.ngo);
    await find("ngo-1");
    state.served = [keys.ppo];
    later(FRESH_MS + 1);
    await expect(find("ngo-1")).resolves.toBeDefined();
    await expect.poll(() => set.edition).toBe(2);
    await expect(find("ngo-1")).rejects.toThrow();
  });

  it("is read before it is used when nobody has looked at it for long: a withdrawn key is not met again", async () => {
    const { state, later, find } = setOf(keys.ngo);
    await find("ngo-1");
    state.served = [keys.ppo];
    later(FRESH_MS * 10 + 1);
    await expect(find("ngo-1")).rejects.toThrow();
  });

  it("keeps what it knows while the source is down, or says what is not acceptable", async () => {
    const { state, later, set, find } = setOf(keys.ngo);
    await set.load();
    state.down = true;
    later(FRESH_MS * 20);
    await expect(find("ngo-1")).resolves.toBeDefined();
    await expect(find("ppo-1")).rejects.toThrow();
    state.down = false;
    state.served = [];
    await expect(set.load()).rejects.toThrow("no keys");
    await expect(find("ngo-1")).resolves.toBeDefined();
  });

  it("knows nobody as long as it was never read", async () => {
    const { state, find } = setOf(keys.ngo);
    state.down = true;
    await expect(find("ngo-1")).rejects.toThrow("not known");
    state.down = false;
    await expect(find("ngo-1")).resolves.toBeDefined();
  });

  it("is another edition only when the keys are others", async () => {
    const { set } = setOf(keys.ngo);
    await set.load();
    await set.load();
    expect(set.edition).toBe(1);
  });
});

it("is read over HTTP, without following a redirect", async () => {
  const server = await startIssuerServer({ keys: [keys.ngo.open] });
  await expect(keysFromUrl(server.jwksUrl).read()).resolves.toEqual({ keys: [keys.ngo.open] });
  await expect(keysFromUrl(`${server.jwksUrl}/elsewhere`).read()).rejects.toThrow("404");
  await server.stop();
});

it("is read from a file, and again when the file has changed", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "ihala-jwks-")), "jwks.json");
  await writeFile(file, JSON.stringify({ keys: [keys.ngo.open] }));
  const set = createKeySet(keysFromFile(file), systemClock);
  await set.getKey(headerOf("ngo-1"), TOKEN);
  await writeFile(file, JSON.stringify({ keys: [keys.ngo.open, keys.ppo.open] }));
  await expect(set.getKey(headerOf("ppo-1"), TOKEN)).resolves.toBeDefined();
});
