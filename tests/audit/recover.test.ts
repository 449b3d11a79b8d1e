import { appendFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { crc32c } from "../../src/audit/crc32c.ts";
import { realFiles } from "../../src/audit/files.ts";
import { openDisclosureLog } from "../../src/audit/log.ts";
import { segmentHeader, segmentName } from "../../src/audit/segment.ts";
import { verifyLog } from "../../src/audit/verify.ts";
import {
  ANSWER,
  disclosure,
  frame,
  logDirectory,
  openLog,
  protectionOf,
  readLog,
  SECRETS,
  segmentsOf,
} from "./disclosures.ts";

const readersOf = async (directory: string) => (await readLog(directory)).map(({ reader }) => reader);

/** A closed log of so many records, each a commit of its own. */
async function logOf(count: number): Promise<string> {
  const directory = await logDirectory();
  const log = await openLog(directory);
  for (let i = 1; i <= count; i += 1) await log.append(disclosure(`reader-${i}`), ANSWER);
  await log.close();
  return directory;
}

const text = (sequence: number) => JSON.stringify({ sequence, ...disclosure(`reader-${sequence}`) });
const inNoise = (bytes: Buffer) => bytes.map((byte, at) => (at > 20 && at < 40 ? 0 : byte));

/** A folder as version 0.1 left it: format 1, records in the clear, no tree. */
async function firstFormatOf(count: number): Promise<string> {
  const directory = await logDirectory();
  await mkdir(directory);
  const header = segmentHeader();
  header.writeUInt32LE(1, 8);
  header.writeUInt32LE(crc32c(header.subarray(0, 12)), 12);
  const frames = Array.from({ length: count }, (_, i) => frame(text(i + 1), false));
  await writeFile(join(directory, segmentName(1)), Buffer.concat([header, ...frames]));
  return directory;
}

describe("opening a log after a loss of power", () => {
  it("drops the whole frames of a torn commit, of which any page may be missing", async () => {
    const directory = await logOf(2);
    const commit = [frame(text(3)), frame(text(4), false), frame(text(5), false)];
    const [first = Buffer.alloc(0), ...rest] = commit;
    await appendFile(join(directory, segmentName(1)), Buffer.concat([inNoise(first), ...rest]));
    await (await openLog(directory)).close();
    expect(await readersOf(directory)).toEqual(["reader-1", "reader-2"]);
  });

  it("refuses a torn frame that a later commit follows: it was acknowledged", async () => {
    const directory = await logOf(2);
    const torn = Buffer.concat([inNoise(frame(text(3))), frame(text(4))]);
    await appendFile(join(directory, segmentName(1)), torn);
    await expect(openLog(directory)).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
  });

  it("makes tiles again that are missing or wrong", async () => {
    const directory = await logOf(3);
    const tile = join(directory, "tile/0/000.p/3");
    const before = await readFile(tile);
    await writeFile(tile, Buffer.alloc(96));
    await (await openLog(directory)).close();
    expect(await readFile(tile)).toEqual(before);
    await rm(join(directory, "tile"), { recursive: true });
    await (await openLog(directory)).close();
    expect(await readFile(tile)).toEqual(before);
  });
});

describe("opening a log that is less than it has signed", () => {
  const refused = async (directory: string, why: RegExp) => {
    const before = await readdir(directory);
    const opening = openLog(directory);
    await expect(opening).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
    await expect(opening).rejects.toThrow(why);
    expect(await readdir(directory)).toEqual(before);
  };

  it("refuses a tail that was cut off cleanly", async () => {
    const directory = await logOf(3);
    const file = join(directory, segmentName(1));
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, bytes.lastIndexOf('{"v":2') - 8));
    await refused(directory, /ends after 2 of 3 signed records/);
  });

  it("refuses other records of the same number, whole and well numbered", async () => {
    const directory = await logOf(3);
    const other = await logOf(3);
    await cp(join(other, segmentName(1)), join(directory, segmentName(1)));
    await refused(directory, /other records than the log has signed/);
  });

  it("refuses a missing segment", async () => {
    const directory = await logOf(3);
    await rm(join(directory, segmentName(1)));
    await refused(directory, /ends after 0 of 3 signed records/);
  });

  it("refuses a checkpoint that is not its own, and a log that another key signs", async () => {
    const directory = await logOf(3);
    const elsewhere = await logDirectory();
    const protection = protectionOf(elsewhere);
    const signing = Buffer.alloc(32, 9);
    const otherKey = { ...protection, secrets: { ...SECRETS, signing } };
    await (await openDisclosureLog(elsewhere, { protection: otherKey })).close();
    await expect(openDisclosureLog(directory, { protection: otherKey })).rejects.toThrow(/log\.vkey/);
    await cp(join(elsewhere, "checkpoint"), join(directory, "checkpoint"));
    await refused(directory, /not signed by the key of this log/);
    await rm(join(directory, "log.vkey"));
    await refused(directory, /`log.vkey` is missing/);
  });
});

describe("a log of the first format", () => {
  it("that version 0.1 itself has written is read and goes on", async () => {
    const directory = await logDirectory();
    await mkdir(directory);
    await cp(join(import.meta.dirname, "fixtures", "format-1.segment"), join(directory, segmentName(1)));
    const log = await openLog(directory);
    expect(await log.append(disclosure("reader-4"), ANSWER)).toEqual({ sequence: 4 });
    await log.close();
    expect(await readLog(directory)).toEqual(
      [1, 2, 3, 4].map((sequence) => ({ sequence, ...disclosure(`reader-${sequence}`) })),
    );
    expect((await verifyLog(directory)).problems).toEqual([]);
  });

  it("is opened, signed for, and goes on in a segment of its own", async () => {
    const directory = await firstFormatOf(3);
    const log = await openLog(directory);
    expect(await log.append(disclosure("reader-4"), ANSWER)).toEqual({ sequence: 4 });
    await log.close();
    expect(await segmentsOf(directory)).toEqual([segmentName(1), segmentName(4)]);
    expect(await readLog(directory)).toEqual(
      [1, 2, 3, 4].map((sequence) => ({ sequence, ...disclosure(`reader-${sequence}`) })),
    );
    expect(await readFile(join(directory, "checkpoint"), "utf8")).toMatch(
      /^bh-sandbox\/disclosures\/\w{8}\n4\n/,
    );
    await (await openLog(directory)).close();
    expect(await readersOf(directory)).toHaveLength(4);
  });

  it("that is empty goes on too", async () => {
    const directory = await firstFormatOf(0);
    const log = await openLog(directory);
    await log.append(disclosure("reader-1"), ANSWER);
    await log.close();
    expect(await readersOf(directory)).toEqual(["reader-1"]);
  });

  it("knows no commits: whatever follows a torn frame was acknowledged", async () => {
    const directory = await firstFormatOf(2);
    const torn = Buffer.concat([inNoise(frame(text(3), false)), frame(text(4), false)]);
    await appendFile(join(directory, segmentName(1)), torn);
    await expect(openLog(directory)).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
  });
});

it("refuses, without protection, a record with subjects, and takes one without", async () => {
  const directory = await logDirectory();
  const log = await openDisclosureLog(directory, { files: realFiles });
  await expect(log.append(disclosure("reader-1"), ANSWER)).rejects.toMatchObject({
    code: "AUDIT_UNAVAILABLE",
  });
  const bare = { ...disclosure("reader-2"), issue: null, subjects: [] };
  expect(await log.append(bare, ANSWER)).toEqual({ sequence: 1 });
  await log.close();
  expect(await readdir(directory)).toEqual([segmentName(1)]);
});
