/** Who asks and what they take, whatever transport brought the question. */
import type { GatewayRequest } from "./gateway-port.ts";

export interface Caller
  extends Required<Pick<GatewayRequest, "headers" | "channel" | "locale" | "signal" | "carries">> {
  /** Ours, never the caller's: it is also the trace id of masked errors. */
  readonly requestId: string;
  /** As of an HTTP request. */
  readonly method: string;
}
