/**
 * Connections that were taken and have not been asked anything yet, those amid a TLS handshake among them.
 *
 * A caller who was just connected is about to ask: a server that stops closes such a connection last, since the caller could not
 * tell a request that was never seen from one that was.
 */
import type { Server } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";

const SETTLE_MS = 1_000;
/** The first may end a turn that had polled before it began. */
const QUIET_TURNS = 2;

export class Connections {
  #taken = 0;
  /** Since the start. */
  #everTaken = 0;
  #asked = 0;
  readonly #known = new WeakSet<Duplex>();

  constructor(server: Server | TlsServer) {
    // Of TCP, whether TLS is spoken over it or not.
    server.on("connection", (socket: Duplex) => {
      this.#taken += 1;
      this.#everTaken += 1;
      socket.once("close", () => {
        this.#taken -= 1;
      });
    });
    server.prependListener("request", ({ socket }) => this.#ask(socket));
    server.prependListener("upgrade", ({ socket }) => this.#ask(socket));
  }

  get silent(): number {
    return this.#taken - this.#asked;
  }

  /**
   * Resolves just after a poll that found no connection waiting to be taken; or when it is no more within `SETTLE_MS`. Node takes
   * one with each turn of its loop, and those that wait when a server closes are reset.
   */
  async settle(isWithin: (ms: number) => boolean): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS && isWithin(SETTLE_MS); ) {
      const before = this.#everTaken;
      await nextTurn();
      quiet = this.#everTaken === before ? quiet + 1 : 0;
    }
  }

  #ask(socket: Duplex): void {
    if (this.#known.has(socket)) return;
    this.#known.add(socket);
    this.#asked += 1;
    socket.once("close", () => {
      this.#asked -= 1;
    });
  }
}
