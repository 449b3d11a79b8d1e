import { hash } from "node:crypto";
import { afterAll, expect, it } from "vitest";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { createProofStore } from "../../src/connectors/proof-store.ts";
import { testDatabase } from "../support/postgres.ts";

const idOf = (name: string | number) => hash("sha256", String(name), "base64url");
const url = await testDatabase();
const pools = [createPool({ url }), createPool({ url })];
const [here, there] = pools.map(createProofStore) as [
  ReturnType<typeof createProofStore>,
  ReturnType<typeof createProofStore>,
];
await here.migrate();
await there.migrate();
afterAll(() => Promise.all(pools.map((pool) => pool.end())));

it("lets one replica alone take a proof", async () => {
  expect(await here.remember(idOf("a"))).toBe(true);
  expect(await there.remember(idOf("a"))).toBe(false);
  expect(await there.remember(idOf("b"))).toBe(true);
});

it("and of many at once exactly one each, in whatever order they come", async () => {
  const names = Array.from({ length: 3_000 }, (_, n) => `many-${n}`);
  const [ones, others] = await Promise.all([
    Promise.all(names.map((name) => here.remember(idOf(name)))),
    Promise.all(names.toReversed().map((name) => there.remember(idOf(name)))),
  ]);
  const takenBy = ones.map((isNew, n) => Number(isNew) + Number(others[names.length - 1 - n]));
  expect(new Set(takenBy)).toEqual(new Set([1]));
});

it("takes nothing while the database does not answer", async () => {
  const gone = createPool({ url: "postgresql://nobody@127.0.0.1:1/none" });
  await expect(createProofStore(gone).remember(idOf("c"))).rejects.toMatchObject({
    code: "IDENTITY_UNAVAILABLE",
    status: 503,
  });
  await gone.end();
});

it("lets go of what nobody could take any more", async () => {
  const store = createProofStore(pools[0]!);
  await pools[0]!.query("update proof_seen set seen_at = now() - interval '11 minutes'");
  expect(await store.remember(idOf("d"))).toBe(true);
  const count = async () => (await pools[0]!.query("select count(*)::int as n from proof_seen")).rows[0].n;
  await expect.poll(count).toBe(1);
});
