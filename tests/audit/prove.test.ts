import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openCheckpoint } from "../../src/audit/checkpoint.ts";
import { openDisclosureLog } from "../../src/audit/log.ts";
import { type NoteVerifier, noteSigner, parseVerifier } from "../../src/audit/note.ts";
import { checkGrowthProof, checkRecordProof, proveGrowth, proveRecord } from "../../src/audit/prove.ts";
import { ANSWER, disclosure, logDirectory, protectionOf } from "./disclosures.ts";

const COUNT = 300;
let directory: string;
let log: NoteVerifier;
let earlier: NonNullable<ReturnType<typeof openCheckpoint>>;

async function grow(from: number, to: number): Promise<string> {
  const protection = protectionOf(directory);
  const opened = await openDisclosureLog(directory, { protection, segmentBytes: 20_000 });
  const readers = Array.from({ length: to - from }, (_, i) => `reader-${from + i + 1}`);
  await Promise.all(readers.map((reader) => opened.append(disclosure(reader), ANSWER)));
  await opened.close();
  return readFile(join(directory, "checkpoint"), "utf8");
}

beforeAll(async () => {
  directory = await logDirectory();
  const note = await grow(0, 70);
  log = parseVerifier(await readFile(join(directory, "log.vkey"), "utf8"))!;
  earlier = openCheckpoint(note, log)!;
  await grow(70, COUNT);
});

/** Every text with one character changed. */
const changed = (text: string) =>
  Array.from(
    text,
    (character, at) => text.slice(0, at) + (character === "1" ? "2" : "1") + text.slice(at + 1),
  );

describe("a record's proof", () => {
  it.each([1, 2, 70, 256, 257, COUNT])("holds for record %i", async (sequence) => {
    const proof = await proveRecord(directory, sequence);
    expect(proof).toMatch(/^c2sp\.org\/tlog-proof@v1\nextra [\w+/=]+\nindex \d+\n/);
    const proven = checkRecordProof(proof, log);
    expect(proven).toMatchObject({ sequence, checkpoint: { size: COUNT } });
    expect(JSON.parse(proven?.record ?? "")).toMatchObject({ sequence, reader: `reader-${sequence}` });
  });

  it("holds under no other key and with no changed character", async () => {
    const proof = await proveRecord(directory, 70);
    expect(checkRecordProof(proof, noteSigner(log.name, Buffer.alloc(32, 66)))).toBeNull();
    const holding = changed(proof).filter((text) => text !== proof && checkRecordProof(text, log) !== null);
    expect(holding).toEqual([]);
    expect(checkRecordProof("", log)).toBeNull();
  });

  it.each([0, -1, 1.5, Number.NaN, COUNT + 1])("is not to be had of record %d", async (sequence) => {
    await expect(proveRecord(directory, sequence)).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
  });
});

describe("a proof of growth", () => {
  it("leads from what was kept to what is signed now", async () => {
    const proof = await proveGrowth(directory, earlier.size);
    expect(proof).toMatch(/^old 70\n/);
    expect(checkGrowthProof(proof, earlier, log)).toMatchObject({ size: COUNT });
    const others = [
      checkGrowthProof(proof, { ...earlier, size: 69 }, log),
      checkGrowthProof(proof, { ...earlier, root: Buffer.alloc(32) }, log),
      checkGrowthProof(proof, earlier, noteSigner(log.name, Buffer.alloc(32, 66))),
      ...changed(proof)
        .filter((text) => text !== proof)
        .map((text) => checkGrowthProof(text, earlier, log)),
    ];
    expect(others).toEqual(others.map(() => null));
  });

  it("leads from nothing, and to itself", async () => {
    const [none, same] = [await proveGrowth(directory, 0), await proveGrowth(directory, COUNT)];
    expect(checkGrowthProof(none, { size: 0, root: Buffer.alloc(32) }, log)).toMatchObject({ size: COUNT });
    const latest = openCheckpoint(await readFile(join(directory, "checkpoint"), "utf8"), log)!;
    expect(checkGrowthProof(same, latest, log)).toMatchObject({ size: COUNT });
  });

  it.each([-1, 1.5, COUNT + 1])("is not to be had from %d records", async (from) => {
    await expect(proveGrowth(directory, from)).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
  });
});
