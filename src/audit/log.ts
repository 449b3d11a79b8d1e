/**
 * The disclosure log: append-only segment files in a directory of its own, one record per answer, under a signed Merkle tree.
 *
 * Durable    `append` resolves when its record is synced: personal data leaves only then.
 * Order      records stand in the order of the calls, numbered without a gap; those that arrive together are synced together.
 * Recovery   opening drops the torn tail of a write that was never acknowledged, keeps every acknowledged record, and refuses a
 *            damaged file, or less than the log has signed (`recover.ts`).
 * Failure    the first failed write or sync closes the log for good: this and every later append is AUDIT_UNAVAILABLE, and
 *            `failed` resolves so that the process ends. Never retried: a later fdatasync "succeeds" with the data lost.
 * Protected  subjects are encrypted under keys of their own, and a checkpoint is signed every second and at the end. A log without
 *            protection, for development, takes records without subjects only.
 * Copy       shipped, when there is one, in order and each record once (`shipping.ts`).
 * Holder     one process; the data directory's lock sees to it.
 */
import { DEFAULT_AUDIT_SEGMENT_BYTES } from "../kernel/limits.ts";
import type { BlindIndex } from "./blind-index.ts";
import { Checkpoints, DEFAULT_CHECKPOINT_MS } from "./checkpoints.ts";
import type { WitnessPlace } from "./cosign.ts";
import { decodeRecord } from "./encode-record.ts";
import { type Files, realFiles } from "./files.ts";
import { GroupCommit, unavailable } from "./group-commit.ts";
import type { Disclosure, DisclosureRecord, Receipt } from "./record.ts";
import { logSigner, recoverTail, recoverTree } from "./recover.ts";
import { readSegments } from "./segments.ts";
import { type Durability, shippedLog } from "./shipped-log.ts";
import { Shipping, type ShippingLag, type ShippingOptions } from "./shipping.ts";
import {
  openSubjectKeys,
  type SubjectKeyring,
  type SubjectKeySecrets,
  type SubjectKeys,
} from "./subject-keys.ts";

export interface DisclosureLog {
  /** `answer` is what leaves; of it only an HMAC is kept. */
  append(disclosure: Disclosure, answer: Uint8Array): Promise<Receipt>;
  /** Waits for the appends under way, and signs for them. */
  close(): Promise<void>;
  /** Resolves, with the cause, when the log has closed for good. */
  readonly failed: Promise<unknown>;
  /** Of its subjects; null of a log without protection. */
  readonly keys: SubjectKeys | null;
  /** How far the copy is behind; absent of a log that has none. */
  lag?(): ShippingLag;
}

export interface LogSecrets {
  readonly subjects: SubjectKeySecrets;
  /** Ed25519 seed of the key that signs checkpoints. */
  readonly signing: Uint8Array;
}

export interface LogProtection {
  /** Of the deployment; a new log is called after it. */
  readonly name: string;
  readonly secrets: LogSecrets;
  /** Folder of the subjects' keys. */
  readonly keysDirectory: string;
  readonly checkpointMs?: number;
  /** Cosigns checkpoints. */
  readonly witness?: WitnessPlace;
  /** To a copy that can be searched. */
  readonly shipping?: LogShipping;
}

export interface LogShipping extends Pick<ShippingOptions, "copy" | "onTrouble" | "onShippedAgain"> {
  readonly durability: Durability;
  /** When a record is in the copy at the latest, while the copy can be written. */
  readonly withinMs: number;
  readonly blind: BlindIndex;
}

export interface DisclosureLogOptions {
  readonly protection?: LogProtection;
  readonly segmentBytes?: number;
  readonly files?: Files;
}

export async function openDisclosureLog(
  directory: string,
  { protection, segmentBytes = DEFAULT_AUDIT_SEGMENT_BYTES, files = realFiles }: DisclosureLogOptions = {},
): Promise<DisclosureLog> {
  const place = { directory, segmentBytes, files };
  try {
    await files.make(directory);
    if (!protection) return new GroupCommit(place, await recoverTail(directory, files), null);
    return await openProtected(place, protection);
  } catch (cause) {
    throw unavailable(cause);
  }
}

type Place = ConstructorParameters<typeof GroupCommit>[0];

async function openProtected(place: Place, protection: LogProtection): Promise<DisclosureLog> {
  const { directory, files } = place;
  const { name, secrets, keysDirectory, witness = null } = protection;
  const { checkpointMs: intervalMs = DEFAULT_CHECKPOINT_MS } = protection;
  const signer = await logSigner(directory, files, { name, seed: secrets.signing });
  const keys = await openSubjectKeys(keysDirectory, secrets.subjects, files);
  try {
    const { tail, tree } = await recoverTree(directory, files, signer);
    const origin = { directory, files, keys, log: signer.name, synced: tail.nextSequence - 1 };
    const checkpoints = new Checkpoints({ directory, files, tree, signer, intervalMs, witness });
    await checkpoints.publish().catch(async (cause: unknown) => {
      await tail.handle.close();
      throw cause;
    });
    if (!protection.shipping) return new GroupCommit(place, tail, { keys, checkpoints });
    const { durability, withinMs, ...how } = protection.shipping;
    const pauseMs = durability === "disk" ? withinMs / 2 : 0;
    const shipping = new Shipping({ ...how, ...origin, pauseMs });
    const onCommit = (sequence: number) => shipping.committed(sequence);
    return shippedLog(new GroupCommit(place, tail, { keys, checkpoints, onCommit }), shipping, {
      durability,
      withinMs,
    });
  } catch (cause) {
    await keys.close();
    throw cause;
  }
}

/** Every record, oldest first; a torn tail is left out. Subjects are read with the keys alone. */
export async function readDisclosureLog(
  directory: string,
  keys: SubjectKeyring | null = null,
  files = realFiles,
): Promise<DisclosureRecord[]> {
  const records: DisclosureRecord[] = [];
  for await (const { payloads } of readSegments(directory, files))
    for (const payload of payloads) records.push(decodeRecord(payload, keys));
  return records;
}
