import { appendFile, cp, readFile, truncate, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { crc32c } from "../../src/audit/crc32c.ts";
import { segmentHeader } from "../../src/audit/segment.ts";
import { ANSWER, disclosure, frame, logDirectory, openLog, readLog, segmentsOf } from "./disclosures.ts";

const readersOf = async (directory: string) => (await readLog(directory)).map(({ reader }) => reader);
const numbered = (count: number, from = 1) => Array.from({ length: count }, (_, i) => `reader-${from + i}`);

async function logWith(count: number, segmentBytes?: number): Promise<{ directory: string; last: string }> {
  const directory = await logDirectory();
  const log = await openLog(directory, segmentBytes === undefined ? {} : { segmentBytes });
  for (const reader of numbered(count)) await log.append(disclosure(reader), ANSWER);
  await log.close();
  const last = (await segmentsOf(directory)).at(-1) ?? "";
  return { directory, last: join(directory, last) };
}

describe("the disclosure log", () => {
  it("keeps every record, and nothing that a record has no place for", async () => {
    const directory = await logDirectory();
    const log = await openLog(directory);
    const careless = { ...disclosure("reader-1"), answer: { cpr: "cnr-value" } };
    expect(await log.append(careless, ANSWER)).toEqual({ sequence: 1 });
    await log.close();
    expect(await readLog(directory)).toEqual([{ sequence: 1, ...disclosure("reader-1") }]);
    const [name = ""] = await segmentsOf(directory);
    expect(await readFile(join(directory, name), "latin1")).not.toContain("cnr-value");
  });

  it("keeps the order of concurrent appends and numbers them without a gap", async () => {
    const directory = await logDirectory();
    const log = await openLog(directory, { segmentBytes: 4_096 });
    const receipts = await Promise.all(numbered(100).map((reader) => log.append(disclosure(reader), ANSWER)));
    expect(receipts.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    await log.close();
    expect(await readersOf(directory)).toEqual(numbered(100));
    expect((await segmentsOf(directory)).length).toBeGreaterThan(5);
  });

  it("waits for appends under way when it closes, and takes none afterwards", async () => {
    const directory = await logDirectory();
    const log = await openLog(directory);
    const late = log.append(disclosure("reader-1"), ANSWER);
    await log.close();
    await expect(late).resolves.toEqual({ sequence: 1 });
    await expect(log.append(disclosure("reader-2"), ANSWER)).rejects.toMatchObject({
      code: "AUDIT_UNAVAILABLE",
    });
    expect(await readersOf(directory)).toEqual(["reader-1"]);
  });

  it("goes on numbering where it stopped, across segments", async () => {
    const { directory } = await logWith(30, 2_048);
    const log = await openLog(directory, { segmentBytes: 2_048 });
    expect(await log.append(disclosure("reader-31"), ANSWER)).toEqual({ sequence: 31 });
    await log.close();
    expect(await readersOf(directory)).toEqual(numbered(31));
  });

  it("drops a tail torn at any byte, and only that", async () => {
    const { directory, last } = await logWith(3);
    const whole = await readFile(last);
    const again = await logDirectory();
    await cp(directory, again, { recursive: true });
    const log = await openLog(again);
    await log.append(disclosure("reader-4"), ANSWER);
    await log.close();
    const written = (await readFile(join(again, basename(last)))).subarray(whole.length);
    for (let cut = 1; cut < written.length; cut += 29) {
      const torn = await logDirectory();
      await cp(directory, torn, { recursive: true });
      await appendFile(join(torn, basename(last)), written.subarray(0, cut));
      const opened = await openLog(torn);
      expect(await opened.append(disclosure("reader-4"), ANSWER)).toEqual({ sequence: 4 });
      await opened.close();
      expect(await readersOf(torn)).toEqual(numbered(4));
    }
  });

  it.each([
    ["zeros, as a file system leaves them", Buffer.alloc(5_000)],
    [
      "a frame whose end is zeros",
      Buffer.concat([frame('{"sequence":4}').subarray(0, 12), Buffer.alloc(10)]),
    ],
    ["noise", Buffer.from("a tail that is nothing at all")],
  ])("drops %s", async (_, tail) => {
    const { directory, last } = await logWith(3);
    await appendFile(last, tail);
    await (await openLog(directory)).close();
    expect(await readersOf(directory)).toEqual(numbered(3));
  });

  it("refuses a file that is damaged before its end, and leaves it as it is", async () => {
    const { directory, last } = await logWith(3);
    const bytes = await readFile(last);
    bytes.writeUInt8(bytes.readUInt8(60) ^ 1, 60);
    await writeFile(last, bytes);
    await expect(openLog(directory)).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
    expect(await readFile(last)).toEqual(bytes);
  });

  it("refuses a segment cut short before the last, a missing one, and one of a newer version", async () => {
    const cut = await logWith(30, 2_048);
    const [first = ""] = await segmentsOf(cut.directory);
    await truncate(join(cut.directory, first), 1_000);
    await expect(openLog(cut.directory)).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });

    const newer = await logWith(1);
    const header = segmentHeader();
    header.writeUInt32LE(9, 8);
    header.writeUInt32LE(crc32c(header.subarray(0, 12)), 12);
    await writeFile(newer.last, header);
    await expect(openLog(newer.directory)).rejects.toMatchObject({ code: "DATA_DIRECTORY_NEWER" });
  });

  it("checks frames by the published checksum", () => {
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
  });
});
