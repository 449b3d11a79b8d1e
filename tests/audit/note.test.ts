import { describe, expect, it } from "vitest";
import { checkpointText, openCheckpoint, parseCheckpointText } from "../../src/audit/checkpoint.ts";
import { EMPTY_ROOT } from "../../src/audit/merkle.ts";
import { cosign, noteSigner, openNote, parseVerifier, signNote } from "../../src/audit/note.ts";

const seed = (byte: number) => Buffer.alloc(32, byte);
const log = noteSigner("bh/disclosures/a", seed(1));
const otherKey = noteSigner("bh/disclosures/a", seed(2));
const witness = noteSigner("audit.example/w1", seed(3), "witness");
const TEXT = checkpointText({ origin: log.name, size: 3, root: EMPTY_ROOT });
const NOTE = signNote(TEXT, log);

/** Published with golang.org/x/mod/sumdb/note: key, and the note that it signed. */
const GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_NOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

describe("a signed note", () => {
  it("of another implementation is opened", () => {
    const key = parseVerifier(GO_KEY);
    expect(key?.name).toBe("PeterNeumann");
    expect(key && openNote(GO_NOTE, [key])?.signedBy).toEqual([key]);
    expect(key && openNote(GO_NOTE.replace("problem", "Problem"), [key])).toBeNull();
  });

  it("is opened by the key that signed it, given as text", () => {
    const key = parseVerifier(log.vkey);
    expect(key && openNote(NOTE, [key])).toMatchObject({ text: TEXT, signedBy: [{ name: log.name }] });
    expect(NOTE).toMatch(
      /^bh\/disclosures\/a\n3\n[A-Za-z0-9+/=]{44}\n\n— bh\/disclosures\/a [A-Za-z0-9+/=]+\n$/,
    );
  });

  it("is signed by nobody in the eyes of others, who pass its signature over", () => {
    expect(openNote(NOTE, [otherKey, witness])?.signedBy).toEqual([]);
    expect(openNote(NOTE, [])?.signedBy).toEqual([]);
  });

  it("carries a witness's cosignature, which holds for its time and text alone", () => {
    const both = NOTE + cosign(TEXT, witness, 1_764_057_600);
    expect(openNote(both, [log, witness])?.signedBy).toEqual([log, witness]);
    const asLog = noteSigner(witness.name, seed(3), "log");
    expect(openNote(both, [log, asLog])?.signedBy).toEqual([log]);
    const line = cosign(checkpointText({ origin: log.name, size: 4, root: EMPTY_ROOT }), witness, 1);
    expect(openNote(NOTE + line, [log, witness])).toBeNull();
  });

  it("does not bear any changed bit", () => {
    const bytes = Buffer.from(NOTE);
    for (let at = 0; at < bytes.length * 8; at += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at >> 3) ^ (1 << (at & 7)), at >> 3);
      const opened = openNote(changed.toString("utf8"), [log]);
      expect(opened === null || opened.signedBy.length === 0).toBe(true);
    }
  });

  it.each([
    ["without a signature", TEXT],
    ["with a blank line too few", NOTE.replace("\n\n", "\n")],
    ["with a control character", NOTE.replace("3", "3\r")],
    ["without its last newline", NOTE.slice(0, -1)],
    ["with a line that is no signature", `${NOTE}hello\n`],
    ["of many lines", NOTE + "— x AAAAAAAA\n".repeat(2_000)],
  ])("%s is none", (_, note) => {
    expect(openNote(note, [log])).toBeNull();
  });
});

describe("a verifier key", () => {
  it.each([
    ["of another id", log.vkey.replace(/\+[0-9a-f]{8}\+/, "+00000000+")],
    ["of another name", log.vkey.replace("bh/", "sa/")],
    ["cut short", log.vkey.slice(0, -4)],
    ["of an unknown type", `x+00000000+${Buffer.alloc(33, 9).toString("base64")}`],
    ["that is nothing", "hello"],
  ])("%s is none", (_, vkey) => {
    expect(parseVerifier(vkey)).toBeNull();
  });

  it("has a name without spaces and plus signs", () => {
    expect(() => noteSigner("a b", seed(1))).toThrow(RangeError);
    expect(() => noteSigner("a+b", seed(1))).toThrow(RangeError);
  });
});

describe("a checkpoint", () => {
  it("says origin, size and root, and is the log's own", () => {
    expect(parseCheckpointText(TEXT)).toEqual({ origin: log.name, size: 3, root: EMPTY_ROOT });
    expect(openCheckpoint(NOTE, log)).toMatchObject({ origin: log.name, size: 3 });
    expect(openCheckpoint(NOTE, otherKey)).toBeNull();
    expect(openCheckpoint(signNote(TEXT, otherKey), log)).toBeNull();
    const foreign = checkpointText({ origin: "sa/disclosures/b", size: 3, root: EMPTY_ROOT });
    expect(openCheckpoint(signNote(foreign, log), log)).toBeNull();
  });

  it.each([
    ["a size with a leading zero", "a\n03\n"],
    ["a negative size", "a\n-3\n"],
    ["a size beyond what can be counted", "a\n9999999999999999\n"],
    ["no origin", "\n3\n"],
  ])("with %s is none", (_, start) => {
    expect(parseCheckpointText(`${start}${EMPTY_ROOT.toString("base64")}\n`)).toBeNull();
  });

  it("with a short root, or with more lines, is none", () => {
    expect(parseCheckpointText(`a\n3\n${EMPTY_ROOT.subarray(1).toString("base64")}\n`)).toBeNull();
    expect(parseCheckpointText(`${TEXT}extension\n`)).toBeNull();
  });
});
