/**
 * An executable Federation 2 subgraph from SDL and resolvers, for in-process agencies, the ledger and the sandbox alike.
 *
 * In      SDL with Federation and policy directives (definitions and `@link` are optional and ignored); a resolver
 *         map; for each entity type a reference resolver, given the representation and the context.
 * Out     a schema with `_entities` and `_service`. Reference resolvers of one request start together, so that a loader
 *         asks its backend once; entities come in the order of their representations; one that is not there is null,
 *         one that fails is null with an error of its own.
 * Types that an interface or union returns need `__typename` on the row, or a type resolver in the map.
 */
import { makeExecutableSchema } from "@graphql-tools/schema";
import type { IResolvers } from "@graphql-tools/utils";
import { type DocumentNode, type GraphQLSchema, Kind, parse } from "graphql";

export interface Representation {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

export type ReferenceResolver<Context> = (representation: Representation, context: Context) => unknown;

export interface FederatedSchemaOptions<Context> {
  readonly typeDefs: string;
  readonly resolvers: IResolvers<unknown, Context> | readonly IResolvers<unknown, Context>[];
  readonly references: Readonly<Record<string, ReferenceResolver<Context>>>;
}

export function federatedSchema<Context>(options: FederatedSchemaOptions<Context>): GraphQLSchema {
  const document = parse(options.typeDefs);
  const references = new Map(Object.entries(options.references));
  const query = document.definitions.some((node) => "name" in node && node.name?.value === "Query");
  return makeExecutableSchema<Context>({
    assumeValidSDL: true,
    typeDefs: [withoutMachinery(document), machinery([...references.keys()], query)],
    resolvers: [...[options.resolvers].flat(), entityResolvers(references, options.typeDefs)],
  });
}

/** Directives are for composition; `extend schema @link` has nothing to extend here. */
const withoutMachinery = (document: DocumentNode): DocumentNode => ({
  kind: Kind.DOCUMENT,
  definitions: document.definitions.filter(
    ({ kind }) =>
      kind !== Kind.DIRECTIVE_DEFINITION && kind !== Kind.SCHEMA_DEFINITION && kind !== Kind.SCHEMA_EXTENSION,
  ),
});

function machinery(entities: readonly string[], extend: boolean): string {
  const entityRoot = "_entities(representations: [_Any!]!): [_Entity]!";
  return `
    ${extend ? "extend " : ""}type Query { _service: _Service! ${entities.length > 0 ? entityRoot : ""} }
    type _Service { sdl: String! }
    ${entities.length > 0 ? `scalar _Any union _Entity = ${entities.join(" | ")}` : ""}`;
}

function entityResolvers<Context>(
  references: ReadonlyMap<string, ReferenceResolver<Context>>,
  sdl: string,
): IResolvers<unknown, Context> {
  const service = { _service: () => ({ sdl }) };
  if (references.size === 0) return { Query: service };
  return {
    Query: {
      ...service,
      _entities: (
        _: unknown,
        args: { readonly representations: readonly Representation[] },
        context: Context,
      ) => args.representations.map((representation) => resolveEntity(references, representation, context)),
    },
    _Entity: { __resolveType: (entity: Representation) => entity.__typename },
  };
}

async function resolveEntity<Context>(
  references: ReadonlyMap<string, ReferenceResolver<Context>>,
  representation: Representation,
  context: Context,
): Promise<object | null> {
  const { __typename } = representation;
  const reference = references.get(__typename);
  if (!reference) throw new Error("a representation names no entity of this subgraph");
  const row = await reference(representation, context);
  return typeof row === "object" && row !== null ? named(row, __typename) : null;
}

/** A copy of the row, of the same class: one row may be asked for as two types (a person, a worker). */
const named = (row: object, __typename: string): object =>
  Object.assign(Object.create(Object.getPrototypeOf(row)), row, { __typename });
