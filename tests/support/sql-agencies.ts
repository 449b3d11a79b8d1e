/**
 * A PostgreSQL agency of the sandbox, seeded from the synthetic world on a real server and asked as the gateway asks it:
 * through the in-process backend, as the reading role. No link boundary: tests take keys from the world's rows.
 */

import type { SqlSubgraph, SqlSubgraphOptions } from "../../resolvers/shared/subgraph.ts";
import { type AgencyDatabase, readerUrl, seedDatabase } from "../../sandbox/database/agency-database.ts";
import { createWorld, SEED, type World, type WorldOptions } from "../../sandbox/synth/world.ts";
import { inProcessBackend } from "../../src/connectors/in-process.ts";
import type { Statement } from "../../src/connectors/sql.ts";
import type { SubgraphReply } from "../../src/execute/backend.ts";
import { testPostgres } from "./postgres.ts";
import { plainly, READER } from "./rest-agencies.ts";

export interface SqlAgency {
  readonly world: World;
  readonly url: string;
  /** Every statement since `statements.length = 0`. */
  readonly statements: Statement[];
  /** Plain data; throws when the reply has errors. */
  ask(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  reply(query: string, variables?: Readonly<Record<string, unknown>>): Promise<SubgraphReply>;
  /** Entities of one type by the agency's own keys. */
  entities(type: string, keys: readonly string[], selection: string): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

type Open = (options: SqlSubgraphOptions) => SqlSubgraph<unknown, never>;

export async function openSqlAgency<Context, Database>(
  database: AgencyDatabase,
  open: (options: SqlSubgraphOptions) => SqlSubgraph<Context, Database>,
  options: Partial<WorldOptions> = {},
): Promise<SqlAgency> {
  const world = createWorld({ seed: SEED, scale: "tiny", ...options });
  const postgres = await testPostgres();
  await postgres.ensureDatabase(database.name);
  const url = postgres.url(database.name);
  await seedDatabase(database, url, world);

  const statements: Statement[] = [];
  const subgraph = (open as unknown as Open)({
    url: readerUrl(url),
    journal: (statement) => statements.push(statement),
  });
  const faults: unknown[] = [];
  const backend = inProcessBackend({ ...subgraph, onFault: (error) => faults.push(error) });
  const reply: SqlAgency["reply"] = (query, variables = {}) =>
    backend.fetch({ query, kind: "query", variables, reader: READER, signal: new AbortController().signal });
  const ask: SqlAgency["ask"] = async (query, variables) => {
    const { data, errors } = await reply(query, variables);
    if (errors.length > 0) throw new Error(JSON.stringify(errors), { cause: faults.at(-1) });
    return plainly(data) as Record<string, unknown>;
  };
  return {
    world,
    url,
    statements,
    reply,
    ask,
    entities: async (type, keys, selection) => {
      const representations = keys.map((uid) => ({ __typename: type, uid }));
      const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} { ${selection} } } }`;
      return (await ask(query, { representations }))["_entities"] as readonly unknown[];
    },
    close: subgraph.close,
  };
}
