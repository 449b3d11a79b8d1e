/** What replicas ask each other: only they can, and only who asked can read the answer. */
import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { answerPeer, askPeers, type PeerQuestion } from "../../src/audit/peer-seal.ts";
import type { Sealed } from "../../src/audit/sealed.ts";

const SECRET = randomBytes(32);
const ITEMS: readonly Sealed[] = ["a", "b", "c"].map((key) => ({ key, sealed: "c2VhbGVk", context: "here" }));
/** Has the keys of a and c. */
const open = ({ key }: Sealed) => (key === "b" ? null : Buffer.from(`cnr-words of ${key}`));
const refuse = () => {
  throw new Error("nothing must be opened");
};

it("is answered with what the peer opens, in the places that it was asked about", () => {
  const asked = askPeers(SECRET, ITEMS);
  const answer = answerPeer(SECRET, asked.question, open)!;
  const opened = [...asked.open(answer)!].map(([at, plain]) => [at, plain.toString()]);
  expect(opened).toEqual([
    [0, "cnr-words of a"],
    [2, "cnr-words of c"],
  ]);
  expect(Buffer.from(answer.sealed, "base64url").toString("latin1")).not.toContain("cnr-words");
});

it("is answered by nobody when somebody without the secret asked, or changed it", () => {
  const { question } = askPeers(randomBytes(32), ITEMS);
  expect(answerPeer(SECRET, question, refuse)).toBeNull();
  const { question: ours } = askPeers(SECRET, ITEMS);
  const other = askPeers(SECRET, ITEMS.slice(1)).question;
  const changed: readonly Partial<PeerQuestion>[] = [
    { id: other.id },
    { publicKey: other.publicKey },
    { items: other.items },
    { mac: other.mac },
    { mac: "" },
  ];
  for (const change of changed) expect(answerPeer(SECRET, { ...ours, ...change }, refuse)).toBeNull();
});

it("takes no answer of somebody without the secret, to another question, or that was changed", () => {
  const asked = askPeers(SECRET, ITEMS);
  const answer = answerPeer(SECRET, asked.question, open)!;
  expect(askPeers(SECRET, ITEMS).open(answer)).toBeNull();
  const other = answerPeer(SECRET, asked.question, open)!;
  expect(asked.open({ ...answer, publicKey: other.publicKey })).toBeNull();
  expect(asked.open({ ...answer, publicKey: "no key" })).toBeNull();
  expect(asked.open({ ...answer, sealed: other.sealed })).toBeNull();
  const forger = randomBytes(32);
  const forged = askPeers(forger, ITEMS).question;
  expect(asked.open(answerPeer(forger, forged, open)!)).toBeNull();
});

it("is answered once more to a key that nobody has any more", () => {
  const first = askPeers(SECRET, ITEMS);
  const again = answerPeer(SECRET, first.question, open)!;
  expect(askPeers(SECRET, ITEMS).open(again)).toBeNull();
});
