import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type AppendHandle, type Files, realFiles } from "../../src/audit/files.ts";
import { openDisclosureLog, readDisclosureLog } from "../../src/audit/log.ts";
import {
  destroySubjectKeys,
  openSubjectKeys,
  readSubjectKeys,
  rewrapSubjectKeys,
} from "../../src/audit/subject-keys.ts";
import {
  ANSWER,
  disclosure,
  keysOf,
  logDirectory,
  openLog,
  protectionOf,
  readLog,
  SECRETS,
} from "./disclosures.ts";

const CASE = { type: "Case", uid: "case-1" };
const secrets = SECRETS.subjects;

/** A closed log of one record about each of these cases. */
async function logAbout(...uids: readonly string[]): Promise<string> {
  const directory = await logDirectory();
  const log = await openLog(directory);
  for (const uid of uids)
    await log.append(
      {
        ...disclosure("reader-1"),
        issue: null,
        subjects: [{ ...CASE, uid, groups: GROUPS }],
      },
      ANSWER,
    );
  await log.close();
  return directory;
}
const GROUPS = disclosure("").subjects[0]?.groups ?? [];

describe("subject keys", () => {
  it("are one for each subject, kept, and named by nobody", async () => {
    const directory = keysOf(await logDirectory());
    const keys = await openSubjectKeys(directory, secrets);
    const first = keys.keyFor(CASE);
    expect(keys.keyFor(CASE)).toEqual(first);
    const other = keys.keyFor({ ...CASE, type: "Worker" });
    expect(other.id).not.toBe(first.id);
    expect(other.secret.export()).not.toEqual(first.secret.export());
    await keys.flush();
    await keys.close();
    const again = await openSubjectKeys(directory, secrets);
    expect(again.keyFor(CASE).id).toBe(first.id);
    expect(again.keyFor(CASE).secret.export()).toEqual(first.secret.export());
    expect(again.size).toBe(2);
    await again.close();
    const text = await readFile(join(directory, "subject-keys.log"), "latin1");
    expect(text).toContain(first.id);
    const secret = first.secret.export();
    for (const told of ["case-1", "Case", secret.toString("base64url"), secret.toString("latin1")])
      expect(text).not.toContain(told);
    expect((await stat(join(directory, "subject-keys.log"))).mode & 0o077).toBe(0);
  });

  it("are not to be used with another key-encryption key", async () => {
    const directory = keysOf(await logAbout("case-1"));
    const wrong = { ...secrets, wrapping: Buffer.alloc(32, 9) };
    await expect(readSubjectKeys(directory, wrong)).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
    await expect(openSubjectKeys(directory, wrong)).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
  });

  it("are wrapped anew by another one, and the old one opens nothing any more", async () => {
    const directory = await logAbout("case-1", "case-2");
    const wrapping = Buffer.alloc(32, 9);
    expect(await rewrapSubjectKeys(keysOf(directory), secrets, wrapping)).toBe(2);
    await expect(readSubjectKeys(keysOf(directory), secrets)).rejects.toMatchObject({
      code: "AUDIT_UNAVAILABLE",
    });
    const keys = await readSubjectKeys(keysOf(directory), { ...secrets, wrapping });
    const records = await readDisclosureLog(directory, keys);
    expect(records.map(({ subjects }) => subjects[0]?.uid)).toEqual(["case-1", "case-2"]);
  });
});

describe("a destroyed key", () => {
  it("forgets its subject in the log, which still opens and holds what it signed, and nobody else", async () => {
    const directory = await logAbout("case-1", "case-2", "case-1");
    const checkpoint = await readFile(join(directory, "checkpoint"), "utf8");
    expect(await destroySubjectKeys(keysOf(directory), secrets, [CASE, { ...CASE, uid: "nobody" }])).toBe(1);
    const seen = async () =>
      (await readLog(directory)).map(({ subjects, unreadable = 0 }) => [subjects[0]?.uid, unreadable]);
    const forgotten = [undefined, 1];
    expect(await seen()).toEqual([forgotten, ["case-2", 0], forgotten]);

    const log = await openLog(directory);
    expect(await readFile(join(directory, "checkpoint"), "utf8")).toBe(checkpoint);
    await log.append({ ...disclosure("reader-2"), issue: null }, ANSWER);
    await log.close();
    expect(await seen()).toEqual([forgotten, ["case-2", 0], forgotten, ["case-1", 0]]);
  });
});

describe("a new key", () => {
  /** Counts, in order, what reaches the disk. */
  function watching(order: string[], misbehave: Partial<AppendHandle> = {}): Files {
    return {
      ...realFiles,
      async open(file) {
        const handle = await realFiles.open(file);
        const name = file.includes("subject-keys") ? "key" : "record";
        const watched = { ...handle, ...(name === "key" ? misbehave : {}) };
        return {
          ...watched,
          async datasync() {
            await watched.datasync();
            order.push(name);
          },
        };
      },
    };
  }

  it("is synced before the record that needs it, and once", async () => {
    const order: string[] = [];
    const log = await openLog(await logDirectory(), { files: watching(order) });
    await log.append(disclosure("reader-1"), ANSWER);
    await log.append(disclosure("reader-2"), ANSWER);
    await log.close();
    expect(order).toEqual(["key", "record", "record"]);
  });

  it("that cannot be kept closes the log for good, and no record is written under it", async () => {
    const directory = await logDirectory();
    const datasync = () => Promise.reject(Object.assign(new Error("EIO"), { code: "EIO" }));
    const files = watching([], { datasync });
    const log = await openDisclosureLog(directory, { protection: protectionOf(directory), files });
    for (const reader of ["reader-1", "reader-2"])
      await expect(log.append(disclosure(reader), ANSWER)).rejects.toMatchObject({
        code: "AUDIT_UNAVAILABLE",
      });
    await expect(log.failed).resolves.toBeInstanceOf(Error);
    await log.close();
    expect(await readLog(directory)).toEqual([]);
  });
});
