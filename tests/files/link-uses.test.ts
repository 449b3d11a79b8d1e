/** A link is used once, whichever replica is asked, as PostgreSQL keeps it. */
import { randomBytes } from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { createLinkUses } from "../../src/files/link-uses.ts";
import { testDatabase } from "../support/postgres.ts";

let pools: readonly [pg.Pool, pg.Pool];
beforeAll(async () => {
  const url = await testDatabase();
  pools = [createPool({ url }), createPool({ url })];
  await createLinkUses(pools[0]).migrate();
});
afterAll(async () => void (await Promise.all(pools.map((pool) => pool.end()))));

const newId = (): string => randomBytes(16).toString("base64url");

it("once, of two replicas that are asked in turn or together", async () => {
  const [one, other] = pools.map((pool) => createLinkUses(pool));
  const [first, second] = [newId(), newId()];
  expect([await one?.use(first), await other?.use(first), await one?.use(first)]).toEqual([
    true,
    false,
    false,
  ]);
  const all = await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 2 ? one : other)?.use(second)));
  expect(all.filter(Boolean)).toHaveLength(1);
});

it("is forgotten when the link has long been over, and not before", async () => {
  const [pool] = pools;
  const [old, young] = [newId(), newId()];
  const uses = createLinkUses(pool);
  for (const id of [old, young]) await uses.use(id);
  const age = "update file_link_used set used_at = now() - $2::interval where id = $1";
  await pool.query(age, [Buffer.from(old, "base64url"), "11 minutes"]);
  await pool.query(age, [Buffer.from(young, "base64url"), "9 minutes"]);
  await createLinkUses(pool).use(newId());
  const there = async (id: string) =>
    (await pool.query("select from file_link_used where id = $1", [Buffer.from(id, "base64url")])).rowCount;
  await expect.poll(() => there(old)).toBe(0);
  expect(await there(young)).toBe(1);
});

it("gives nothing while the database does not answer", async () => {
  const gone = createPool({ url: "postgres://nobody@127.0.0.1:1/none" });
  await expect(createLinkUses(gone).use(newId())).rejects.toEqual(
    expect.objectContaining({ code: "IDENTITY_UNAVAILABLE" }),
  );
  await gone.end();
});
