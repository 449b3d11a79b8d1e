/**
 * A witness (C2SP tlog-witness): cosigns a log's checkpoint when it grew out of the one cosigned before, so that a log cannot show one
 * history to one person and another to the next.
 *
 * In      bodies of `add-checkpoint`: old size, consistency proof, checkpoint.
 * Out     200 and the cosignature; 400 malformed; 403 not signed by the log; 404 an unknown log; 409 another size was cosigned last, or
 *         another tree of that size; 422 a proof that does not hold.
 * Kept    the last checkpoint of each log, synced before its cosignature leaves; requests are answered one after the other.
 * Errors  what the file system says: nothing is cosigned then.
 */
import { hash } from "node:crypto";
import { join } from "node:path";
import { openCheckpoint, parseCheckpointText, type TreeHead } from "./checkpoint.ts";
import { type Files, realFiles } from "./files.ts";
import { EMPTY_ROOT } from "./merkle.ts";
import { cosign, decoded, type NoteSigner, type NoteVerifier, openNote } from "./note.ts";
import { verifyConsistency } from "./proofs.ts";

export interface WitnessOptions {
  readonly signer: NoteSigner;
  /** Those that it watches. */
  readonly logs: readonly NoteVerifier[];
  /** Folder of its own. */
  readonly directory: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly files?: Files;
}

export interface WitnessReply {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  /** Cosignature lines; the size that was cosigned last; or nothing. */
  readonly text: string;
}

export const SIZE_TYPE = "text/x.tlog.size";
const MAX_PROOF_LINES = 63;
const BODY = /^old (0|[1-9]\d{0,15})\n((?:[^\n]+\n)*)\n(.+)$/s;

export class Witness {
  readonly #options: WitnessOptions;
  readonly #files: Files;
  #before: Promise<unknown> = Promise.resolve();

  constructor(options: WitnessOptions) {
    this.#options = options;
    this.#files = options.files ?? realFiles;
  }

  addCheckpoint(body: string): Promise<WitnessReply> {
    const reply = this.#before.then(() => this.#add(body));
    this.#before = reply.catch(() => {});
    return reply;
  }

  async #add(body: string): Promise<WitnessReply> {
    const [, digits, lines = "", note = ""] = BODY.exec(body) ?? [];
    const proof = lines.split("\n").slice(0, -1).map(decoded);
    const claimed = parseCheckpointText(openNote(note, [])?.text ?? "");
    if (!claimed || proof.length > MAX_PROOF_LINES || !proof.every((one) => one !== null)) return reply(400);
    const log = this.#options.logs.find(({ name }) => name === claimed.origin);
    if (!log) return reply(404);
    const next = openCheckpoint(note, log);
    if (!next) return reply(403);
    const old = Number(digits);
    if (old > next.size) return reply(400);
    const last = await this.#last(log);
    if (old !== last.size) return reply(409, `${last.size}\n`);
    if (next.size === last.size && !next.root.equals(last.root)) return reply(409, `${last.size}\n`);
    if (!verifyConsistency(last, next, proof)) return reply(422);
    await this.#files.replace(this.#fileOf(log), Buffer.from(note));
    const { text } = openNote(note, []) ?? { text: "" };
    const { signer, now } = this.#options;
    return reply(200, cosign(text, signer, Math.floor(now() / 1_000)));
  }

  /** The empty tree, before a first one. A file that does not open is an error: a witness never forgets. */
  async #last(log: NoteVerifier): Promise<Pick<TreeHead, "size" | "root">> {
    await this.#files.make(this.#options.directory);
    const names = await this.#files.list(this.#options.directory);
    if (!names.includes(nameOf(log))) return { size: 0, root: EMPTY_ROOT };
    const kept = openCheckpoint((await this.#files.read(this.#fileOf(log))).toString("utf8"), log);
    if (kept) return kept;
    throw new Error(`the checkpoint that was kept of ${log.name} is damaged`);
  }

  #fileOf(log: NoteVerifier): string {
    return join(this.#options.directory, nameOf(log));
  }
}

const nameOf = ({ name }: NoteVerifier): string => `${hash("sha256", name, "hex")}.checkpoint`;

const reply = (status: WitnessReply["status"], text = ""): WitnessReply => ({ status, text });
