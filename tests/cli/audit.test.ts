import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { auditPlace } from "../../src/assembly/audit.ts";
import { loadSecrets } from "../../src/assembly/secrets.ts";
import { openDisclosureLog } from "../../src/audit/log.ts";
import { noteSigner } from "../../src/audit/note.ts";
import { runProgram } from "../../src/cli/program.ts";
import { openDataDirectory } from "../../src/config/data-directory.ts";
import { loadConfig } from "../../src/config/load.ts";
import { ANSWER, disclosure } from "../audit/disclosures.ts";
import { testTerminal } from "./test-terminal.ts";

interface Place {
  readonly data: string;
  readonly config: string;
  /** Of the log. */
  readonly directory: string;
}

async function ihala(place: Pick<Place, "config">, ...args: readonly string[]) {
  const terminal = testTerminal();
  const noParts = async () => expect.fail("a part was started");
  const status = await runProgram(["--config", place.config, "audit", ...args], noParts, terminal);
  return { status, out: terminal.written(), err: terminal.complaints() };
}

async function configFor(data: string, more = ""): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "ihala-audit-cli-")), "ihala.yaml");
  await writeFile(file, `data: ${data}\n${more}`);
  return file;
}

/** Answers about these cases, recorded as a gateway does it, the data directory free again. */
async function disclosed(place: Pick<Place, "data" | "config">, ...uids: readonly string[]): Promise<void> {
  const config = await loadConfig({ path: place.config, env: {} });
  const data = await openDataDirectory(place.data, "sandbox");
  const { directory, protection } = await auditPlace(config, data, await loadSecrets(data));
  const log = await openDisclosureLog(directory, { protection });
  for (const uid of uids) {
    const subjects = disclosure("").subjects.map((subject) => ({ ...subject, uid }));
    await log.append({ ...disclosure(`reader of ${uid}`), issue: uid, subjects }, ANSWER);
  }
  await log.close();
  await data.release();
}

async function newPlace(): Promise<Place> {
  const data = await mkdtemp(join(tmpdir(), "ihala-audit-cli-"));
  const place = { data, config: await configFor(data), directory: join(data, "audit") };
  await disclosed(place, "case-1", "case-2", "case-3");
  return place;
}

async function copyOf({ data, ...place }: Place): Promise<Place> {
  const copied = await mkdtemp(join(tmpdir(), "ihala-audit-cli-"));
  await cp(data, copied, { recursive: true });
  return { ...place, data: copied, config: await configFor(copied), directory: join(copied, "audit") };
}

let place: Place;
let vkey: string;
beforeAll(async () => {
  place = await newPlace();
  vkey = (await readFile(join(place.directory, "log.vkey"), "utf8")).trim();
});

describe("ihala audit verify", () => {
  it("finds the log whole, and says whose key it took", async () => {
    const { status, out, err } = await ihala(place, "verify");
    expect([status, err]).toEqual([0, ""]);
    expect(out).toContain("whole: 3 records, 3 of them signed\n");
    expect(out).toContain(`compare it with the one you were given:\n${vkey}\n`);
    const given = await ihala(place, "verify", "--key", vkey, "--directory", place.directory);
    expect(given).toEqual({ status: 0, out: "whole: 3 records, 3 of them signed\n", err: "" });
  });

  it("ends with status 1 and says what is wrong", async () => {
    const { directory, config } = await copyOf(place);
    const segment = join(directory, "disclosures-000000000001.log");
    const text = await readFile(segment, "latin1");
    await writeFile(segment, text.replace("reader of case-2", "reader of case-9"), "latin1");
    const { status, out, err } = await ihala({ config }, "verify", "--key", vkey);
    expect([status, out]).toEqual([1, ""]);
    expect(err).toContain("ihala: the disclosure log is damaged");
  });

  it.each([
    [["--key", "nothing"], /`nothing` is no verifier key/],
    [["--directory", "/nowhere/audit"], /`\/nowhere\/audit` is no folder/],
    [["--kept", "/nowhere/checkpoint"], /`\/nowhere\/checkpoint` cannot be read/],
    [["--proof", "/nowhere/proof"], /`--proof` needs `--key`/],
  ])("refuses %j", async (args, message) => {
    const { status, err } = await ihala(place, "verify", ...args);
    expect(status).toBe(1);
    expect(err).toMatch(message);
  });

  it("misses a witness that has not cosigned", async () => {
    const witness = noteSigner("audit.example/w1", Buffer.alloc(32, 7), "witness").vkey;
    const { status, err } = await ihala(place, "verify", "--witness", witness);
    expect(status).toBe(1);
    expect(err).toContain("`checkpoint` is not cosigned by audit.example/w1");
  });
});

