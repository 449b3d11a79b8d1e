/** The log's Merkle tree as it grows: root and size at every moment, and the tiles to be written. */
import { CompactRange } from "./merkle.ts";
import { type Tile, TileEdge } from "./tiles.ts";

export class LogTree {
  readonly #range = new CompactRange();
  readonly #edge = new TileEdge();

  get size(): number {
    return this.#range.size;
  }

  append(leaf: Buffer): void {
    this.#range.append(leaf, (level, hash) => this.#edge.add(level, hash));
  }

  root(): Buffer {
    return this.#range.root();
  }

  /** Each once. */
  takeFullTiles(): readonly Tile[] {
    return this.#edge.takeFull();
  }

  /** Of the present size. */
  partialTiles(): readonly Tile[] {
    return this.#edge.partial();
  }
}
