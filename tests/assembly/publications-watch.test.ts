/** How a gateway hears of publications: by a notification, by looking when the connection is lost, and once when it is refused. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Publications } from "../../src/assembly/publications.ts";
import type { Heads } from "../../src/policy-store/store.ts";
import { officer, type TestStore, testStore } from "../policy-store/tools.ts";

let on: TestStore;
let watch: Publications | null = null;
const reachable: boolean[] = [];
beforeEach(async () => {
  on = await testStore();
});
afterEach(async () => {
  await watch?.stop();
  await on.close();
});

function start(everyMs: number, isTaken = true) {
  const state: { heads: Heads; acts: number } = { heads: { publication: null, shadow: null }, acts: 0 };
  watch = new Publications({
    ...{ store: on.tools.store, pool: on.pool, everyMs },
    onReachable: (isReachable) => void reachable.push(isReachable),
  });
  watch.start(
    () => state.heads,
    async () => {
      state.acts += 1;
      if (isTaken) state.heads = await on.tools.store.heads();
    },
  );
  return state;
}

/** The cheapest thing that gateways take up. */
const act = () =>
  on.tools.store.write(on.tools.signer, (writer) =>
    writer.addShadow({
      draft: null,
      hash: null,
      bundle: null,
      by: officer("NGO"),
      at: new Date().toISOString(),
    }),
  );

const listening = async () =>
  (
    await on.pool.query<{ pid: number }>(
      "select pid from pg_stat_activity where query like 'listen%' and datname = current_database()",
    )
  ).rows.map(({ pid }) => pid);

it("acts at once upon a notification, and once for each", async () => {
  const state = start(3_600_000);
  await vi.waitFor(async () => expect(await listening()).toHaveLength(1), 10_000);
  await act();
  await vi.waitFor(() => expect(state.heads.shadow).toBe(1), { timeout: 2_000, interval: 5 });
  await act();
  await vi.waitFor(() => expect(state.acts).toBe(2), { timeout: 2_000, interval: 5 });
  await vi.waitFor(() => expect(state.heads).toEqual({ publication: null, shadow: 2 }), 2_000);
});

it("looks by itself when the connection that listens was cut, and listens again", async () => {
  const state = start(100);
  await vi.waitFor(async () => expect(await listening()).toHaveLength(1), 10_000);
  const [pid] = await listening();
  await on.pool.query("select pg_terminate_backend($1)", [pid]);
  await act();
  await vi.waitFor(() => expect(state.acts).toBe(1), { timeout: 2_000, interval: 5 });
  await vi.waitFor(
    async () => expect((await listening()).filter((one) => one !== pid)).toHaveLength(1),
    5_000,
  );
});

it("tries what was refused no more often than every ten seconds, and something newer at once", async () => {
  const state = start(20, false);
  await act();
  await vi.waitFor(() => expect(state.acts).toBe(1), 2_000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(state.acts).toBe(1);
  await act();
  await vi.waitFor(() => expect(state.acts).toBe(2), 2_000);
});

it("says when the store cannot be read", async () => {
  await on.pool.query("alter schema policy_store rename to away");
  start(20);
  await vi.waitFor(() => expect(reachable.at(-1)).toBe(false), 5_000);
  await on.pool.query("alter schema away rename to policy_store");
  await vi.waitFor(() => expect(reachable.at(-1)).toBe(true), 5_000);
});
