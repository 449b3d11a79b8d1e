/**
 * A world without data: every field of every type answers from a hash of where it is, so a federated execution
 * and a single-process one over the merged schema must agree on any operation.
 */
import { createHash } from "node:crypto";
import {
  defaultFieldResolver,
  execute,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from "graphql";
import { federatedSchema, type Representation } from "../../src/connectors/federated-schema.ts";
import type { Backend, SubgraphRequest } from "../../src/execute/backend.ts";
import type { SubgraphName } from "../../src/kernel/brands.ts";

interface Mirrored {
  readonly __typename: string;
  readonly place: string;
  readonly uid?: string;
  readonly address?: string;
}

const number = (text: string): number => createHash("sha256").update(text).digest().readUInt32BE(0);

const entity = (type: string, uid: string): Mirrored => ({ __typename: type, place: `${type}|${uid}`, uid });

/** An agency has no uid: its address is its place. */
const agency = (address: string): Mirrored => ({ __typename: "Agency", place: `Agency|${address}`, address });

/** Resolves any field from its place. `null`s and empty lists occur. */
export function mirrorResolver(entities: ReadonlySet<string>): GraphQLFieldResolver<unknown, unknown> {
  const make = (type: GraphQLOutputType, place: string): unknown => {
    if (isNonNullType(type)) return make(type.ofType, place) ?? make(type, `${place}!`);
    if (isListType(type)) {
      return Array.from({ length: number(`${place}#`) % 3 }, (_, i) =>
        make(type.ofType, `${place}/${i}`),
      ).filter((item) => item !== null);
    }
    if (isObjectType(type)) {
      // An edge without its node, and a row without its facts, are absent by rule: both are always there.
      const always = place.endsWith(".node") || type.name.endsWith("Access");
      if (!always && number(`${place}?`) % 7 === 0) return null;
      if (type.name === "Agency") return agency(`a${number(place)}`);
      return entities.has(type.name) ? entity(type.name, place) : { __typename: type.name, place };
    }
    if (isEnumType(type)) return type.getValues()[number(place) % type.getValues().length]?.name;
    const n = number(place);
    if (String(type) === "Int") return n % 1_000;
    if (String(type) === "Float") return n / 8;
    if (String(type) === "Boolean") return n % 2 === 0;
    return `v${n}`;
  };
  return (source, args, context, info) => {
    const given = source as Partial<Mirrored> | undefined;
    if (info.fieldName === "_entities") return defaultFieldResolver(source, args, context, info);
    if (info.fieldName === "uid") return given?.uid;
    if (info.fieldName === "address" && given?.address !== undefined) return given.address;
    const asked = Object.keys(args).length > 0 ? JSON.stringify(args) : "";
    return make(info.returnType, `${given?.place ?? "root"}.${info.fieldName}${asked}`);
  };
}

/** A backend over a subgraph's SDL that keeps what it was asked. */
export function mirrorBackend(
  name: string,
  sdl: string,
  entities: ReadonlySet<string>,
): Backend & { readonly asked: SubgraphRequest[] } {
  const reference = ({ __typename, uid, address }: Representation): unknown =>
    __typename === "Agency" ? agency(String(address)) : entity(__typename, String(uid));
  const references = Object.fromEntries([...entities, "Agency"].map((type) => [type, reference]));
  const known = new Set([...sdl.matchAll(/^(?:extend )?type (\w+)/gm)].map((match) => match[1]));
  const used = Object.fromEntries(Object.entries(references).filter(([type]) => known.has(type)));
  const schema = federatedSchema({ typeDefs: sdl, resolvers: {}, references: used });
  const fieldResolver = mirrorResolver(entities);
  const asked: SubgraphRequest[] = [];
  return {
    subgraph: name as SubgraphName,
    asked,
    async fetch(request) {
      asked.push(request);
      const result = await execute({
        schema,
        document: parse(request.query),
        variableValues: request.variables,
        fieldResolver,
      });
      return { data: result.data ?? null, errors: (result.errors ?? []).map(({ message }) => ({ message })) };
    },
  };
}

/** The oracle: one process, one schema, no plan. */
export async function mirrorAnswer(
  schema: GraphQLSchema,
  text: string,
  entities: ReadonlySet<string>,
  sealId: (type: string, uid: string) => string,
): Promise<unknown> {
  const mirror = mirrorResolver(entities);
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
    const given = source as Partial<Mirrored> | undefined;
    if (info.fieldName === "id" && given?.uid !== undefined) return sealId(info.parentType.name, given.uid);
    return mirror(source, args, context, info);
  };
  return (await execute({ schema, document: parse(text), fieldResolver })).data;
}
