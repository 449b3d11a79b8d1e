/**
 * Says in public, once a second and at the end, what the log's tree is: tiles first, then the checkpoint signed by the log.
 *
 * Covers    synced records only, so nothing that it promises can be lost; and nothing twice with another root.
 * Durable   the checkpoint replaces the one before in one step, synced. Tiles are not synced: opening makes them again. Partial
 *           tiles are removed when the full one is there.
 * Failure   one that cannot be written closes the log, as a record that cannot be written does.
 * Witness   asked once the checkpoint is there, which its cosignature then joins. One that does not cosign stops and delays
 *           nothing, and is asked again a second later.
 * Cost      nothing while no record comes; else two small files a second.
 */
import { join } from "node:path";
import { CHECKPOINT_FILE, checkpointText } from "./checkpoint.ts";
import { Cosigning, type WitnessPlace } from "./cosign.ts";
import type { Files } from "./files.ts";
import type { LogTree } from "./log-tree.ts";
import { type NoteSigner, signNote } from "./note.ts";
import { proveGrowthTo, type SignedNote } from "./prove.ts";
import { partialsOf } from "./tiles.ts";

export const DEFAULT_CHECKPOINT_MS = 1_000;

export interface CheckpointsOptions {
  readonly directory: string;
  readonly files: Files;
  readonly tree: LogTree;
  readonly signer: NoteSigner;
  readonly intervalMs: number;
  readonly witness: WitnessPlace | null;
}

export class Checkpoints {
  readonly #options: CheckpointsOptions;
  readonly #cosigning: Cosigning | null;
  #timer: NodeJS.Timeout | undefined;
  #latest: SignedNote | null = null;
  #isCosigned = false;
  /** What is being written, one after the other. */
  #writing: Promise<void> = Promise.resolve();
  #asking: Promise<void> | null = null;

  constructor(options: CheckpointsOptions) {
    this.#options = options;
    this.#cosigning = options.witness && new Cosigning(options.witness);
  }

  /** From now on, in time. */
  start(onFailure: (cause: unknown) => void): void {
    const tick = () => {
      this.publish().catch(onFailure);
      this.#askWitness().catch(onFailure);
    };
    this.#timer = setInterval(tick, this.#options.intervalMs).unref();
  }

  /** The leaves of records that are synced, in order. */
  add(leaves: readonly Buffer[]): void {
    for (const leaf of leaves) this.#options.tree.append(leaf);
  }

  /** Resolves when a checkpoint covers everything added so far. */
  publish(): Promise<void> {
    return this.#inTurn(() => this.#publish());
  }

  /** Publishes and asks the witness for the last time. */
  async finish(): Promise<void> {
    clearInterval(this.#timer);
    await this.publish();
    await this.#asking;
    await this.#askWitness();
  }

  /** No further checkpoint; one under way is finished. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#asking?.catch(() => {});
    await this.#writing;
  }

  async #publish(): Promise<void> {
    const { directory, files, tree, signer } = this.#options;
    const { size } = tree;
    if (size === this.#latest?.size) return;
    const note = signNote(checkpointText({ origin: signer.name, size, root: tree.root() }), signer);
    const full = tree.takeFullTiles();
    const partial = tree.partialTiles();
    for (const { path, hashes } of [...full, ...partial]) await files.put(directory, path, hashes);
    await files.replace(join(directory, CHECKPOINT_FILE), Buffer.from(note));
    this.#latest = { note, size };
    this.#isCosigned = false;
    for (const { path } of full) await files.remove(join(directory, partialsOf(path)));
  }

  /** One question at a time. */
  #askWitness(): Promise<void> {
    this.#asking ??= this.#cosign().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #cosign(): Promise<void> {
    const { directory, files } = this.#options;
    const asked = this.#latest;
    if (!this.#cosigning || !asked || this.#isCosigned) return;
    const both = await this.#cosigning.cosigned(asked, (from) =>
      proveGrowthTo(asked, directory, from, files),
    );
    if (both === null) return;
    await this.#inTurn(async () => {
      if (this.#latest !== asked) return;
      await files.replace(join(directory, CHECKPOINT_FILE), Buffer.from(both));
      this.#isCosigned = true;
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => {});
    return done;
  }
}
