/**
 * A subgraph from decorated classes over one PostgreSQL agency, in the form that `inProcessBackend` takes.
 *
 * In      classes with roots, classes of entities, a reference resolver for each entity, and how loaders are made.
 * Told    the database learns the purpose NRM_LOOKUP and nothing about who asks (docs/architecture.md).
 * Out     schema, context factory (fresh loaders for every fetch) and `close`.
 */
import "reflect-metadata";
import { type GraphQLSchema, printSchema } from "graphql";
import {
  buildSchemaSync,
  type ClassType,
  createResolversMap,
  type NonEmptyArray,
  type PubSub,
} from "type-graphql";
import { federatedSchema, type ReferenceResolver } from "../../src/connectors/federated-schema.ts";
import type { InProcessOptions } from "../../src/connectors/in-process.ts";
import { createSql, type Sql, type SqlOptions } from "../../src/connectors/sql.ts";
import type { AgencyCode, SubgraphName } from "../../src/kernel/brands.ts";
import { notServed } from "./not-served.ts";

export interface SubgraphClasses<Context> {
  readonly resolvers: NonEmptyArray<ClassType>;
  readonly entities: readonly ClassType[];
  readonly references: Readonly<Record<string, ReferenceResolver<Context>>>;
}

export interface SqlSubgraphOptions extends Omit<SqlOptions, "agency"> {}

export interface SqlSubgraph<Context, Database>
  extends Required<Pick<InProcessOptions<Context>, "subgraph" | "agency" | "schema" | "context">> {
  readonly sql: Sql<Database>;
  close(): Promise<void>;
}

export function sqlSubgraph<Context, Database>(
  name: string,
  { schema, context }: { readonly schema: GraphQLSchema; readonly context: (sql: Sql<Database>) => Context },
  options: SqlSubgraphOptions,
): SqlSubgraph<Context, Database> {
  const agency = name.toUpperCase() as AgencyCode;
  const sql = createSql<Database>({ ...options, agency });
  return {
    subgraph: name as SubgraphName,
    agency,
    schema,
    context: () => context(sql),
    sql,
    close: sql.close,
  };
}

export function buildSubgraph<Context>(classes: SubgraphClasses<Context>): GraphQLSchema {
  const { references } = classes;
  const schema = decoratedSchema(classes);
  return federatedSchema<Context>({
    typeDefs: printSchema(schema),
    resolvers: createResolversMap(schema),
    references,
  });
}

export const decoratedSchema = ({ resolvers, entities }: SubgraphClasses<never>): GraphQLSchema =>
  buildSchemaSync({
    resolvers,
    orphanedTypes: [...entities],
    validate: false,
    skipCheck: true,
    pubSub: NO_NEWS,
  });

/** Agencies publish nothing; subscriptions are refused before anybody listens. */
const NO_NEWS: PubSub = { publish: () => {}, subscribe: () => notServed("subscription") };
