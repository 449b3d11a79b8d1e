/** Traces as the configuration wants them. Errors: CONFIG_INVALID for a secret that cannot be read. */
import type { Config } from "../config/config.ts";
import { readSecret } from "../config/secret.ts";
import type { Log } from "../telemetry/log.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { createOtlp } from "../telemetry/otlp.ts";
import { createTracing, type Tracing } from "../telemetry/trace.ts";
import { addressesFor, CONNECT_MS } from "./addresses.ts";

export interface OpenedTracing {
  readonly tracing: Tracing;
  /** Sends what waits. */
  close(): Promise<void>;
}

/** Null without a collector. */
export async function openTracing(
  config: Pick<Config, "telemetry" | "deployment">,
  { metrics, log }: { readonly metrics?: Pick<Metrics, "spansLost">; readonly log?: Log } = {},
): Promise<OpenedTracing | null> {
  const { url, ratio, authorization } = config.telemetry.traces;
  if (url === undefined) return null;
  const otlp = createOtlp({
    ...{ url, service: config.deployment.name, ask: addressesFor(config, log).fetcher(CONNECT_MS) },
    ...(authorization && { headers: { authorization: await readSecret(authorization) } }),
    ...(metrics && { onLost: (count) => metrics.spansLost(count) }),
  });
  return { tracing: createTracing(otlp.sink, ratio), close: otlp.close };
}
