/**
 * The id of an object as one reading member sees it: `type|uid`, sealed for that member (domain model §6).
 *
 * Two members see unrelated ids of the same object; one member always sees the same. An id sealed for another member,
 * an edited one or plain garbage opens to null, never to an error, so that it reads like an object that does not exist.
 * Bounds: a sealed id is at most 1,024 characters; type is a GraphQL name, uid at most 512 characters.
 * Cost: 12 µs; the last 20,000 sealed ids are remembered per root key.
 */
import { LRUCache } from "lru-cache";
import type { MemberAddress, SealedId, Uid } from "./brands.ts";
import { open, type SealingKeys, seal } from "./sealing.ts";

export interface OpenedId {
  readonly type: string;
  readonly uid: Uid;
}

const MAX_SEALED_ID_LENGTH = 1_024;
const MAX_UID_LENGTH = 512;
const REMEMBERED_IDS = 20_000;
const TYPE_AND_UID = /^([_A-Za-z][_0-9A-Za-z]*)\|(.+)$/s;

const remembered = new WeakMap<Uint8Array, LRUCache<string, SealedId>>();

export function sealId(keys: SealingKeys, member: MemberAddress, type: string, uid: Uid): SealedId {
  if (uid.length > MAX_UID_LENGTH) throw new RangeError("uid too long to be sealed");
  const cache = cacheOf(keys.current);
  const name = `${member}\n${type}|${uid}`;
  const known = cache.get(name);
  if (known) return known;
  const sealed = seal(keys, idBox(member), `${type}|${uid}`) as SealedId;
  cache.set(name, sealed);
  return sealed;
}

export function openId(keys: SealingKeys, member: MemberAddress, sealed: string): OpenedId | null {
  if (typeof sealed !== "string" || sealed.length > MAX_SEALED_ID_LENGTH) return null;
  const [, type, uid] = TYPE_AND_UID.exec(open(keys, idBox(member), sealed) ?? "") ?? [];
  return type && uid ? { type, uid: uid as Uid } : null;
}

const idBox = (member: MemberAddress) => ({ use: "id", holder: member });

function cacheOf(root: Uint8Array): LRUCache<string, SealedId> {
  let cache = remembered.get(root);
  if (!cache) {
    cache = new LRUCache({ max: REMEMBERED_IDS });
    remembered.set(root, cache);
  }
  return cache;
}
