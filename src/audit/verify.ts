/**
 * Checks a log with nothing but its directory: that nothing in it was altered, dropped or put in another order since it was signed.
 *
 * In      what the auditor holds: the log's verifier key, keys of witnesses, checkpoints kept from earlier. Without a key the one
 *         in the directory is taken, which proves that the log agrees with itself.
 * Out     every problem found; none means that the log is whole and only grew. Never throws for what is in the directory.
 * Cost    reads every record once; memory for one segment, and 32 bytes a record.
 */
import { join } from "node:path";
import type { GatewayError } from "../kernel/errors.ts";
import { CHECKPOINT_FILE, type Checkpoint, openCheckpoint, VKEY_FILE } from "./checkpoint.ts";
import { type Files, realFiles } from "./files.ts";
import { LogTree } from "./log-tree.ts";
import { leafHash } from "./merkle.ts";
import { type NoteVerifier, parseVerifier } from "./note.ts";
import { readSegments } from "./segments.ts";
import { parseTilePath, TILE_WIDTH, type Tile, tileNames, tilePath } from "./tiles.ts";

export interface Trust {
  /** Of the log, as its operator gave it out. */
  readonly log?: NoteVerifier;
  /** Each must have cosigned. */
  readonly witnesses?: readonly NoteVerifier[];
  /** Notes that were kept: the log must still be what they say it was. */
  readonly earlier?: readonly string[];
}

export interface Verification {
  /** The key that the log was checked with; null when there was none. */
  readonly vkey: string | null;
  readonly records: number;
  /** Records that the checkpoint in the directory covers. */
  readonly signed: number;
  readonly problems: readonly string[];
}

export async function verifyLog(
  directory: string,
  trust: Trust = {},
  files: Files = realFiles,
): Promise<Verification> {
  const problems: string[] = [];
  const log = await verifierIn(directory, trust, files, problems);
  if (!log) return { vkey: null, records: 0, signed: 0, problems };
  const note = await textOf(join(directory, CHECKPOINT_FILE), files);
  const latest = promised(CHECKPOINT_FILE, note, log, trust, problems);
  const earlier = (trust.earlier ?? []).map((kept, at) =>
    promised(`earlier checkpoint ${at + 1}`, kept, log, {}, problems),
  );
  const heads = [latest, ...earlier].filter((head) => head !== null);
  const records = await checkRecords({ directory, files, heads, latest, problems });
  return { vkey: log.vkey, records, signed: latest?.size ?? 0, problems };
}

async function verifierIn(
  directory: string,
  { log }: Trust,
  files: Files,
  problems: string[],
): Promise<NoteVerifier | null> {
  const there = parseVerifier(await textOf(join(directory, VKEY_FILE), files));
  if (!there) problems.push(`\`${VKEY_FILE}\` holds no verifier key`);
  else if (log && there.vkey !== log.vkey)
    problems.push(`\`${VKEY_FILE}\` is not the key that the log must have`);
  return log ?? there;
}

function promised(
  name: string,
  note: string,
  log: NoteVerifier,
  { witnesses = [] }: Trust,
  problems: string[],
): Checkpoint | null {
  const checkpoint = openCheckpoint(note, log, witnesses);
  if (!checkpoint) problems.push(`\`${name}\` is not signed by the key of this log`);
  else
    for (const witness of witnesses)
      if (!checkpoint.signedBy.includes(witness))
        problems.push(`\`${name}\` is not cosigned by ${witness.name}`);
  return checkpoint;
}

interface Check {
  readonly directory: string;
  readonly files: Files;
  readonly heads: readonly Checkpoint[];
  readonly latest: Checkpoint | null;
  readonly problems: string[];
}

async function checkRecords(check: Check): Promise<number> {
  const { directory, files, heads, latest, problems } = check;
  // Before the records: a gateway that goes on writing adds tiles of records that are not read here.
  const present = (await files.walk(join(directory, "tile"))).map((path) => `tile/${path}`);
  const tree = new LogTree();
  const tiles = new Map<string, Buffer>();
  const compare = () => {
    for (const { size, root } of heads)
      if (size === tree.size && !root.equals(tree.root()))
        problems.push(`the log signed another tree of ${size} records`);
  };
  try {
    compare();
    for await (const { payloads } of readSegments(directory, files)) {
      for (const payload of payloads) {
        tree.append(leafHash(payload));
        compare();
      }
      hold(tiles, tree.takeFullTiles());
    }
    hold(tiles, tree.partialTiles());
  } catch (error) {
    problems.push((error as GatewayError).message);
  }
  for (const { size } of heads)
    if (size > tree.size) problems.push(`the log ends after ${tree.size} of ${size} signed records`);
  if (latest && latest.size <= tree.size) {
    problems.push(...missingTiles(latest.size, new Set(present)));
    problems.push(...(await wrongTiles(directory, files, present, tiles)));
  }
  return tree.size;
}

function hold(tiles: Map<string, Buffer>, more: readonly Tile[]): void {
  for (const { path, hashes } of more) tiles.set(path, hashes);
}

function missingTiles(size: number, present: ReadonlySet<string>): string[] {
  return tileNames(size).flatMap(({ level, index, width }) => {
    const path = tilePath(level, index, width);
    return present.has(path) || present.has(tilePath(level, index)) ? [] : [`\`${path}\` is missing`];
  });
}

/** Those of other sizes may be there too: each is the beginning of what the records give. */
async function wrongTiles(
  directory: string,
  files: Files,
  present: readonly string[],
  tiles: ReadonlyMap<string, Buffer>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const path of present) {
    const expected = expectedAt(path, tiles);
    if (!expected) problems.push(`\`${path}\` is no tile of this log`);
    else if (!expected.equals(await files.read(join(directory, path)).catch(() => expected)))
      problems.push(`\`${path}\` is not what the records give`);
  }
  return problems;
}

function expectedAt(path: string, tiles: ReadonlyMap<string, Buffer>): Buffer | null {
  const name = parseTilePath(path);
  if (!name) return null;
  for (let width = name.width; width <= TILE_WIDTH; width += 1) {
    const tile = tiles.get(tilePath(name.level, name.index, width));
    if (tile) return tile.subarray(0, (tile.length / width) * name.width);
  }
  return null;
}

const textOf = async (file: string, files: Files): Promise<string> =>
  (await files.read(file).catch(() => Buffer.alloc(0))).toString("utf8");
