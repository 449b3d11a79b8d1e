/**
 * Asks a witness to cosign the log's latest checkpoint (C2SP tlog-witness, the log's side).
 *
 * Out     the checkpoint with its cosignature, or null: a witness that is away, slow or of another opinion stops nothing, and is
 *         asked again with the next checkpoint.
 * Bounds  two requests of two seconds; 16 KiB of reply.
 */
import { type NoteVerifier, openNote } from "./note.ts";
import type { SignedNote } from "./prove.ts";
import { SIZE_TYPE } from "./witness.ts";

export interface WitnessPlace {
  /** Its submission prefix. */
  readonly url: string;
  readonly verifier: NoteVerifier;
  /** How it is reached. */
  readonly ask?: typeof fetch;
}

const DEADLINE_MS = 2_000;
const MAX_REPLY_BYTES = 16_384;
const CONFLICT = 409;

export class Cosigning {
  readonly #place: WitnessPlace;
  /** Size that the witness cosigned last, as far as is known here. */
  #cosigned = 0;

  constructor(place: WitnessPlace) {
    this.#place = place;
  }

  /** `proveFrom` gives the body of the request: the growth from that size, and the checkpoint. */
  async cosigned(
    { note, size }: SignedNote,
    proveFrom: (size: number) => Promise<string>,
  ): Promise<string | null> {
    try {
      const first = await this.#ask(await proveFrom(Math.min(this.#cosigned, size)));
      const known = first.lastSize;
      const answer = known === null || known > size ? first : await this.#ask(await proveFrom(known));
      const both = note + answer.text;
      if (answer.status !== 200 || !openNote(both, [this.#place.verifier])?.signedBy.length) return null;
      this.#cosigned = size;
      return both;
    } catch {
      return null;
    }
  }

  async #ask(body: string) {
    const { ask = fetch } = this.#place;
    const response = await ask(`${this.#place.url.replace(/\/$/, "")}/add-checkpoint`, {
      method: "POST",
      body,
      redirect: "error",
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const text = await boundedText(response);
    const isSize = response.status === CONFLICT && response.headers.get("content-type") === SIZE_TYPE;
    return { status: response.status, text, lastSize: isSize ? Number(text) : null };
  }
}

async function boundedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_REPLY_BYTES) throw new RangeError("the witness says too much");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