describe("ihala audit verify-answer", () => {
  it("recognises the answer that a record was written for, and no other", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "ihala-answer-")), "answer.json");
    await writeFile(file, ANSWER);
    const same = await ihala(place, "verify-answer", "--record", "2", "--answer", file);
    expect(same).toEqual({ status: 0, out: "it is the answer that record 2 was written for\n", err: "" });
    await writeFile(file, ANSWER.subarray(1));
    const other = await ihala(place, "verify-answer", "--record", "2", "--answer", file);
    expect([other.status, other.out]).toEqual([1, ""]);
    expect(other.err).toContain("record 2 was written for another answer");
  });

  it("cannot tell once the subject is forgotten, and finds no record that is not there", async () => {
    const copied = await copyOf(place);
    const file = join(await mkdtemp(join(tmpdir(), "ihala-answer-")), "answer.json");
    await writeFile(file, ANSWER);
    await ihala(copied, "forget", "--subject", "Case:case-2");
    const forgotten = await ihala(copied, "verify-answer", "--record", "2", "--answer", file);
    expect([forgotten.status, forgotten.err]).toEqual([1, expect.stringContaining("record 2 cannot tell")]);
    expect((await ihala(copied, "verify-answer", "--record", "9", "--answer", file)).status).toBe(1);
    expect((await ihala(copied, "verify-answer", "--record", "x", "--answer", file)).err).toContain(
      "no record",
    );
  });
});

describe("ihala audit prove", () => {
  it("prints a proof that holds for whoever has the key, without the log", async () => {
    const { status, out } = await ihala(place, "prove", "--record", "2");
    expect(status).toBe(0);
    const file = join(await mkdtemp(join(tmpdir(), "ihala-proof-")), "record.tlog-proof");
    await writeFile(file, out);
    const elsewhere = { config: await configFor("/nowhere") };
    const checked = await ihala(elsewhere, "verify", "--proof", file, "--key", vkey);
    expect(checked.status).toBe(0);
    expect(JSON.parse(checked.out)).toMatchObject({ sequence: 2, reader: "reader of case-2" });
    await writeFile(file, out.replace("index 1", "index 2"));
    const wrong = await ihala(elsewhere, "verify", "--proof", file, "--key", vkey);
    expect(wrong).toEqual({ status: 1, out: "", err: "ihala: the proof does not hold\n" });
  });

  it("refuses a record that is not there", async () => {
    const { status, err } = await ihala(place, "prove", "--record", "4");
    expect(status).toBe(1);
    expect(err).toContain("the log has signed 3 records; there is no record 4 among them");
  });
});

describe("ihala audit consistency", () => {
  it("proves that the log grew out of a kept checkpoint, which `verify --kept` checks by the records", async () => {
    const grown = await copyOf(place);
    const kept = join(grown.data, "kept");
    await cp(join(grown.directory, "checkpoint"), kept);
    await disclosed(grown, "case-4");
    const { status, out } = await ihala(grown, "consistency", "--kept", kept);
    expect(status).toBe(0);
    expect(out).toMatch(/^old 3\n(?:[\w+/=]{44}\n)+\n/);
    expect((await ihala(grown, "verify", "--key", vkey, "--kept", kept)).status).toBe(0);
    const before = await ihala(place, "verify", "--key", vkey, "--kept", join(grown.directory, "checkpoint"));
    expect(before.err).toContain("the log ends after 3 of 4 signed records");
  });

  it("takes a checkpoint of this log only", async () => {
    const other = await newPlace();
    const { status, err } = await ihala(place, "consistency", "--kept", join(other.directory, "checkpoint"));
    expect(status).toBe(1);
    expect(err).toContain("is no checkpoint of this log");
  });
});

