/** Modes that are for this machine alone listen on no other address. */
import type { Config } from "../config/config.ts";
import { GatewayError } from "../kernel/errors.ts";

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

export function checkLoopback({ server: { host, admin } }: Config, mode: "sandbox" | "dev"): void {
  const hosts = [
    ["server.host", host],
    ["server.admin.host", admin.host],
  ] as const;
  const problems = hosts.flatMap(([key, name]) =>
    LOOPBACK.has(name) ? [] : [`${key}: \`ihala ${mode}\` listens on 127.0.0.1 only, not on \`${name}\``],
  );
  if (problems.length > 0)
    throw new GatewayError("CONFIG_INVALID", `\`ihala ${mode}\` is not for others to reach`, { problems });
}
