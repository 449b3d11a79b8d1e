/** One HTTP request on its way through the edge; Apollo Server carries it as its context. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type Locale, localeOf } from "../kernel/messages.ts";
import type { Answer } from "../respond/answer.ts";
import type { HeaderReader } from "./gateway-port.ts";

export interface Exchange {
  /** Ours, never the caller's: it is also the trace id of masked errors. */
  readonly requestId: string;
  readonly headers: HeaderReader;
  readonly locale: Locale;
  readonly signal: AbortSignal;
  /** How the gateway's answer ended; null when Apollo refused before it was asked. */
  outcome:
    | { readonly kind: "answered"; readonly answer: Answer }
    | { readonly kind: "failed"; readonly error: unknown }
    | null;
}

export function openExchange(request: IncomingMessage, signal: AbortSignal): Exchange {
  return {
    requestId: randomUUID(),
    headers: { get: (name) => request.headersDistinct[name]?.join(", ") },
    locale: localeOf(request.headers["accept-language"]),
    signal,
    outcome: null,
  };
}
