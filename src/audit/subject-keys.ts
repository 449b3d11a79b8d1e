/**
 * A random key for each subject, under which everything that the log says of it is encrypted. Destroying the key forgets the
 * subject in the log, in its copies and in its backups, and leaves every proof valid.
 *
 * Kept     in one file of frames (`segment.ts`), apart from the log and with a backup of its own: the key's id, a blind index of the
 *          subject, the key wrapped by the key-encryption key. Nothing in it says who a subject is.
 * Durable  a new key is synced before the first record that needs it is written (`flush`).
 * Holder   one process. Destroying takes the file from the gateway: it must not run.
 * Bounds   about 400 bytes of memory a subject; the last 10,000 used are kept unwrapped.
 * Errors   AUDIT_UNAVAILABLE when the file is damaged or was wrapped by another key-encryption key.
 */
import { createHmac, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import { GatewayError } from "../kernel/errors.ts";
import { openBytes, sealBytes } from "./aead.ts";
import { type AppendHandle, type Files, realFiles, writeAll } from "./files.ts";
import { frameBytes, readSegment, segmentHeader, writeFrame } from "./segment.ts";

export interface SubjectKeySecrets {
  /** Wraps every subject's key; 32 bytes. */
  readonly wrapping: Uint8Array;
  /** Makes the blind index; 32 bytes, and never another, or subjects are not found again. */
  readonly index: Uint8Array;
}

export interface SubjectKey {
  /** As records name it: random, and of no meaning once the key is destroyed. */
  readonly id: string;
  readonly secret: KeyObject;
}

export interface Subject {
  readonly type: string;
  readonly uid: string;
}

/** One line of the file. */
interface StoredKey {
  readonly id: string;
  readonly index: string;
  readonly wrapped: string;
}

const FILE = "subject-keys.log";
/** Ids of the keys that were destroyed, one a line: what copies hang on them is dropped, whenever it comes back. */
const DESTROYED_FILE = "destroyed-keys";
const KEY_BYTES = 32;
const ID_BYTES = 16;
const UNWRAPPED = 10_000;

/** Reads; what is told of here is what was kept when it was opened. */
export class SubjectKeyring {
  /** Ids of the keys that were destroyed. */
  readonly destroyed: readonly string[];
  protected readonly secrets: SubjectKeySecrets;
  readonly #wrapping: KeyObject;
  /** A `KeyObject` costs three times what opening by it does. */
  readonly #unwrapped = new LRUCache<string, KeyObject>({ max: UNWRAPPED });
  readonly #stored = new Map<string, StoredKey>();
  readonly #ids = new Map<string, string>();

  constructor(secrets: SubjectKeySecrets, stored: readonly StoredKey[], destroyed: readonly string[] = []) {
    this.secrets = secrets;
    this.#wrapping = createSecretKey(secrets.wrapping);
    this.destroyed = destroyed;
    for (const one of stored) this.hold(one);
  }

  /** That these are the secrets of these keys. */
  check(): this {
    const [first] = this.#stored.keys();
    if (first === undefined || this.secretOf(first) !== null) return this;
    throw unusable("the subject keys were wrapped by another key-encryption key");
  }

  get size(): number {
    return this.#stored.size;
  }

  /** Null when it was destroyed. */
  secretOf(id: string): KeyObject | null {
    const known = this.#unwrapped.get(id);
    if (known) return known;
    const stored = this.#stored.get(id);
    const secret =
      stored && openBytes(this.#wrapping, Buffer.from(stored.wrapped, "base64url"), `${id}/${stored.index}`);
    if (!secret) return null;
    const key = createSecretKey(secret);
    this.#unwrapped.set(id, key);
    return key;
  }

  /** The id of a subject's key, by which records about it are found, or null. */
  idOf(subject: Subject): string | null {
    return this.#ids.get(this.indexOf(subject)) ?? null;
  }

  protected hold(one: StoredKey): void {
    this.#stored.set(one.id, one);
    this.#ids.set(one.index, one.id);
  }

  protected indexOf({ type, uid }: Subject): string {
    const mac = createHmac("sha256", this.secrets.index)
      .update(JSON.stringify([type, uid]))
      .digest();
    return mac.subarray(0, ID_BYTES).toString("base64url");
  }
}

/** What the directory holds. */
interface KeptKeys {
  readonly stored: readonly StoredKey[];
  readonly destroyed: readonly string[];
}

/** Makes keys too. */
export class SubjectKeys extends SubjectKeyring {
  readonly #handle: AppendHandle;
  readonly #unwrapped = new LRUCache<string, SubjectKey>({ max: UNWRAPPED });
  #unsynced: StoredKey[] = [];

  constructor(secrets: SubjectKeySecrets, kept: KeptKeys, handle: AppendHandle) {
    super(secrets, kept.stored, kept.destroyed);
    this.#handle = handle;
  }

  /** The key of a subject, made when it has none; to be flushed before anything encrypted under it is written. */
  keyFor(subject: Subject): SubjectKey {
    const name = `${subject.type}/${subject.uid}`;
    let key = this.#unwrapped.get(name);
    if (!key) {
      key = this.#known(subject) ?? this.#make(subject);
      this.#unwrapped.set(name, key);
    }
    return key;
  }

  async flush(): Promise<void> {
    if (this.#unsynced.length === 0) return;
    const unsynced = this.#unsynced;
    this.#unsynced = [];
    await writeAll(this.#handle, framesOf(unsynced));
    await this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  #known(subject: Subject): SubjectKey | null {
    const id = this.idOf(subject);
    if (id === null) return null;
    const secret = this.secretOf(id);
    if (secret) return { id, secret };
    throw unusable("a subject's key cannot be unwrapped");
  }

  #make(subject: Subject): SubjectKey {
    const id = randomBytes(ID_BYTES).toString("base64url");
    const index = this.indexOf(subject);
    const secret = createSecretKey(randomBytes(KEY_BYTES));
    const stored = { id, index, wrapped: wrap(this.secrets, { id, index, secret }) };
    this.hold(stored);
    this.#unsynced.push(stored);
    return { id, secret };
  }
}

export async function readSubjectKeys(
  directory: string,
  secrets: SubjectKeySecrets,
  files: Files = realFiles,
): Promise<SubjectKeyring> {
  return new SubjectKeyring(secrets, await storedIn(directory, files)).check();
}

/** The file is written anew and synced, as after a crash its pages may be only in memory. */
export async function openSubjectKeys(
  directory: string,
  secrets: SubjectKeySecrets,
  files: Files = realFiles,
): Promise<SubjectKeys> {
  await files.make(directory);
  const stored = await storedIn(directory, files);
  new SubjectKeyring(secrets, stored).check();
  await store(directory, stored, files);
  const kept = { stored, destroyed: await destroyedIn(directory, files) };
  return new SubjectKeys(secrets, kept, await files.open(join(directory, FILE)));
}

/** Destroys the keys of these subjects, and returns how many there were. */
export async function destroySubjectKeys(
  directory: string,
  secrets: SubjectKeySecrets,
  subjects: readonly Subject[],
  files: Files = realFiles,
): Promise<number> {
  const stored = await storedIn(directory, files);
  const keyring = new SubjectKeyring(secrets, stored).check();
  const doomed = new Set(subjects.map((subject) => keyring.idOf(subject)));
  const [kept, gone] = [
    stored.filter(({ id }) => !doomed.has(id)),
    stored.filter(({ id }) => doomed.has(id)),
  ];
  if (gone.length === 0) return 0;
  const ids = [...(await destroyedIn(directory, files)), ...gone.map(({ id }) => id)];
  await files.replace(join(directory, DESTROYED_FILE), Buffer.from(ids.map((id) => `${id}\n`).join("")));
  await store(directory, kept, files);
  return gone.length;
}

/** Wraps every key by another key-encryption key, and returns how many there are. */
export async function rewrapSubjectKeys(
  directory: string,
  secrets: SubjectKeySecrets,
  wrapping: Uint8Array,
  files: Files = realFiles,
): Promise<number> {
  const stored = await storedIn(directory, files);
  const keyring = new SubjectKeyring(secrets, stored).check();
  const rewrapped = stored.map(({ id, index }) => {
    const secret = keyring.secretOf(id);
    if (!secret) throw unusable("a subject's key cannot be unwrapped");
    return { id, index, wrapped: wrap({ ...secrets, wrapping }, { id, index, secret }) };
  });
  await store(directory, rewrapped, files);
  return rewrapped.length;
}

function wrap(
  { wrapping }: SubjectKeySecrets,
  { id, index, secret }: SubjectKey & { readonly index: string },
): string {
  return sealBytes(createSecretKey(wrapping), secret.export(), `${id}/${index}`).toString("base64url");
}

async function storedIn(directory: string, files: Files): Promise<readonly StoredKey[]> {
  const names = await files.list(directory);
  if (!names.includes(FILE)) return [];
  const { payloads } = readSegment(await files.read(join(directory, FILE)), FILE);
  return payloads.map((payload) => JSON.parse(payload.toString("utf8")) as StoredKey);
}

async function destroyedIn(directory: string, files: Files): Promise<readonly string[]> {
  if (!(await files.list(directory)).includes(DESTROYED_FILE)) return [];
  const text = (await files.read(join(directory, DESTROYED_FILE))).toString("utf8");
  return text.split("\n").filter((line) => line !== "");
}

const store = (directory: string, stored: readonly StoredKey[], files: Files): Promise<void> =>
  files.replace(join(directory, FILE), Buffer.concat([segmentHeader(), framesOf(stored)]));

/** One commit. */
function framesOf(stored: readonly StoredKey[]): Buffer {
  return Buffer.concat(
    stored.map(({ id, index, wrapped }, at) => {
      const payload = JSON.stringify({ id, index, wrapped });
      const bytes = Buffer.alloc(frameBytes(payload));
      writeFrame(bytes, 0, payload, at === 0);
      return bytes;
    }),
  );
}

const unusable = (why: string) => new GatewayError("AUDIT_UNAVAILABLE", why);
