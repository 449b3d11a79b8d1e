/**
 * How the copy of the log finds a subject without naming it: an HMAC of type and uid under a key of its own.
 *
 * Rule    the same for every gateway of a deployment that holds the key; of no use to who has the copy alone.
 * Cost    2 µs; the last 10,000 are remembered.
 */
import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Subject } from "./subject-keys.ts";

const INDEX_BYTES = 20;
const REMEMBERED = 10_000;

export class BlindIndex {
  readonly #key: KeyObject;
  readonly #known = new LRUCache<string, string>({ max: REMEMBERED });

  /** 32 bytes. */
  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  /** Base64url. */
  of({ type, uid }: Subject): string {
    const name = JSON.stringify([type, uid]);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const mac = createHmac("sha256", this.#key).update(name).digest();
    const index = mac.subarray(0, INDEX_BYTES).toString("base64url");
    this.#known.set(name, index);
    return index;
  }
}
