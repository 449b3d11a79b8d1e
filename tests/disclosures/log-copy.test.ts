import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CopiedRecord } from "../../src/audit/copied-record.ts";
import { destroySubjectKeys } from "../../src/audit/subject-keys.ts";
import { startPostgres } from "../../src/connectors/embedded-postgres.ts";
import { ANSWER, disclosure, keysOf, logDirectory, SECRETS } from "../audit/disclosures.ts";
import { testDatabase } from "../support/postgres.ts";
import { BLIND, eventually, openCopy, openShipped, textsIn } from "./copies.ts";

const CASE = { type: "Case", uid: "case-1" };
const record = (sequence: number, leaf = sequence): CopiedRecord => ({
  sequence,
  time: "2026-11-25T08:00:00.000Z",
  ...{ reader: "r", member: "m", role: "NGO.caseworker", purpose: "SHELTER_CARE" },
  leaf: Buffer.alloc(32, leaf),
  text: `record ${leaf}`,
  subjects: [{ index: "blind", key: "key", shown: true }],
});

describe("the copy", () => {
  let at: ReturnType<typeof openCopy>;
  beforeAll(async () => {
    at = openCopy(await testDatabase());
  });
  afterAll(() => at.pool.end());

  it("takes each record once, however often it is sent", async () => {
    await at.copy.append("a", [record(1), record(2)]);
    await at.copy.append("a", [record(1), record(2)]);
    await at.copy.append("a", [record(2), record(3)]);
    expect(await at.copy.last("a")).toBe(3);
    expect((await at.rows()).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    const { rows } = await at.pool.query("select sequence::int from disclosure.subject order by sequence");
    expect(rows).toEqual([{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }]);
  });

  it("takes nothing that leaves a gap, and nothing beside another record in the same place", async () => {
    const before = await at.rows();
    await expect(at.copy.append("a", [record(5)])).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
    await expect(at.copy.append("a", [record(3, 77), record(4)])).rejects.toMatchObject({
      code: "AUDIT_UNAVAILABLE",
    });
    expect(await at.rows()).toEqual(before);
  });

  it("keeps logs apart: two gateways of one name have two", async () => {
    await at.copy.append("b", [record(1, 50)]);
    expect([await at.copy.last("a"), await at.copy.last("b"), await at.copy.last("c")]).toEqual([3, 1, 0]);
  });
});

describe("shipping", () => {
  it("copies every record as it is in the log, in segments old and new, and nobody is named", async () => {
    const [directory, url] = [await logDirectory(), await testDatabase()];
    const { pool, copy, rows } = openCopy(url);
    const log = await openShipped(directory, { copy }, { segmentBytes: 4_096 });
    for (let i = 0; i < 5; i += 1)
      await Promise.all(
        Array.from({ length: 20 }, (_, at) => log.append(disclosure(`reader-${i}-${at}`), ANSWER)),
      );
    await eventually(() => log.lag?.().records === 0);
    const copied = await rows();
    expect(copied.map(({ text }) => text)).toEqual(await textsIn(directory));
    const { rows: all } = await pool.query("select r.*, s.* from disclosure.record r, disclosure.subject s");
    for (const secret of ["case-1", "CASE_HEADER", '"Case"'])
      expect(JSON.stringify(all)).not.toContain(secret);
    expect(all[0]).toMatchObject({ index: BLIND.of(CASE), member: "BH/NGO/MWPS/assist" });
    await log.close();
    await pool.end();
  });

  it("goes on where the copy ends, also with a log that was written without it", async () => {
    const [directory, url] = [await logDirectory(), await testDatabase()];
    const { pool, copy, rows } = openCopy(url);
    const away = { ...copy, last: () => Promise.reject(new Error("away")) };
    const before = await openShipped(directory, { copy: away }, { segmentBytes: 2_300 });
    for (let i = 0; i < 12; i += 1) await before.append(disclosure(`reader-${i}`), ANSWER);
    expect(before.lag?.().records).toBe(12);
    expect(before.lag?.().ms).toBeGreaterThan(0);
    await before.close();
    for (let round = 0; round < 3; round += 1) {
      const log = await openShipped(directory, { copy });
      await log.append(disclosure(`round-${round}`), ANSWER);
      await log.close();
    }
    expect((await rows()).map(({ text }) => text)).toEqual(await textsIn(directory));
    await pool.end();
  });

  it("copies records of every size, also one larger than what is read at a time", async () => {
    const [directory, url] = [await logDirectory(), await testDatabase()];
    const { pool, copy, rows } = openCopy(url);
    const log = await openShipped(directory, { copy });
    for (const size of [1, 1_500_000, 10])
      await log.append({ ...disclosure("reader"), operationHash: "x".repeat(size) }, ANSWER);
    await log.close();
    expect((await rows()).map(({ text }) => text)).toEqual(await textsIn(directory));
    await pool.end();
  });

  it("drops from the index whom the log has forgotten, and indexes nobody under a key that is gone", async () => {
    const [directory, url] = [await logDirectory(), await testDatabase()];
    const { pool, copy, rows } = openCopy(url);
    const log = await openShipped(directory, { copy });
    await log.append(disclosure("reader-1"), ANSWER);
    const other = {
      ...disclosure("reader-2"),
      issue: null,
      subjects: [{ ...disclosure("").subjects[0]!, uid: "case-2" }],
    };
    await log.append(other, ANSWER);
    await log.close();
    const indexed = async () =>
      (await pool.query("select index from disclosure.subject order by sequence")).rows;
    expect(await indexed()).toEqual([
      { index: BLIND.of(CASE) },
      { index: BLIND.of({ ...CASE, uid: "case-2" }) },
    ]);
    await destroySubjectKeys(keysOf(directory), SECRETS.subjects, [CASE]);
    const again = await openShipped(directory, { copy });
    await eventually(() => again.lag?.().records === 0);
    expect(await indexed()).toEqual([{ index: BLIND.of({ ...CASE, uid: "case-2" }) }]);
    expect(await rows()).toHaveLength(2);
    await again.close();
    await pool.end();
  });

  it("drops whom the log has forgotten from what is restored of an older copy, too", async () => {
    const [directory, url] = [await logDirectory(), await testDatabase()];
    const { pool, copy } = openCopy(url);
    const log = await openShipped(directory, { copy });
    await log.append(disclosure("reader-1"), ANSWER);
    await log.close();
    const { rows: backup } = await pool.query("select * from disclosure.subject");
    await destroySubjectKeys(keysOf(directory), SECRETS.subjects, [CASE]);
    for (let start = 0; start < 2; start += 1) {
      const again = await openShipped(directory, { copy });
      await again.close();
      expect((await pool.query("select from disclosure.subject")).rowCount).toBe(0);
      const { index, log: its, sequence, at, key, shown } = backup[0];
      await pool.query(
        "insert into disclosure.subject (index, log, sequence, at, key, shown) values ($1, $2, $3, $4, $5, $6)",
        [...[index, its, sequence, at, key, shown]],
      );
    }
    await pool.end();
  });

  it("makes the copy anew out of the log when it is lost", async () => {
    const [directory, url] = [await logDirectory(), await testDatabase()];
    const first = openCopy(url);
    const log = await openShipped(directory, first);
    for (let i = 0; i < 3; i += 1) await log.append(disclosure(`reader-${i}`), ANSWER);
    await log.close();
    await first.pool.query("drop schema disclosure cascade");
    await first.pool.query("delete from schema_migration where component = 'disclosure-copy'");
    await first.pool.end();
    const second = openCopy(url);
    const again = await openShipped(directory, second);
    await eventually(() => again.lag?.().records === 0);
    expect((await second.rows()).map(({ text }) => text)).toEqual(await textsIn(directory));
    await again.close();
    await second.pool.end();
  });

  it("does not ship what the log has lost to a copy that knows more", async () => {
    const [directory, url] = [await logDirectory(), await testDatabase()];
    const { pool, copy, rows } = openCopy(url);
    const troubles: unknown[] = [];
    const ahead = { ...copy, last: async () => 9 };
    const log = await openShipped(directory, { copy: ahead, onTrouble: (cause) => troubles.push(cause) });
    await log.append(disclosure("reader-1"), ANSWER);
    await eventually(() => troubles.length > 0);
    expect(troubles).toEqual([expect.objectContaining({ code: "AUDIT_UNAVAILABLE" })]);
    await copy.migrate();
    expect(await rows()).toEqual([]);
    await log.close();
    await pool.end();
  });
});

describe("a database that goes away", () => {
  it("delays no answer with `disk`, refuses all with `disk+database`, and is caught up with", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "ihala-copy-pg-"));
    const first = await startPostgres({ dataDir });
    const url = first.url("postgres");
    const port = Number(new URL(url).port);
    const [relaxed, strict] = [await logDirectory(), await logDirectory()];
    const { pool, copy, rows } = openCopy(url);
    const heard: string[] = [];
    const log = await openShipped(relaxed, {
      copy,
      onTrouble: () => heard.push("trouble"),
      onShippedAgain: () => heard.push("again"),
    });
    const careful = await openShipped(
      strict,
      { copy, durability: "disk+database", withinMs: 500 },
      {},
      Buffer.alloc(32, 4),
    );
    const both = () => Promise.all([log, careful].map((one) => one.append(disclosure("reader"), ANSWER)));
    await both();
    await first.stop();

    for (let i = 0; i < 10; i += 1) await log.append(disclosure(`meanwhile-${i}`), ANSWER);
    await expect(careful.append(disclosure("refused"), ANSWER)).rejects.toMatchObject({
      code: "AUDIT_UNAVAILABLE",
    });
    await eventually(() => heard.length > 0);
    expect(heard).toEqual(["trouble"]);
    expect(log.lag?.().records).toBe(10);

    const second = await startPostgres({ dataDir, port });
    await eventually(() => log.lag?.().records === 0 && careful.lag?.().records === 0, 20_000);
    expect(heard).toEqual(["trouble", "again"]);
    await both();
    await Promise.all([log.close(), careful.close()]);
    const texts = new Set((await rows()).map(({ text }) => text));
    const expected = [...(await textsIn(relaxed)), ...(await textsIn(strict))];
    expect(await rows()).toHaveLength(expected.length);
    expect(texts).toEqual(new Set(expected));
    await pool.end();
    await second.stop();
  }, 60_000);
});
