import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "../../src/connectors/migrate.ts";
import { testDatabase } from "../support/postgres.ts";

let pool: pg.Pool;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: await testDatabase() });
});
afterAll(() => pool.end());

const first = { number: 1, name: "a", sql: "create table a (n integer); insert into a values (1)" };
const second = { number: 2, name: "b", sql: "insert into a values (2)" };
const count = async () => (await pool.query("select count(*)::int as n from a")).rows[0].n;

describe("migrations", () => {
  it("are applied once, in order, even by two processes at once", async () => {
    await migrate(pool, "test", [first]);
    await Promise.all([migrate(pool, "test", [first, second]), migrate(pool, "test", [first, second])]);
    expect(await count()).toBe(2);
  });

  it("refuse a newer database and a changed migration, and leave it as it was", async () => {
    await expect(migrate(pool, "test", [first])).rejects.toMatchObject({ code: "DATA_DIRECTORY_NEWER" });
    const changed = { ...second, sql: "insert into a values (3)" };
    await expect(migrate(pool, "test", [first, changed])).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    const broken = { number: 3, name: "c", sql: "insert into a values (3); select nonsense" };
    await expect(migrate(pool, "test", [first, second, broken])).rejects.toThrow();
    expect(await count()).toBe(2);
  });

  it("of another component are its own", async () => {
    await migrate(pool, "other", [{ number: 1, name: "z", sql: "insert into a values (9)" }]);
    expect(await count()).toBe(3);
  });
});
