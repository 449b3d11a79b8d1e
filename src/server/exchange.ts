/** One HTTP request on its way through the edge. What is not asked for is not made: most requests need no locale and no signal. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Locale, localeOf } from "../kernel/messages.ts";
import type { Carries } from "../respond/answer.ts";
import { type StreamAcceptance, streamAcceptanceOf, WHOLE_ONLY } from "./accept.ts";
import type { Caller } from "./caller.ts";
import type { ChannelOf } from "./channel-of.ts";
import type { HeaderReader } from "./gateway-port.ts";
import { type MediaType, mediaTypeFor } from "./media-type.ts";

export class Exchange implements Caller {
  readonly requestId: string = randomUUID();
  readonly method: string;
  readonly headers: HeaderReader;
  readonly channel: Caller["channel"];
  /** Of a whole answer; null when the caller takes neither. */
  readonly mediaType: MediaType | null;
  /** Of answers in pieces; null when the caller takes none. */
  readonly stream: StreamAcceptance | null;
  /** Nothing but whole answers can be part of a batch. */
  carries: Carries;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #hangUp: AbortController | null = null;

  constructor(request: IncomingMessage, response: ServerResponse, channelOf: ChannelOf) {
    this.#request = request;
    this.#response = response;
    this.method = request.method ?? "GET";
    this.headers = { get: (name) => request.headers[name] as string | undefined };
    this.channel = channelOf(request);
    this.mediaType = mediaTypeFor(request.headers.accept);
    this.stream = streamAcceptanceOf(request.headers.accept);
    this.carries = this.stream?.carries ?? WHOLE_ONLY;
  }

  get locale(): Locale {
    const languages = this.#request.headers["accept-language"];
    return languages === undefined ? "en" : localeOf(languages);
  }

  /** Aborts when the caller hangs up before the answer is written. */
  get signal(): AbortSignal {
    this.#hangUp ??= this.#watch();
    return this.#hangUp.signal;
  }

  #watch(): AbortController {
    const hangUp = new AbortController();
    const response = this.#response;
    const onClose = (): void => {
      if (!response.writableFinished) hangUp.abort();
    };
    if (response.closed) onClose();
    else response.on("close", onClose);
    return hangUp;
  }
}
