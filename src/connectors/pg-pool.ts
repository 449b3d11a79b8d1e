/**
 * Connections to one PostgreSQL database that may vanish at any time without taking the process along: `pg` raises an
 * uncaught error when a connection is lost outside a query, idle or checked out, unless somebody listens.
 */
import pg from "pg";
import type { Addresses } from "./addresses.ts";

export interface PoolOptions {
  readonly url: string;
  readonly connections?: number;
  /** Time limit to connect, and of every statement; none of a statement when absent. */
  readonly timeoutMs?: number;
  readonly readOnly?: boolean;
  /** Settings of every session, beside. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Judges where its host is; nobody does when absent. */
  readonly addresses?: Pick<Addresses, "socket">;
  /** How values of the database become values of ours; as `pg` does it when absent. */
  readonly types?: pg.CustomTypesConfig;
}

const DEFAULT_CONNECTIONS = 16;
const CONNECT_TIMEOUT_MS = 5_000;

export function createPool(options: PoolOptions): pg.Pool {
  const { connections, timeoutMs, readOnly = false, types, addresses } = options;
  const settings = { ...(readOnly ? { default_transaction_read_only: "on" } : {}), ...options.settings };
  const { connectionString, given } = withoutOptions(options.url);
  const pool = new pg.Pool({
    connectionString,
    max: connections ?? DEFAULT_CONNECTIONS,
    connectionTimeoutMillis: timeoutMs ?? CONNECT_TIMEOUT_MS,
    application_name: "ihala",
    // The server may hang instead of cancelling: give up a little later by ourselves.
    ...(timeoutMs ? { statement_timeout: timeoutMs, query_timeout: timeoutMs * 2 } : {}),
    options: [given, ...Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)].join(" "),
    ...(types ? { types } : {}),
    ...(addresses ? { stream: () => addresses.socket() } : {}),
  });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** `pg` would let options of the URL replace ours. They come first, so that ours win. */
function withoutOptions(url: string): { readonly connectionString: string; readonly given: string } {
  const address = new URL(url);
  const given = address.searchParams.get("options") ?? "";
  address.searchParams.delete("options");
  return { connectionString: address.href, given };
}
