/**
 * The Merkle tree on disk as tiles of 256 hashes (C2SP tlog-tiles): `tile/<level>/<index>`, and `….p/<width>` while one is partial.
 *
 * Writing  the right edge alone is in memory, 8 KiB a level; a full tile is handed out once, a partial one whenever asked.
 * Reading  gives any complete subtree of the tree of a size, from at most one tile.
 */
import { CompactRange, HASH_BYTES } from "./merkle.ts";
import type { Subtree } from "./proofs.ts";

export const TILE_WIDTH = 256;
/** Levels of the tree between two levels of tiles. */
const TILE_HEIGHT = 8;

export interface Tile {
  /** Relative to the log's directory. */
  readonly path: string;
  readonly hashes: Buffer;
}

/** Index 1234067 is `x001/x234/067`. */
export function tilePath(level: number, index: number, width = TILE_WIDTH): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/\d{3}/g) ?? [];
  const name = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${name}${width < TILE_WIDTH ? `.p/${width}` : ""}`;
}

/** Folder of the partial tiles that a full one makes needless. */
export const partialsOf = (fullPath: string): string => `${fullPath}.p`;

export interface TileName {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** Null when no tile has that path. */
export function parseTilePath(path: string): TileName | null {
  const [, level, name, width = String(TILE_WIDTH)] =
    /^tile\/(\d+)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d+))?$/.exec(path) ?? [];
  const parsed = {
    level: Number(level),
    index: Number(name?.replace(/\D/g, "")),
    width: Number(width),
  };
  return tilePath(parsed.level, parsed.index, parsed.width) === path ? parsed : null;
}

/** Of the tiles that a tree of that size is made of. */
export function tileNames(size: number): readonly TileName[] {
  const names: TileName[] = [];
  for (let [level, hashes] = [0, size]; hashes > 0; level += 1, hashes = Math.floor(hashes / TILE_WIDTH))
    for (let index = 0; index * TILE_WIDTH < hashes; index += 1)
      names.push({ level, index, width: Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH) });
  return names;
}

interface Edge {
  index: number;
  width: number;
  readonly hashes: Buffer;
}

export class TileEdge {
  readonly #edges: Edge[] = [];
  readonly #full: Tile[] = [];

  /** A complete subtree of the tree; those between two levels of tiles are not kept. */
  add(level: number, hash: Buffer): void {
    if (level % TILE_HEIGHT !== 0) return;
    const tileLevel = level / TILE_HEIGHT;
    this.#edges[tileLevel] ??= { index: 0, width: 0, hashes: Buffer.alloc(TILE_WIDTH * HASH_BYTES) };
    const edge = this.#edges[tileLevel];
    edge.hashes.set(hash, edge.width * HASH_BYTES);
    edge.width += 1;
    if (edge.width < TILE_WIDTH) return;
    this.#full.push({ path: tilePath(tileLevel, edge.index), hashes: Buffer.from(edge.hashes) });
    edge.index += 1;
    edge.width = 0;
  }

  /** Tiles that became full since the last time. */
  takeFull(): readonly Tile[] {
    return this.#full.splice(0);
  }

  /** Of the present size. */
  partial(): readonly Tile[] {
    return this.#edges.flatMap(({ index, width, hashes }, level) => {
      const path = tilePath(level, index, width);
      return width === 0 ? [] : [{ path, hashes: Buffer.from(hashes.subarray(0, width * HASH_BYTES)) }];
    });
  }
}

/** Subtrees of the tree of that size. A tile that is not of the size that it must have is an error. */
export function subtreesOfTiles(size: number, read: (path: string) => Promise<Buffer>): Subtree {
  const tiles = new Map<string, Promise<Buffer>>();
  return async (level, index) => {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const count = 2 ** (level - tileLevel * TILE_HEIGHT);
    const tileIndex = Math.floor((index * count) / TILE_WIDTH);
    const hashes = Math.floor(size / TILE_WIDTH ** tileLevel) - tileIndex * TILE_WIDTH;
    const width = Math.min(TILE_WIDTH, hashes);
    const first = (index * count) % TILE_WIDTH;
    if (first + count > width) throw new RangeError("the tree has no such complete subtree");
    const path = tilePath(tileLevel, tileIndex, width);
    const tile = await (tiles.get(path) ?? remember(tiles, path, readTile(path, width, read)));
    const range = new CompactRange();
    for (let at = first; at < first + count; at += 1)
      range.append(tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES));
    return range.root();
  };
}

/** A partial tile is removed once the full one is there, which begins as it did. */
async function readTile(
  path: string,
  width: number,
  read: (path: string) => Promise<Buffer>,
): Promise<Buffer> {
  const isPartial = width < TILE_WIDTH;
  const tile = await read(path).catch((error: unknown) => {
    if (!isPartial) throw error;
    return read(path.replace(/\.p\/\d+$/, ""));
  });
  const bytes = width * HASH_BYTES;
  if (tile.length === bytes || (isPartial && tile.length === TILE_WIDTH * HASH_BYTES))
    return tile.subarray(0, bytes);
  throw new RangeError(`\`${path}\` has not ${width} hashes`);
}

function remember<Value>(into: Map<string, Value>, key: string, value: Value): Value {
  into.set(key, value);
  return value;
}
