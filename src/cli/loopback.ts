/** Modes that are for this machine alone listen on no other address. */
import type { Config } from "../config/config.ts";
import { GatewayError } from "../kernel/errors.ts";

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

export function checkLoopback({ server: { host } }: Config, mode: "sandbox" | "dev"): void {
  if (LOOPBACK.has(host)) return;
  const problems = [`server.host: \`ihala ${mode}\` listens on 127.0.0.1 only, not on \`${host}\``];
  throw new GatewayError("CONFIG_INVALID", `\`ihala ${mode}\` is not for others to reach`, { problems });
}
