/**
 * The streams that run: how many there may be, and that they are to end.
 *
 * Errors  TOO_MANY_STREAMS; SHUTTING_DOWN for a stream that would begin while the gateway is being stopped.
 */
import { GatewayError } from "../kernel/errors.ts";
import * as bounds from "../kernel/limits.ts";

export interface StreamOptions {
  /** Streams at a time; as many WebSockets. */
  readonly maxStreams: number;
  readonly maxStreamsPerConnection: number;
  /** Origins, beside the server's own, whose pages may open a WebSocket. */
  readonly allowedOrigins: readonly string[];
  readonly pingMs: number;
  readonly stallMs: number;
  readonly connectionInitMs: number;
}

export const STREAM_DEFAULTS: StreamOptions = {
  maxStreams: bounds.DEFAULT_MAX_STREAMS,
  maxStreamsPerConnection: bounds.DEFAULT_MAX_STREAMS_PER_CONNECTION,
  allowedOrigins: [],
  pingMs: bounds.STREAM_PING_MS,
  stallMs: bounds.STREAM_STALL_MS,
  connectionInitMs: bounds.CONNECTION_INIT_MS,
};

export class Streams {
  readonly options: StreamOptions;
  readonly #onDrain = new Set<() => void>();
  #isDraining = false;
  #open = 0;

  constructor(options: StreamOptions) {
    this.options = options;
  }

  /** Takes a place for a stream; the place is given back by calling what is returned. */
  open(): () => void {
    if (this.#isDraining) throw stopping();
    if (this.#open >= this.options.maxStreams) throw tooMany();
    this.#open += 1;
    return () => {
      this.#open -= 1;
    };
  }

  /** From now on no stream begins, and those that run are told. */
  drain(): void {
    this.#isDraining = true;
    for (const act of this.#onDrain) act();
  }

  /** Calls `act` when draining begins, at once if it has; no longer when what is returned was called. */
  onDrain(act: () => void): () => void {
    if (this.#isDraining) act();
    this.#onDrain.add(act);
    return () => this.#onDrain.delete(act);
  }

  /** Open now. */
  get count(): number {
    return this.#open;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }
}

export const stopping = (): GatewayError => new GatewayError("SHUTTING_DOWN", "the gateway is stopping");

export const tooMany = (): GatewayError => new GatewayError("TOO_MANY_STREAMS", "too many streams are open");
