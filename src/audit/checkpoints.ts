/**
 * Says in public, once a second and at the end, what the log's tree is: tiles first, then the checkpoint signed by the log.
 *
 * Covers    synced records only, so nothing that it promises can be lost; and nothing twice with another root.
 * Durable   the checkpoint replaces the one before in one step, synced. Tiles are not synced: opening makes them again. Partial
 *           tiles are removed when the full one is there.
 * Failure   one that cannot be written closes the log, as a record that cannot be written does.
 * Cost      nothing while no record comes; else two small files a second.
 */
import { join } from "node:path";
import { checkpointText } from "./checkpoint.ts";
import type { Files } from "./files.ts";
import type { LogTree } from "./log-tree.ts";
import { type NoteSigner, signNote } from "./note.ts";
import { partialsOf } from "./tiles.ts";

export const CHECKPOINT_FILE = "checkpoint";
export const DEFAULT_CHECKPOINT_MS = 1_000;

export interface CheckpointsOptions {
  readonly directory: string;
  readonly files: Files;
  readonly tree: LogTree;
  readonly signer: NoteSigner;
  readonly intervalMs: number;
}

export class Checkpoints {
  readonly #options: CheckpointsOptions;
  #timer: NodeJS.Timeout | undefined;
  #published = -1;
  #publishing: Promise<void> = Promise.resolve();

  constructor(options: CheckpointsOptions) {
    this.#options = options;
  }

  /** From now on, in time. */
  start(onFailure: (cause: unknown) => void): void {
    const publish = () => void this.publish().catch(onFailure);
    this.#timer = setInterval(publish, this.#options.intervalMs).unref();
  }

  /** The leaves of records that are synced, in order. */
  add(leaves: readonly Buffer[]): void {
    for (const leaf of leaves) this.#options.tree.append(leaf);
  }

  /** Resolves when a checkpoint covers everything added so far. */
  publish(): Promise<void> {
    const next = this.#publishing.then(() => this.#publish());
    this.#publishing = next.catch(() => {});
    return next;
  }

  /** No further checkpoint; one under way is finished. */
  stop(): Promise<void> {
    clearInterval(this.#timer);
    return this.#publishing;
  }

  async #publish(): Promise<void> {
    const { directory, files, tree, signer } = this.#options;
    const { size } = tree;
    if (size === this.#published) return;
    const text = checkpointText({ origin: signer.name, size, root: tree.root() });
    const full = tree.takeFullTiles();
    const partial = tree.partialTiles();
    for (const { path, hashes } of [...full, ...partial]) await files.put(directory, path, hashes);
    await files.replace(join(directory, CHECKPOINT_FILE), Buffer.from(signNote(text, signer)));
    this.#published = size;
    for (const { path } of full) await files.remove(join(directory, partialsOf(path)));
  }
}
