/**
 * A PostgreSQL agency for resolvers: a pool and Kysely over it, every statement within a time limit.
 *
 * Out     `ask(run)` gives `run` the typed database and turns whatever fails into an error of the agency family:
 *         statements, details and values never leave. Read-only: sessions refuse to write, so that a question whose
 *         connection was lost is asked once more.
 * Told    the purpose NRM_LOOKUP (`ihala.purpose`, for row-level security), whoever asks; and the question.
 * Values  dates and instants arrive as ISO 8601 text, exact decimals as text.
 * Limits  2 s to connect, 2 s a statement, 16 connections, breaker and bulkhead of `resilience.ts`.
 * Errors  AGENCY_TIMEOUT (statement cancelled), AGENCY_UNAVAILABLE (no connection, no room), AGENCY_BAD_REPLY (the rest).
 */
import { Kysely, type LogEvent, PostgresDialect } from "kysely";
import pg from "pg";
import type { AgencyCode } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { DEFAULT_AGENCY_TIMEOUT_MS } from "../kernel/limits.ts";
import type { Addresses } from "./addresses.ts";
import { badReply } from "./http-exchange.ts";
import { NRM_LOOKUP } from "./outbound-token.ts";
import { createPool } from "./pg-pool.ts";
import { createGuard, type GuardOptions } from "./resilience.ts";
import { TEXT_VALUES } from "./sql-values.ts";

export interface SqlOptions {
  readonly agency: AgencyCode;
  readonly url: string;
  readonly timeoutMs?: number;
  readonly connections?: number;
  readonly guard?: Omit<GuardOptions, "agency">;
  /** Where it is reached; wherever its name is found when left out. */
  readonly addresses?: Addresses;
  /** Hears of every statement, for tests and logs of the agency. */
  readonly journal?: (statement: Statement) => void;
}

export interface Statement {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

export interface Sql<Database> {
  ask<Result>(run: (db: Kysely<Database>) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

const ADMIN_SHUTDOWN = "57P01";
const QUERY_CANCELED = "57014";
/**
 * Classes that say that the server cannot serve, whatever it was asked: 08 (connection), 28 (not let in), 3D (no such
 * database), 53 (resources), 55 (not in a state to, such as a database that takes no connections), 57 (operator).
 */
const CANNOT_SERVE = /^(08|28|3D|53|55|57)/;

export function createSql<Database>(options: SqlOptions): Sql<Database> {
  const { agency, timeoutMs = DEFAULT_AGENCY_TIMEOUT_MS } = options;
  const settings = { "ihala.purpose": NRM_LOOKUP };
  const pool = createPool({ ...options, timeoutMs, readOnly: true, settings, types: TEXT_VALUES });
  const log = ({ query }: LogEvent) => options.journal?.({ text: query.sql, parameters: query.parameters });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }), log });
  const guard = createGuard({ ...options.guard, agency });
  return {
    ask: (run) =>
      guard.run(() =>
        run(db)
          .catch((error: unknown) => (isLost(error) ? run(db) : Promise.reject(error)))
          .catch((error: unknown) => fail(agency, error)),
      ),
    close: () => db.destroy(),
  };
}

/** A connection that broke, by a restart say: reading again on another one is safe. */
const isLost = (error: unknown) =>
  error instanceof Error &&
  (error.message === "Connection terminated unexpectedly" || codeOf(error) === ADMIN_SHUTDOWN);

const codeOf = (error: unknown) => (error instanceof pg.DatabaseError ? (error.code ?? "") : null);

function fail(agency: AgencyCode, cause: unknown): never {
  if (cause instanceof GatewayError) throw cause;
  const state = codeOf(cause);
  if (state === QUERY_CANCELED || (cause instanceof Error && cause.message === "Query read timeout"))
    throw new GatewayError("AGENCY_TIMEOUT", "the agency did not answer in time", { agency, cause });
  if (state === null || CANNOT_SERVE.test(state))
    throw new GatewayError("AGENCY_UNAVAILABLE", "the agency cannot be reached", { agency, cause });
  throw badReply(agency, "the agency's database refused the question", cause);
}
