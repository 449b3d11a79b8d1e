/**
 * Connections to one PostgreSQL database that may vanish at any time without taking the process along: `pg` raises an
 * uncaught error when a connection is lost outside a query, idle or checked out, unless somebody listens.
 */
import pg from "pg";

export interface PoolOptions {
  readonly url: string;
  readonly connections?: number;
  /** Time limit to connect, and of every statement; none of a statement when absent. */
  readonly timeoutMs?: number;
  readonly readOnly?: boolean;
}

const DEFAULT_CONNECTIONS = 16;
const CONNECT_TIMEOUT_MS = 5_000;

export function createPool({ url, connections, timeoutMs, readOnly = false }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections ?? DEFAULT_CONNECTIONS,
    connectionTimeoutMillis: timeoutMs ?? CONNECT_TIMEOUT_MS,
    application_name: "ihala",
    // The server may hang instead of cancelling: give up a little later by ourselves.
    ...(timeoutMs ? { statement_timeout: timeoutMs, query_timeout: timeoutMs * 2 } : {}),
    ...(readOnly ? { options: "-c default_transaction_read_only=on" } : {}),
  });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}
