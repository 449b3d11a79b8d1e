/**
 * The documents that the ledger's classes describe: those of its two subgraphs and the vocabulary of all agencies.
 *
 * Code lists and scalars are defined in the vocabulary alone; classes take them from here, so no code is written twice.
 * An enum class is a plain object (code → code), registered with type-graphql under its name.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type DocumentNode,
  type EnumTypeDefinitionNode,
  GraphQLScalarType,
  parse,
  type TypeDefinitionNode,
} from "graphql";
import { registerEnumType } from "type-graphql";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

const read = (name: string): DocumentNode =>
  parse(readFileSync(join(PACKAGE_ROOT, "schema", name), "utf8"), { noLocation: true });

const VOCABULARY: DocumentNode = read("vocabulary.graphql");
export const SPINE_DOCUMENT: DocumentNode = read("epc.spine.graphql");
export const CONTENT_DOCUMENT: DocumentNode = read("epc.content.graphql");

const nameOf = (definition: DocumentNode["definitions"][number]): string =>
  (definition as TypeDefinitionNode).name.value;

const definitions = new Map(
  [...CONTENT_DOCUMENT.definitions, ...SPINE_DOCUMENT.definitions, ...VOCABULARY.definitions].map(
    (definition) => [nameOf(definition), definition],
  ),
);

export function codeList(name: string): object {
  const { values = [] } = definitions.get(name) as EnumTypeDefinitionNode;
  const codes = Object.fromEntries(values.map((value) => [value.name.value, value.name.value]));
  registerEnumType(codes, { name });
  return codes;
}

/** Text as the documents describe it; the gateway has checked what comes in, the database what goes out. */
export const scalar = (name: string): GraphQLScalarType => new GraphQLScalarType({ name });
