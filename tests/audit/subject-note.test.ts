/** Words about a subject outside the log: readable with the subject's key, where they stand, and never again once it is destroyed. */
import { expect, it } from "vitest";
import { openSealed } from "../../src/audit/sealed.ts";
import { destroySubjectKeys, openSubjectKeys, type SubjectKeyring } from "../../src/audit/subject-keys.ts";
import { type SealedNote, sealedNote, sealNote } from "../../src/audit/subject-note.ts";
import { keysOf, logDirectory, SECRETS } from "./disclosures.ts";

const CASE = { type: "Case", uid: "case-1" };
const secrets = SECRETS.subjects;
const open = (keys: SubjectKeyring, context: string, note: SealedNote) =>
  openSealed(keys, sealedNote(context, note))?.toString() ?? null;

it("are read where they stand and nowhere else, and not in the clear", async () => {
  const keys = await openSubjectKeys(keysOf(await logDirectory()), secrets);
  const note = sealNote(keys, CASE, "here", "cnr-words");
  expect(JSON.stringify(note)).not.toContain("cnr-words");
  expect(Buffer.from(note.sealed, "base64url").toString("latin1")).not.toContain("cnr-words");
  expect(open(keys, "here", note)).toBe("cnr-words");
  expect(open(keys, "there", note)).toBeNull();
  expect(open(keys, "here", sealNote(keys, { ...CASE, uid: "case-2" }, "there", "x"))).toBeNull();
  expect(open(keys, "here", { ...note, key: "another's" })).toBeNull();
  await keys.close();
});

it("are forgotten with their subject", async () => {
  const directory = keysOf(await logDirectory());
  const keys = await openSubjectKeys(directory, secrets);
  const note = sealNote(keys, CASE, "here", "words");
  await keys.flush();
  await keys.close();
  const again = await openSubjectKeys(directory, secrets);
  expect(open(again, "here", note)).toBe("words");
  await again.close();
  expect(await destroySubjectKeys(directory, secrets, [CASE])).toBe(1);
  const after = await openSubjectKeys(directory, secrets);
  expect(open(after, "here", note)).toBeNull();
  await after.close();
});
