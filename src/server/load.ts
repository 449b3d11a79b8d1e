/**
 * How much is read and worked on at a time; more is refused at once, whatever transport brings it.
 *
 * A place is held from a request's headers until its answer has been taken, so that neither what waits for a body nor what
 * waits for a reader adds up; a stream gives it back when it begins, and counts as a stream from then on (`streams.ts`).
 * Errors  OVERLOADED, before anything of the request is read.
 */
import { GatewayError } from "../kernel/errors.ts";

export class Load {
  readonly #most: number;
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Takes a place; it is given back by calling what is returned, once or more. */
  enter(): () => void {
    if (this.#held >= this.#most) throw new GatewayError("OVERLOADED", "the gateway is busy");
    this.#held += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#held -= 1;
    };
  }
}
