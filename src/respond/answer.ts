/**
 * What the gateway gives back: one finished body, or a stream of them (subscriptions, `@defer`).
 *
 * Rule    a body may be shared by identical requests of one reader, so nothing changes it; its bytes are made once.
 */
export class Body {
  /** JSON text of the whole body. */
  readonly text: string;
  /** Nothing in it is personal or decided for its reader: it may carry an ETag. */
  readonly isPublic: boolean;
  #bytes: Buffer | null = null;

  constructor(text: string, isPublic = false) {
    this.text = text;
    this.isPublic = isPublic;
  }

  get bytes(): Buffer {
    this.#bytes ??= Buffer.from(this.text, "utf8");
    return this.#bytes;
  }
}

/** What is said beside every answer, whatever its kind. */
interface Beside {
  /** Over HTTP. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type Answer = Beside & Content;

type Content =
  | { readonly kind: "whole"; readonly body: Body }
  /** Bodies as they become ready; `return` ends whatever stands behind them. */
  | {
      readonly kind: "events";
      readonly bodies: AsyncIterableIterator<Body>;
      /** Aborts, with a `GatewayError` as its reason, when the gateway ends the stream (`endable.ts`). */
      readonly ended?: AbortSignal;
    }
  /** `@defer`: the initial result first, then incremental ones, as the current incremental-delivery specification says. */
  | { readonly kind: "incremental"; readonly bodies: AsyncIterableIterator<Body> };

/** Kinds of answer, beside a whole one, that the caller's transport can carry. */
export type Carries = Readonly<Record<"events" | "incremental", boolean>>;
