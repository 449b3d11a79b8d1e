/**
 * Listens on an address of the configuration.
 *
 * Errors  PORT_IN_USE; CONFIG_INVALID for an address that cannot be listened on, naming its section.
 */
import { once } from "node:events";
import type { Server } from "node:http";
import { Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { GatewayError } from "../kernel/errors.ts";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Resolves to `http://127.0.0.1:4000`, with the port that was bound; `https:` where the server ends TLS. */
export async function listen(
  server: Server | TlsServer,
  { host, port }: Address,
  section = "server",
): Promise<string> {
  server.listen(port, host);
  await once(server, "listening").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "EADDRINUSE")
      throw new GatewayError("PORT_IN_USE", `port ${port} on ${host} is in use`, { cause });
    const problem = `${section}: cannot listen on ${host} port ${port} (${cause.code})`;
    throw new GatewayError("CONFIG_INVALID", problem, { cause, problems: [problem] });
  });
  const { port: bound } = server.address() as AddressInfo;
  const scheme = server instanceof TlsServer ? "https" : "http";
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${bound}`;
}
