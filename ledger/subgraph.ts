/**
 * A subgraph of the ledger: the SDL document of the deployment's schema folder, resolved by type-graphql classes; a test holds the two equal.
 *
 * Roots that no class serves yet (the workflow's queries, mutations and subscriptions) answer NOT_IMPLEMENTED.
 */
import type { IResolvers } from "@graphql-tools/utils";
import { type DocumentNode, type GraphQLSchema, Kind } from "graphql";
import { buildSchemaSync, createResolversMap } from "type-graphql";
import { federatedSchema, type ReferenceResolver } from "../src/connectors/federated-schema.ts";
import { GatewayError } from "../src/kernel/errors.ts";
import { subgraphSdl } from "../src/supergraph/subgraph-documents.ts";
import type { LedgerContext } from "./context.ts";

type ResolverClass = new () => object;

export interface SubgraphSource {
  /** In the supergraph. */
  readonly name: "epc_spine" | "epc_content";
  readonly document: DocumentNode;
  readonly resolvers: readonly [ResolverClass, ...ResolverClass[]];
  /** Classes that nothing leads to but an entity query. */
  readonly types: readonly ResolverClass[];
  readonly references: Readonly<Record<string, ReferenceResolver<LedgerContext>>>;
}

const ROOTS: readonly string[] = ["Query", "Mutation", "Subscription"];

/** The schema that the classes describe: what is printed and compared. */
export const classSchema = ({ resolvers, types }: SubgraphSource): GraphQLSchema =>
  buildSchemaSync({
    resolvers: [...resolvers] as [ResolverClass],
    // Classes of the other subgraph have the same names: only those that are named or reached belong to this one.
    orphanedTypes: [...types],
    validate: false,
  });

export async function ledgerSubgraph(source: SubgraphSource, schemaDir: string): Promise<GraphQLSchema> {
  return federatedSchema<LedgerContext>({
    typeDefs: await subgraphSdl(schemaDir, source.name),
    resolvers: [notImplemented(source.document), createResolversMap(classSchema(source)) as IResolvers],
    references: source.references,
  });
}

function notImplemented(document: DocumentNode): IResolvers {
  const roots = document.definitions.filter(
    (definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION && ROOTS.includes(definition.name.value),
  );
  const refusals = roots.flatMap((root) =>
    root.kind === Kind.OBJECT_TYPE_DEFINITION
      ? [[root.name.value, refuseAll(root.fields?.map(({ name }) => name.value) ?? [])] as const]
      : [],
  );
  return Object.fromEntries(refusals);
}

const refuseAll = (fields: readonly string[]) =>
  Object.fromEntries(
    fields.map((field) => [
      field,
      () => {
        throw new GatewayError("NOT_IMPLEMENTED", `\`${field}\` is not served yet`);
      },
    ]),
  );
