/** Tampering planted in a closed log of three segments, by somebody who can write every file but holds no key. */
import { cp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { checkpointText, parseCheckpointText } from "../../src/audit/checkpoint.ts";
import { openDisclosureLog } from "../../src/audit/log.ts";
import { EMPTY_ROOT } from "../../src/audit/merkle.ts";
import { cosign, type NoteVerifier, noteSigner, parseVerifier, signNote } from "../../src/audit/note.ts";
import { readSegment, segmentHeader } from "../../src/audit/segment.ts";
import { destroySubjectKeys } from "../../src/audit/subject-keys.ts";
import { type Trust, verifyLog } from "../../src/audit/verify.ts";
import {
  ANSWER,
  disclosure,
  frame,
  keysOf,
  logDirectory,
  openLog,
  protectionOf,
  SECRETS,
  segmentsOf,
} from "./disclosures.ts";

const COUNT = 9;
let whole: string;
let vkey: NoteVerifier;
/** What an auditor kept when the log had four records. */
let kept: string;

beforeAll(async () => {
  whole = await logDirectory();
  kept = await written(whole, ["a", "b", "c", "d"]);
  await written(whole, ["e", "f", "g", "h", "i"]);
  vkey = await keyIn(whole);
  expect(await segmentsOf(whole)).toHaveLength(3);
});

/** Appends to the log, closes it, and gives the checkpoint. */
async function written(directory: string, readers: readonly string[]): Promise<string> {
  const log = await openDisclosureLog(directory, {
    protection: protectionOf(directory),
    segmentBytes: 2_300,
  });
  for (const reader of readers) await log.append(disclosure(reader), ANSWER);
  await log.close();
  return readFile(join(directory, "checkpoint"), "utf8");
}

async function keyIn(directory: string): Promise<NoteVerifier> {
  const key = parseVerifier(await readFile(join(directory, "log.vkey"), "utf8"));
  if (!key) throw new Error("no key");
  return key;
}

async function copy(): Promise<string> {
  const directory = await logDirectory();
  await cp(whole, directory, { recursive: true });
  return directory;
}

const problemsOf = async (directory: string, trust: Trust = {}) =>
  (await verifyLog(directory, trust)).problems;

/** Writes a segment's records anew as they are changed, every frame whole. */
async function rewrite(
  file: string,
  change: (payloads: readonly string[]) => readonly string[],
): Promise<void> {
  const { payloads } = readSegment(await readFile(file), "segment");
  const changed = change(payloads.map((payload) => payload.toString("utf8")));
  await writeFile(file, Buffer.concat([segmentHeader(), ...changed.map((payload) => frame(payload))]));
}

const numberedFrom = (first: number, payloads: readonly string[]) =>
  payloads.map((payload, at) => payload.replace(/"sequence":\d+/, `"sequence":${first + at}`));
const sequenceIn = (payload = ""): number => Number(/"sequence":(\d+)/.exec(payload)?.[1]);

describe("a log that nobody touched", () => {
  it("is whole, by its own key, by the auditor's, and with what the auditor kept", async () => {
    const expected = { vkey: vkey.vkey, records: COUNT, signed: COUNT, problems: [] };
    expect(await verifyLog(whole)).toEqual(expected);
    expect(await verifyLog(whole, { log: vkey, earlier: [kept] })).toEqual(expected);
  });

  it("is whole while it is empty, and after its subjects were forgotten", async () => {
    const empty = await logDirectory();
    await (await openLog(empty)).close();
    expect(await verifyLog(empty)).toMatchObject({ records: 0, signed: 0, problems: [] });
    const directory = await copy();
    await cp(keysOf(whole), keysOf(directory), { recursive: true });
    expect(
      await destroySubjectKeys(keysOf(directory), SECRETS.subjects, [{ type: "Case", uid: "case-1" }]),
    ).toBe(1);
    expect(await problemsOf(directory, { log: vkey, earlier: [kept] })).toEqual([]);
  });

  it("is whole with records that it has not signed yet, and says so", async () => {
    const directory = await copy();
    const [, , last = ""] = await segmentsOf(directory);
    await rewrite(join(directory, last), (payloads) => [
      ...payloads,
      ...numberedFrom(COUNT + 1, [payloads[0] ?? ""]),
    ]);
    expect(await verifyLog(directory)).toMatchObject({ records: COUNT + 1, signed: COUNT, problems: [] });
  });

  it("with several tiles is whole, and keeps no partial tile that a full one replaced", async () => {
    const directory = await logDirectory();
    const log = await openLog(directory);
    await log.append(disclosure("reader-0"), ANSWER);
    await log.close();
    const again = await openLog(directory);
    await Promise.all(Array.from({ length: 520 }, (_, i) => again.append(disclosure(`reader-${i}`), ANSWER)));
    await again.close();
    expect(await problemsOf(directory)).toEqual([]);
    expect((await readdir(join(directory, "tile/0"))).toSorted()).toEqual(["000", "001", "002.p"]);
    await writeFile(join(directory, "tile/0/001"), Buffer.alloc(8_192));
    expect(await problemsOf(directory)).toEqual(["`tile/0/001` is not what the records give"]);
  });
});

describe("tampering is found:", () => {
  it("a flipped bit anywhere, in any file", async () => {
    const directory = await copy();
    const names = (await readdir(directory, { recursive: true })).toSorted();
    let flips = 0;
    for (const name of names) {
      const file = join(directory, name);
      if ((await stat(file)).isDirectory()) continue;
      const bytes = await readFile(file);
      const step = Math.max(1, Math.floor(bytes.length / 60));
      for (let at = 0; at < bytes.length; at += step) {
        const flipped = Buffer.from(bytes);
        flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at % 8)), at);
        await writeFile(file, flipped);
        expect(await problemsOf(directory, { log: vkey }), `${name}, byte ${at}`).not.toEqual([]);
        flips += 1;
      }
      await writeFile(file, bytes);
    }
    expect(await problemsOf(directory, { log: vkey })).toEqual([]);
    expect(flips).toBeGreaterThan(300);
  });

  it("a dropped record, with the rest numbered as if it had never been", async () => {
    const directory = await copy();
    let dropped = false;
    for (const name of (await segmentsOf(directory)).slice(-1))
      await rewrite(join(directory, name), (payloads) => {
        dropped = payloads.length > 1;
        return numberedFrom(sequenceIn(payloads[0]), payloads.slice(1));
      });
    expect(dropped).toBe(true);
    expect(await problemsOf(directory)).toEqual(["the log ends after 8 of 9 signed records"]);
  });

  it("a dropped record, with a gap", async () => {
    const directory = await copy();
    const [first = ""] = await segmentsOf(directory);
    await rewrite(join(directory, first), (payloads) => payloads.toSpliced(1, 1));
    expect(await problemsOf(directory)).toContainEqual(expect.stringContaining("without a gap"));
  });

  it.each([
    ["as they were", (payloads: readonly string[]) => payloads],
    ["numbered anew", (payloads: readonly string[]) => numberedFrom(1, payloads)],
  ])("a reordered pair, %s", async (_, number) => {
    const directory = await copy();
    const [first = ""] = await segmentsOf(directory);
    await rewrite(join(directory, first), ([one = "", two = "", ...rest]) => number([two, one, ...rest]));
    expect(await problemsOf(directory)).not.toEqual([]);
  });

  it("a changed record, whole and well numbered", async () => {
    const directory = await copy();
    const [first = ""] = await segmentsOf(directory);
    await rewrite(join(directory, first), (payloads) =>
      payloads.map((payload) => payload.replace('"reader":"b"', '"reader":"x"')),
    );
    const problems = await problemsOf(directory, { earlier: [kept] });
    expect(problems).toContain("the log signed another tree of 4 records");
    expect(problems).toContain("the log signed another tree of 9 records");
  });

  it("a truncated tail after a checkpoint: a record, a segment, half a frame", async () => {
    const record = await copy();
    const [, second = "", third = ""] = await segmentsOf(record);
    await rewrite(join(record, third), (payloads) => payloads.slice(0, -1));
    expect(await problemsOf(record)).toEqual(["the log ends after 8 of 9 signed records"]);

    const segment = await copy();
    await rm(join(segment, third));
    expect(await problemsOf(segment)).not.toEqual([]);
    await rm(join(segment, second));
    expect(await problemsOf(segment)).not.toEqual([]);

    const half = await copy();
    await truncate(join(half, third), (await stat(join(half, third))).size - 10);
    expect(await problemsOf(half)).toEqual(["the log ends after 8 of 9 signed records"]);
  });

  it("a log that was rolled back together with its checkpoint, by what the auditor kept", async () => {
    const directory = await logDirectory();
    await written(directory, ["a", "b"]);
    const later = await written(directory, ["c"]);
    const rolledBack = await logDirectory();
    await written(rolledBack, ["a", "b"]);
    expect(await problemsOf(rolledBack)).toEqual([]);
    expect(await problemsOf(rolledBack, { earlier: [later] })).toEqual([
      "the log ends after 2 of 3 signed records",
    ]);
  });

  it("a forked log: another one under the same key, by what the auditor kept", async () => {
    const fork = await logDirectory();
    await written(fork, ["x", "b", "c", "d", "e"]);
    expect((await keyIn(fork)).vkey).toBe(vkey.vkey);
    expect(await problemsOf(fork, { log: vkey })).toEqual([]);
    expect(await problemsOf(fork, { log: vkey, earlier: [kept] })).toEqual([
      "the log signed another tree of 4 records",
    ]);
  });

  it("a checkpoint by the wrong key, and a log that brings its own key", async () => {
    const mallory = noteSigner(vkey.name, Buffer.alloc(32, 66));
    const directory = await copy();
    const [text = ""] = (await readFile(join(directory, "checkpoint"), "utf8")).split("\n\n");
    await writeFile(join(directory, "checkpoint"), signNote(`${text}\n`, mallory));
    expect(await problemsOf(directory)).toEqual(["`checkpoint` is not signed by the key of this log"]);
    await writeFile(join(directory, "log.vkey"), `${mallory.vkey}\n`);
    expect(await problemsOf(directory)).toEqual([]);
    expect(await problemsOf(directory, { log: vkey })).toEqual([
      "`log.vkey` is not the key that the log must have",
      "`checkpoint` is not signed by the key of this log",
    ]);
  });

  it("a checkpoint of the empty tree with another root", async () => {
    const directory = await logDirectory();
    await (await openLog(directory)).close();
    const { name } = await keyIn(directory);
    const wrong = checkpointText({ origin: name, size: 0, root: Buffer.alloc(32) });
    await writeFile(join(directory, "checkpoint"), signNote(wrong, noteSigner(name, SECRETS.signing)));
    expect(await problemsOf(directory)).toEqual(["the log signed another tree of 0 records"]);
    expect(parseCheckpointText(wrong)?.root).not.toEqual(EMPTY_ROOT);
  });

  it.each(["checkpoint", "log.vkey", "tile/0/000.p/9", "tile"])("a missing `%s`", async (name) => {
    const directory = await copy();
    await rm(join(directory, name), { recursive: true });
    expect(await problemsOf(directory)).not.toEqual([]);
  });

  it("a file among the tiles that is none of them", async () => {
    const directory = await copy();
    await writeFile(join(directory, "tile/0/007"), Buffer.alloc(8_192));
    expect(await problemsOf(directory)).toEqual(["`tile/0/007` is no tile of this log"]);
  });
});

describe("a witness", () => {
  const witness = noteSigner("audit.example/w1", Buffer.alloc(32, 7), "witness");

  it("whose cosignature is asked for must have given it, and for this checkpoint", async () => {
    const directory = await copy();
    const note = await readFile(join(directory, "checkpoint"), "utf8");
    const [text = ""] = note.split("\n\n");
    const trust = { log: vkey, witnesses: [witness] };
    expect(await problemsOf(directory, trust)).toEqual(["`checkpoint` is not cosigned by audit.example/w1"]);
    await writeFile(join(directory, "checkpoint"), note + cosign(`${text}\n`, witness, 1_764_057_600));
    expect(await problemsOf(directory, trust)).toEqual([]);
    const [before = ""] = kept.split("\n\n");
    await writeFile(join(directory, "checkpoint"), note + cosign(`${before}\n`, witness, 1_764_057_600));
    expect(await problemsOf(directory, trust)).toEqual(["`checkpoint` is not signed by the key of this log"]);
  });
});
