import { afterAll, expect, it } from "vitest";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { createSuspensions, followSuspensions } from "../../src/connectors/suspensions.ts";
import { testDatabase } from "../support/postgres.ts";

const [MWPS, AMAN] = ["BH/NGO/MWPS/assist", "BH/NGO/AMAN/shelter"];
const url = await testDatabase();
const pool = createPool({ url });
const suspensions = createSuspensions(pool);
await suspensions.migrate();
const replica = await followSuspensions(pool);
afterAll(async () => {
  await replica.stop();
  await pool.end();
});

const whole = { agency: "NGO", member: null };
const one = { agency: "NGO", member: AMAN };
const are = (): readonly boolean[] => [MWPS, AMAN].map((member) => replica.isSuspended("NGO", member ?? ""));

it("hold for one member, or for every member of an agency, also for those that join it later", async () => {
  expect(await suspensions.suspend(one, "op", "its keys were stolen")).toBe(true);
  await expect.poll(are).toEqual([false, true]);
  expect(await suspensions.suspend(whole, "op", null)).toBe(true);
  await expect.poll(are).toEqual([true, true]);
  expect(replica.isSuspended("NGO", "BH/NGO/NEW/one")).toBe(true);
  expect(replica.isSuspended("MOI", "BH/GOV/MOI/police")).toBe(false);
  expect(await suspensions.suspend(whole, "op", null)).toBe(false);
  expect(await suspensions.inForce()).toMatchObject([
    { ...whole, by: "op", reason: null },
    { ...one, by: "op", reason: "its keys were stolen" },
  ]);
});

it("end one by one, and stay on record", async () => {
  expect(await suspensions.resume(whole, "other")).toBe(true);
  await expect.poll(are).toEqual([false, true]);
  expect(await suspensions.resume(whole, "other")).toBe(false);
  expect(await suspensions.resume(one, "other")).toBe(true);
  await expect.poll(are).toEqual([false, false]);
  const { rows } = await pool.query("select member, resumed_by from agency_suspension order by suspended_at");
  expect(rows).toEqual([
    { member: AMAN, resumed_by: "other" },
    { member: null, resumed_by: "other" },
  ]);
});
