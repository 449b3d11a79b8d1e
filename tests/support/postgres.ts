/**
 * Databases for one test file, on the server that all files of a run share. Names are prefixed per call, so
 * files (and calls) never see each other's databases; the server goes away with the run.
 */
import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { externalPostgres, type PostgresServer } from "../../src/connectors/embedded-postgres.ts";

/** A server that looks empty: `url("lmra")` is this caller's own `lmra`. Stopping it is nobody's business. */
export async function testPostgres(): Promise<PostgresServer> {
  const reply = await fetch(inject("postgresBroker"));
  const text = await reply.text();
  if (!reply.ok) throw new Error(text);
  const shared = externalPostgres(text);
  const prefix = `t${randomBytes(5).toString("hex")}_`;
  return {
    pid: null,
    url: (database) => shared.url(prefix + database),
    ensureDatabase: (name) => shared.ensureDatabase(prefix + name),
    stop: async () => {},
  };
}

/** URL of a fresh, empty database. */
export async function testDatabase(): Promise<string> {
  const postgres = await testPostgres();
  await postgres.ensureDatabase("db");
  return postgres.url("db");
}
