import { afterAll, beforeEach, expect, it } from "vitest";
import { FOLLOW_POLL_MS } from "../../src/connectors/followed-rows.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import {
  createRevocations,
  type FollowedRevocations,
  followRevocations,
} from "../../src/connectors/revocations.ts";
import { testDatabase } from "../support/postgres.ts";

const MEMBER = "BH/NGO/MWPS/assist";
const url = await testDatabase();
const operator = createPool({ url });
const pool = createPool({ url });
const revocations = createRevocations(operator);
await revocations.migrate();
let replica: FollowedRevocations;
beforeEach(async () => {
  replica = await followRevocations(pool);
  return () => replica.stop();
});
afterAll(() => Promise.all([operator.end(), pool.end()]));

const isRevoked = (staff: string) => () => replica.isRevoked(MEMBER, staff);

it("reach a replica at once, one member's staff and nobody else", async () => {
  const heard: string[] = [];
  replica.onRevoked(({ staff }) => heard.push(staff));
  expect(await revocations.revoke({ member: MEMBER, staff: "a" }, "op")).toBe(true);
  await expect.poll(isRevoked("a"), { timeout: FOLLOW_POLL_MS / 2, interval: 5 }).toBe(true);
  expect(heard).toEqual(["a"]);
  expect(replica.isRevoked("BH/NGO/AMAN/shelter", "a")).toBe(false);
  expect(replica.isRevoked(MEMBER, "b")).toBe(false);
  expect(await revocations.revoke({ member: MEMBER, staff: "a" }, "op")).toBe(false);
});

it("are known to a replica that starts later", () => {
  expect(replica.isRevoked(MEMBER, "a")).toBe(true);
});

it("are found when they were not heard, and heard again on another connection", async () => {
  const listening = `select pid from pg_stat_activity
                       where datname = current_database() and query = 'listen ihala_staff_revocation'`;
  const pids = async () => (await operator.query<{ pid: number }>(listening)).rows.map(({ pid }) => pid);
  await expect.poll(async () => (await pids()).length).toBe(1);
  const before = await pids();
  await operator.query("select pg_terminate_backend($1)", before);
  await operator.query("insert into staff_revocation (member, staff, revoked_by) values ($1, 'c', 'op')", [
    MEMBER,
  ]);
  await expect.poll(isRevoked("c"), { timeout: FOLLOW_POLL_MS * 2 }).toBe(true);
  await expect.poll(async () => (await pids()).filter((pid) => !before.includes(pid)).length).toBe(1);
});

it("are lifted, and stay on record", async () => {
  expect(await revocations.lift({ member: MEMBER, staff: "a" }, "other")).toBe(true);
  await expect.poll(isRevoked("a")).toBe(false);
  expect(await revocations.lift({ member: MEMBER, staff: "a" }, "other")).toBe(false);
  expect(await revocations.revoke({ member: MEMBER, staff: "a" }, "op")).toBe(true);
  await expect.poll(isRevoked("a")).toBe(true);
  const { rows } = await operator.query(
    "select revoked_by, lifted_by from staff_revocation where staff = 'a' order by revoked_at",
  );
  expect(rows).toEqual([
    { revoked_by: "op", lifted_by: "other" },
    { revoked_by: "op", lifted_by: null },
  ]);
});

it("hold as they were while the database does not answer", async () => {
  const ended = createPool({ url });
  const cut = await followRevocations(ended);
  await cut.stop();
  await ended.end();
  expect(cut.isRevoked(MEMBER, "a")).toBe(true);
});
