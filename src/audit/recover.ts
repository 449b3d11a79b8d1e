/**
 * Finds where the log goes on, and makes sure that it is what it has promised to be.
 *
 * Segments    a torn tail is cut off; the last segment is written anew and synced, because after a crash its pages may be only in
 *             memory. One of an older format is left as it is, and the next record opens another.
 * Checkpoint  what the log signed must be there, with the same root: fewer records, or others, is damage.
 * Tiles       follow from the records; those that are missing or wrong are written again.
 * Errors      AUDIT_UNAVAILABLE. Nothing is repaired that was acknowledged and is gone.
 */
import { join } from "node:path";
import { CHECKPOINT_FILE, openCheckpoint, VKEY_FILE } from "./checkpoint.ts";
import type { Files } from "./files.ts";
import type { Tail } from "./group-commit.ts";
import { LogTree } from "./log-tree.ts";
import { leafHash } from "./merkle.ts";
import { type NoteSigner, noteSigner, parseVerifier } from "./note.ts";
import { damaged, SEGMENT_FORMAT, segmentHeader, segmentName } from "./segment.ts";
import { type CheckedSegment, readSegments } from "./segments.ts";
import type { Tile } from "./tiles.ts";

export async function recoverTail(directory: string, files: Files): Promise<Tail> {
  let last: CheckedSegment | null = null;
  for await (const segment of readSegments(directory, files)) last = segment;
  return openTail(directory, files, last);
}

export async function recoverTree(
  directory: string,
  files: Files,
  signer: NoteSigner,
): Promise<{ readonly tail: Tail; readonly tree: LogTree }> {
  const promised = await promisedHead(directory, files, signer);
  const tree = new LogTree();
  let last: CheckedSegment | null = null;
  for await (const segment of readSegments(directory, files)) {
    for (const payload of segment.payloads) {
      tree.append(leafHash(payload));
      if (tree.size === promised?.size && !tree.root().equals(promised.root))
        throw damaged(segment.name, "holds other records than the log has signed");
    }
    await restore(directory, files, tree.takeFullTiles());
    last = segment;
  }
  if (promised && tree.size < promised.size)
    throw damaged(last?.name ?? segmentName(1), `ends after ${tree.size} of ${promised.size} signed records`);
  await restore(directory, files, tree.partialTiles());
  return { tail: await openTail(directory, files, last), tree };
}

/** The signer of this log: under the name that it has, or, for a new one, a name that no other log has. */
export async function logSigner(
  directory: string,
  files: Files,
  given: { readonly name: string; readonly seed: Uint8Array },
): Promise<NoteSigner> {
  const file = join(directory, VKEY_FILE);
  const names = await files.list(directory);
  if (names.includes(VKEY_FILE)) {
    const known = parseVerifier((await files.read(file)).toString("utf8"));
    const signer = known && noteSigner(known.name, given.seed);
    if (signer && signer.vkey === known.vkey) return signer;
    throw damaged(VKEY_FILE, "is not of the key that signs this log");
  }
  if (names.includes(CHECKPOINT_FILE)) throw damaged(VKEY_FILE, "is missing");
  const { keyId } = noteSigner("key", given.seed);
  const origin = `${encodeURIComponent(given.name)}/disclosures/${keyId.toString("hex")}`;
  const signer = noteSigner(origin, given.seed);
  await files.replace(file, Buffer.from(`${signer.vkey}\n`));
  return signer;
}

async function promisedHead(directory: string, files: Files, signer: NoteSigner) {
  if (!(await files.list(directory)).includes(CHECKPOINT_FILE)) return null;
  const note = (await files.read(join(directory, CHECKPOINT_FILE))).toString("utf8");
  const checkpoint = openCheckpoint(note, signer);
  if (checkpoint) return checkpoint;
  throw damaged(CHECKPOINT_FILE, "is not signed by the key of this log");
}

async function restore(directory: string, files: Files, tiles: readonly Tile[]): Promise<void> {
  for (const { path, hashes } of tiles) {
    const there = await files.read(join(directory, path)).catch(() => null);
    if (!there?.equals(hashes)) await files.put(directory, path, hashes);
  }
}

async function openTail(directory: string, files: Files, last: CheckedSegment | null): Promise<Tail> {
  const file = join(directory, last?.name ?? segmentName(1));
  const isTorn = last === null || last.wholeBytes === 0;
  const content = isTorn ? segmentHeader() : last.bytes.subarray(0, last.wholeBytes);
  await files.replace(file, content);
  const isOld = !isTorn && last.format < SEGMENT_FORMAT;
  return {
    handle: await files.open(file),
    bytes: isOld ? Number.POSITIVE_INFINITY : content.length,
    nextSequence: last?.nextSequence ?? 1,
  };
}
