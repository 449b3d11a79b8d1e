import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { decodeRecord, encodeRecord, isAnswer, keyIdsOf, sequenceOf } from "../../src/audit/encode-record.ts";
import { openSubjectKeys } from "../../src/audit/subject-keys.ts";
import { ANSWER, disclosure, keysOf, logDirectory, SECRETS } from "./disclosures.ts";

const openKeys = async () => openSubjectKeys(keysOf(await logDirectory()), SECRETS.subjects);
const WORKER = {
  type: "Worker",
  uid: "worker-77",
  groups: [{ group: "IDENTITY_CORE", level: "masked" as const }],
};

describe("a record", () => {
  it("comes back as it was, from text in which nobody is named", async () => {
    const keys = await openKeys();
    const told = { ...disclosure("reader-1"), subjects: [...disclosure("").subjects, WORKER] };
    const text = encodeRecord(7, told, ANSWER, keys);
    for (const secret of ["case-1", "worker-77", "Worker", "Case", "CASE_HEADER", "IDENTITY_CORE"])
      expect(text).not.toContain(secret);
    expect(decodeRecord(Buffer.from(text), keys)).toEqual({ sequence: 7, ...told });
    expect(sequenceOf(Buffer.from(text))).toBe(7);
    await keys.close();
  });

  it("says in the clear that it is of a file, and in the clear alone", async () => {
    const keys = await openKeys();
    const told = { ...disclosure("reader-1"), file: true, kind: "BREAK_GLASS" } as const;
    const text = encodeRecord(7, told, Buffer.from("rec-1"), keys);
    expect(JSON.parse(text)).toMatchObject({ file: true, kind: "BREAK_GLASS" });
    expect(text).not.toContain("rec-1");
    expect(decodeRecord(Buffer.from(text), keys)).toEqual({ sequence: 7, ...told });
    expect(isAnswer(Buffer.from(text), Buffer.from("rec-1"), keys)).toBe(true);
    expect(encodeRecord(8, disclosure("reader-1"), ANSWER, keys)).not.toContain('"file"');
    await keys.close();
  });

  it("is never written the same way twice, though its subject is", async () => {
    const keys = await openKeys();
    const [one, two] = [1, 1].map((sequence) => encodeRecord(sequence, disclosure("reader-1"), ANSWER, keys));
    expect(one).not.toBe(two);
    expect(keyIdsOf(Buffer.from(one ?? ""))).toEqual(keyIdsOf(Buffer.from(two ?? "")));
    await keys.close();
  });

  it("names an issue of which nothing was shown inside an entry only", async () => {
    const keys = await openKeys();
    const told = { ...disclosure("reader-1"), issue: "case-9", subjects: [WORKER] };
    const text = encodeRecord(1, told, ANSWER, keys);
    expect(text).not.toContain("case-9");
    expect(decodeRecord(Buffer.from(text), keys)).toEqual({ sequence: 1, ...told });
    await keys.close();
  });

  it("keeps its header, and how many it was about, from those without keys", async () => {
    const keys = await openKeys();
    const text = Buffer.from(encodeRecord(3, disclosure("reader-1"), ANSWER, keys));
    const expected = { sequence: 3, ...disclosure("reader-1"), issue: null, subjects: [], unreadable: 1 };
    expect(decodeRecord(text, null)).toEqual(expected);
    const strangers = await openKeys();
    expect(decodeRecord(text, strangers)).toEqual(expected);
    await strangers.close();
    await keys.close();
  });

  it("does not read an entry that stands in another record or place", async () => {
    const keys = await openKeys();
    const told = { ...disclosure("reader-1"), subjects: [...disclosure("").subjects, WORKER] };
    const stored = JSON.parse(encodeRecord(3, told, ANSWER, keys)) as { subjects: unknown[] };
    const decoded = (changes: object) =>
      decodeRecord(Buffer.from(JSON.stringify({ ...stored, ...changes })), keys);
    expect(decoded({})).not.toHaveProperty("unreadable");
    expect(decoded({ sequence: 4 }).unreadable).toBe(2);
    expect(decoded({ subjects: stored.subjects.toReversed() }).unreadable).toBe(2);
    await keys.close();
  });
});

describe("the answer of a record", () => {
  it("is recognised by whoever may read an entry, and no other answer is", async () => {
    const keys = await openKeys();
    const told = { ...disclosure("reader-1"), subjects: [...disclosure("").subjects, WORKER] };
    const text = Buffer.from(encodeRecord(7, told, ANSWER, keys));
    expect(isAnswer(text, ANSWER, keys)).toBe(true);
    expect(isAnswer(text, Buffer.from(ANSWER.toString().replace("cnr", "cnx")), keys)).toBe(false);
    expect(isAnswer(text, Buffer.alloc(0), keys)).toBe(false);
    await keys.close();
  });

  it("cannot be guessed at without a key: no hash of it is there, and its salt is not", async () => {
    const keys = await openKeys();
    const yes = Buffer.from("true");
    const texts = [1, 2].map((sequence) => encodeRecord(sequence, disclosure("reader-1"), yes, keys));
    const macs = texts.map((text) => (JSON.parse(text) as { answer: string }).answer);
    expect(macs[0]).not.toBe(macs[1]);
    for (const encoding of ["hex", "base64", "base64url"] as const)
      expect(texts[0]).not.toContain(createHash("sha256").update(yes).digest(encoding));
    const strangers = await openKeys();
    expect(isAnswer(Buffer.from(texts[0] ?? ""), yes, strangers)).toBeNull();
    expect(JSON.stringify(decodeRecord(Buffer.from(texts[0] ?? ""), keys))).not.toContain("salt");
    await strangers.close();
    await keys.close();
  });

  it("is not told by a record about nobody, nor by one of before", async () => {
    const keys = await openKeys();
    const about = encodeRecord(1, { ...disclosure("reader-1"), subjects: [], issue: null }, ANSWER, keys);
    expect(about).not.toContain("answer");
    expect(isAnswer(Buffer.from(about), ANSWER, keys)).toBeNull();
    const { answer: _, ...before } = JSON.parse(encodeRecord(1, disclosure("reader-1"), ANSWER, keys));
    expect(isAnswer(Buffer.from(JSON.stringify(before)), ANSWER, keys)).toBeNull();
    expect(
      isAnswer(Buffer.from(JSON.stringify({ sequence: 1, ...disclosure("r") })), ANSWER, keys),
    ).toBeNull();
    await keys.close();
  });
});
