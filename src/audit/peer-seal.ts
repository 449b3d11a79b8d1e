/**
 * What one replica writes to ask another to open what it cannot, and what that one answers: so that neither the database between
 * them nor a backup of it can read either.
 *
 * Question  ciphertexts as they are kept, an X25519 key of that question alone, whose private half is in memory until it is answered,
 *           and an HMAC under a secret that only replicas hold. Asked again by somebody else, it is answered to a key that nobody has.
 * Answer    AES-256-GCM under a key out of both halves and the secret (HKDF-SHA-256), bound to the question: nobody without the
 *           secret can make one, and nobody can open one later, whatever is stolen.
 * Errors    none: what does not verify is null.
 */
import {
  createHmac,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { openBytes, sealBytes } from "./aead.ts";
import type { Sealed } from "./sealed.ts";

export interface PeerQuestion {
  readonly id: string;
  /** Base64url of an SPKI. */
  readonly publicKey: string;
  /** JSON of `Sealed[]`. */
  readonly items: string;
  readonly mac: string;
}

export interface PeerAnswer {
  readonly publicKey: string;
  readonly sealed: string;
}

/** Base64url by the item's place; what the peer could not open is left out. */
type Opened = Readonly<Record<string, string>>;

const ID_BYTES = 16;
const KEY_BYTES = 32;

export function askPeers(secret: Uint8Array, items: readonly Sealed[]) {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  const asked = { id: randomBytes(ID_BYTES).toString("base64url"), publicKey: textOf(publicKey) };
  const unsigned = { ...asked, items: JSON.stringify(items) };
  const question: PeerQuestion = { ...unsigned, mac: macOf(secret, unsigned) };
  /** Null for what is no answer to this question. */
  const open = (answer: PeerAnswer): ReadonlyMap<number, Buffer> | null => {
    const key = sharedKey(secret, question.id, privateKey, answer.publicKey, answer.publicKey);
    const plain = key && openBytes(key, Buffer.from(answer.sealed, "base64url"), question.id);
    if (!plain) return null;
    const opened = Object.entries(JSON.parse(plain.toString()) as Opened);
    return new Map(opened.map(([at, text]) => [Number(at), Buffer.from(text, "base64url")]));
  };
  return { question, open };
}

/** Null for a question that no replica asked. */
export function answerPeer(
  secret: Uint8Array,
  question: PeerQuestion,
  open: (item: Sealed) => Buffer | null,
): PeerAnswer | null {
  const wanted = Buffer.from(macOf(secret, question));
  const given = Buffer.from(question.mac);
  if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) return null;
  const opened = (JSON.parse(question.items) as readonly Sealed[]).flatMap((item, at) => {
    const plain = open(item);
    return plain ? [[String(at), plain.toString("base64url")] as const] : [];
  });
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  const own = textOf(publicKey);
  const key = sharedKey(secret, question.id, privateKey, question.publicKey, own);
  const plain = Buffer.from(JSON.stringify(Object.fromEntries(opened) satisfies Opened));
  return key && { publicKey: own, sealed: sealBytes(key, plain, question.id).toString("base64url") };
}

const textOf = (key: KeyObject): string => key.export({ type: "spki", format: "der" }).toString("base64url");

const macOf = (secret: Uint8Array, { id, publicKey, items }: Omit<PeerQuestion, "mac">): string =>
  createHmac("sha256", secret)
    .update(JSON.stringify([id, publicKey, items]))
    .digest("base64url");

/** Null for what is no key. */
function sharedKey(
  salt: Uint8Array,
  question: string,
  privateKey: KeyObject,
  other: string,
  answering: string,
): KeyObject | null {
  try {
    const publicKey = createPublicKey({ key: Buffer.from(other, "base64url"), type: "spki", format: "der" });
    const shared = diffieHellman({ privateKey, publicKey });
    const info = JSON.stringify(["peer-answer", question, answering]);
    return createSecretKey(Buffer.from(hkdfSync("sha256", shared, salt, info, KEY_BYTES)));
  } catch {
    return null;
  }
}
