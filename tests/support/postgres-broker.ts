/**
 * One PostgreSQL server for a whole Vitest run, started when the first test file asks for it (Vitest global setup:
 * runs once, in the main process). Test files reach it through `postgres.ts`. It is gone with the run: what would keep its
 * files through a power cut is left out, and so is the vacuum, which has nothing to gather in databases of a minute.
 */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { type PostgresServer, startPostgres } from "../../src/connectors/embedded-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly postgresBroker: string;
  }
}

const PASSING = ["fsync = off", "full_page_writes = off", "synchronous_commit = off", "autovacuum = off"];

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "ihala-test-pg-"));
  let postgres: Promise<PostgresServer> | undefined;
  const broker = createServer(async (_, response) => {
    postgres ??= start(directory);
    await postgres.then(
      (server) => response.end(server.url("postgres")),
      (error) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, "127.0.0.1");
  await once(broker, "listening");
  project.provide("postgresBroker", `http://127.0.0.1:${(broker.address() as AddressInfo).port}/`);

  return async () => {
    broker.close();
    await (await postgres)?.stop();
    await rm(directory, { recursive: true, force: true });
  };
}

async function start(directory: string): Promise<PostgresServer> {
  const server = await startPostgres({ dataDir: directory });
  const client = new pg.Client({ connectionString: server.url("postgres") });
  await client.connect();
  for (const setting of PASSING) await client.query(`alter system set ${setting}`);
  await client.query("select pg_reload_conf()");
  await client.end();
  return server;
}
