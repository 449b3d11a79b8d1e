/** Words about a subject outside the log: readable with the subject's key, where they stand, and never again once it is destroyed. */
import { expect, it } from "vitest";
import { destroySubjectKeys, openSubjectKeys } from "../../src/audit/subject-keys.ts";
import { noteSeals } from "../../src/audit/subject-note.ts";
import { keysOf, logDirectory, SECRETS } from "./disclosures.ts";

const CASE = { type: "Case", uid: "case-1" };
const secrets = SECRETS.subjects;

it("are read where they stand and nowhere else, and not in the clear", async () => {
  const keys = await openSubjectKeys(keysOf(await logDirectory()), secrets);
  const notes = noteSeals(keys);
  const note = notes.seal(CASE, "here", "cnr-words");
  expect(JSON.stringify(note)).not.toContain("cnr-words");
  expect(Buffer.from(note.sealed, "base64url").toString("latin1")).not.toContain("cnr-words");
  expect(notes.open("here", note)).toBe("cnr-words");
  expect(notes.open("there", note)).toBeNull();
  expect(notes.open("here", notes.seal({ ...CASE, uid: "case-2" }, "there", "x"))).toBeNull();
  expect(notes.open("here", { ...note, key: "another's" })).toBeNull();
  await keys.close();
});

it("are forgotten with their subject", async () => {
  const directory = keysOf(await logDirectory());
  const keys = await openSubjectKeys(directory, secrets);
  const note = noteSeals(keys).seal(CASE, "here", "words");
  await keys.flush();
  await keys.close();
  const again = await openSubjectKeys(directory, secrets);
  expect(noteSeals(again).open("here", note)).toBe("words");
  await again.close();
  expect(await destroySubjectKeys(directory, secrets, [CASE])).toBe(1);
  const after = await openSubjectKeys(directory, secrets);
  expect(noteSeals(after).open("here", note)).toBeNull();
  await after.close();
});