describe("ihala audit export", () => {
  const uids = (out: string) =>
    out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .map(({ issue, subjects, unreadable = 0 }) => [issue, subjects[0]?.uid ?? null, unreadable]);

  it("prints every record with its subjects, from where it is told to", async () => {
    const { status, out } = await ihala(place, "export", "--from", "2");
    expect(status).toBe(0);
    expect(uids(out)).toEqual([
      ["case-2", "case-2", 0],
      ["case-3", "case-3", 0],
    ]);
  });

  it("prints who read about one subject", async () => {
    const about = async (subject: string) => (await ihala(place, "export", "--subject", subject)).out;
    expect(uids(await about("Case:case-2"))).toEqual([["case-2", "case-2", 0]]);
    expect(await about("Case:case-9")).toBe("");
    expect(await about("Worker:case-2")).toBe("");
    const sealed = await ihala(place, "export", "--sealed", "--subject", "Case:case-2");
    expect([sealed.status, sealed.out]).toEqual([1, ""]);
  });

  it("prints the oldest records about a subject, which were not encrypted", async () => {
    const data = await mkdtemp(join(tmpdir(), "ihala-audit-cli-"));
    const old = { data, config: await configFor(data), directory: join(data, "audit") };
    await mkdir(old.directory);
    const fixture = join(import.meta.dirname, "../audit/fixtures/format-1.segment");
    await cp(fixture, join(old.directory, "disclosures-000000000001.log"));
    await disclosed(old, "case-1", "case-2");
    const { out } = await ihala(old, "export", "--subject", "Case:case-1");
    const sequences = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).sequence);
    expect(sequences).toEqual([1, 2, 3, 4]);
  });

  it("prints nobody without the keys", async () => {
    const { status, out } = await ihala(place, "export", "--sealed");
    expect(status).toBe(0);
    expect(uids(out)).toEqual([
      [null, null, 1],
      [null, null, 1],
      [null, null, 1],
    ]);
  });

  it("prints nobody who was forgotten; everything else is as it was", async () => {
    const forgetful = await copyOf(place);
    const { out } = await ihala(forgetful, "forget", "--subject", "Case:case-1", "Case:nobody");
    expect(out).toBe("1 of 2 subjects had a key, which is destroyed\n");
    expect(uids((await ihala(forgetful, "export")).out)).toEqual([
      [null, null, 1],
      ["case-2", "case-2", 0],
      ["case-3", "case-3", 0],
    ]);
    expect((await ihala(forgetful, "export", "--subject", "Case:case-1")).out).toBe("");
    expect((await ihala(forgetful, "verify", "--key", vkey)).status).toBe(0);
    expect((await ihala(forgetful, "fsck")).out).toContain(
      "keys: 2 subjects; 3 entries, 1 of them forgotten\n",
    );
  });
});

describe("ihala audit fsck", () => {
  it("finds log and keys in order", async () => {
    expect(await ihala(place, "fsck")).toEqual({
      status: 0,
      out: "whole: 3 records, 3 of them signed\nkeys: 3 subjects; 3 entries, 0 of them forgotten\n",
      err: "",
    });
  });

  it("says that the keys were wrapped by another key-encryption key", async () => {
    const other = await copyOf(place);
    await writeFile(join(other.data, "keys", "audit-subjects"), Buffer.alloc(32, 9), { mode: 0o600 });
    const { status, err } = await ihala(other, "fsck");
    expect(status).toBe(1);
    expect(err).toContain("wrapped by another key-encryption key [AUDIT_UNAVAILABLE]");
  });
});

describe("ihala audit rewrap", () => {
  it("wraps the keys by one that the configuration names from then on", async () => {
    const { data } = await copyOf(place);
    const file = join(data, "kek");
    await writeFile(file, Buffer.alloc(32, 9).toString("base64"));
    const before = { config: await configFor(data) };
    expect((await ihala(before, "rewrap", "--to", file)).out).toContain(
      "3 keys are wrapped by the other key",
    );
    expect((await ihala(before, "fsck")).status).toBe(1);
    const after = { config: await configFor(data, `audit: { keyEncryptionKey: { file: ${file} } }`) };
    expect((await ihala(after, "fsck")).out).toContain("keys: 3 subjects; 3 entries, 0 of them forgotten\n");
  });

  it("refuses a key of another length", async () => {
    const { data, config } = await copyOf(place);
    await writeFile(join(data, "kek"), Buffer.alloc(31, 9).toString("base64"));
    const { status, err } = await ihala({ config }, "rewrap", "--to", join(data, "kek"));
    expect(status).toBe(1);
    expect(err).toContain("32 bytes in base64");
  });
});

it("makes no folder where there is none", async () => {
  const config = await configFor(join(tmpdir(), "ihala-audit-no-such-folder"));
  for (const command of [["verify"], ["export", "--sealed"], ["fsck"], ["prove", "--record", "1"]])
    expect((await ihala({ config }, ...command)).status).toBe(1);
  expect(existsSync(join(tmpdir(), "ihala-audit-no-such-folder"))).toBe(false);
});

describe("commands that change keys", () => {
  it("leave the directory of a running gateway alone", async () => {
    const { data, config } = await copyOf(place);
    const held = await openDataDirectory(data, "sandbox");
    const { status, err } = await ihala({ config }, "forget", "--subject", "Case:case-1");
    expect(status).toBe(1);
    expect(err).toContain("[DATA_DIRECTORY_IN_USE]");
    expect((await ihala({ config }, "export")).out).toContain("case-1");
    await held.release();
  });

  it.each([
    ["no data directory", "/nowhere", "Case:case-1", /`\/nowhere` is no data directory/],
    ["no subject", null, "case-1", /`case-1` is no subject/],
  ])("refuse %s", async (_, data, subject, message) => {
    const at = data === null ? place : { config: await configFor(data) };
    const { status, err } = await ihala(at, "forget", "--subject", subject);
    expect(status).toBe(1);
    expect(err).toMatch(message);
  });
});
