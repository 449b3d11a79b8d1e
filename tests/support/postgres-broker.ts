/**
 * One PostgreSQL server for a whole Vitest run, started when the first test file asks for it (Vitest global setup:
 * runs once, in the main process). Test files reach it through `postgres.ts`.
 */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type PostgresServer, startPostgres } from "../../src/connectors/embedded-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly postgresBroker: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "ihala-test-pg-"));
  let postgres: Promise<PostgresServer> | undefined;
  const broker = createServer(async (_, response) => {
    postgres ??= startPostgres({ dataDir: directory });
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
