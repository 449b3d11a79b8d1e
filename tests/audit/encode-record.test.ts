import { describe, expect, it } from "vitest";
import { decodeRecord, encodeRecord, keyIdsOf, sequenceOf } from "../../src/audit/encode-record.ts";
import { openSubjectKeys } from "../../src/audit/subject-keys.ts";
import { disclosure, keysOf, logDirectory, SECRETS } from "./disclosures.ts";

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
    const text = encodeRecord(7, told, keys);
    for (const secret of ["case-1", "worker-77", "Worker", "Case", "CASE_HEADER", "IDENTITY_CORE"])
      expect(text).not.toContain(secret);
    expect(decodeRecord(Buffer.from(text), keys)).toEqual({ sequence: 7, ...told });
    expect(sequenceOf(Buffer.from(text))).toBe(7);
    await keys.close();
  });

  it("is never written the same way twice, though its subject is", async () => {
    const keys = await openKeys();
    const [one, two] = [1, 1].map((sequence) => encodeRecord(sequence, disclosure("reader-1"), keys));
    expect(one).not.toBe(two);
    expect(keyIdsOf(Buffer.from(one ?? ""))).toEqual(keyIdsOf(Buffer.from(two ?? "")));
    await keys.close();
  });

  it("names an issue of which nothing was shown inside an entry only", async () => {
    const keys = await openKeys();
    const told = { ...disclosure("reader-1"), issue: "case-9", subjects: [WORKER] };
    const text = encodeRecord(1, told, keys);
    expect(text).not.toContain("case-9");
    expect(decodeRecord(Buffer.from(text), keys)).toEqual({ sequence: 1, ...told });
    await keys.close();
  });

  it("keeps its header, and how many it was about, from those without keys", async () => {
    const keys = await openKeys();
    const text = Buffer.from(encodeRecord(3, disclosure("reader-1"), keys));
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
    const stored = JSON.parse(encodeRecord(3, told, keys)) as { subjects: unknown[] };
    const decoded = (changes: object) =>
      decodeRecord(Buffer.from(JSON.stringify({ ...stored, ...changes })), keys);
    expect(decoded({})).not.toHaveProperty("unreadable");
    expect(decoded({ sequence: 4 }).unreadable).toBe(2);
    expect(decoded({ subjects: stored.subjects.toReversed() }).unreadable).toBe(2);
    await keys.close();
  });
});
