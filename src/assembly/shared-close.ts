/** What several versions share: closed when the last of them has left. */
import { GatewayError } from "../kernel/errors.ts";

export class SharedClose {
  readonly #close: () => Promise<void>;
  #users = 1;

  constructor(close: () => Promise<void>) {
    this.#close = close;
  }

  /** Not when all have left: what they shared is closed. */
  join(): void {
    if (this.#users === 0) throw new GatewayError("SHUTTING_DOWN", "the gateway is stopping");
    this.#users += 1;
  }

  async leave(): Promise<void> {
    this.#users -= 1;
    if (this.#users === 0) await this.#close();
  }
}
