/**
 * What the link boundary must know of a query text, worked out once per text: where ids go in and where uids come out.
 *
 * In      a subgraph query, of the planner or of the gateway, valid against the full schema plus `_entities`.
 * Out     variables with an id inside; entity roots with the variable of their representations; a tree that finds
 *         every `uid` of a reply with the type it belongs to, and every reference to a file; the text as the agency reads it.
 * The text is changed in two ways only: `__typename` is added where a reply could not be understood without it,
 * and, for agencies whose wire key is `ref`, every field `uid` becomes `uid: ref`, which keeps the reply as it is.
 * Errors  INTERNAL_SERVER_ERROR for an id written into the text: ids are variables, literals cannot be translated.
 */
import {
  type ASTVisitor,
  extendSchema,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { GatewayError } from "../kernel/errors.ts";
import { FILE_SCALAR } from "../kernel/file-scalar.ts";
import { type IdMapper, idVariables } from "./link-input.ts";

export interface EntityRoot {
  readonly responseKey: string;
  /** Variable that holds its representations. */
  readonly variable: string;
}

export interface ReplyEntry {
  readonly responseKey: string;
  /** Object types for which the entry is selected; null: whatever the type is. */
  readonly only: ReadonlySet<string> | null;
  /** Null: the entry is a uid, or names a file. */
  readonly below: ReplyNode | null;
  readonly isFile: boolean;
}

export interface ReplyNode {
  /** The one object type this can be, or null: then the object names it in `__typename`. */
  readonly type: string | null;
  readonly entries: readonly ReplyEntry[];
}

export interface LinkQuery {
  readonly wireText: string;
  readonly idVariables: ReadonlyMap<string, IdMapper>;
  readonly entityRoots: readonly EntityRoot[];
  /** Response keys of all root fields. */
  readonly roots: readonly string[];
  readonly reply: ReplyNode;
}

const ENTITY_ROOT = "scalar _Any extend type Query { _entities(representations: [_Any!]!): [_Entity]! }";

/** The full schema with Federation's entry point, against which subgraph queries are understood. */
export function withEntities(schema: GraphQLSchema): GraphQLSchema {
  const entities = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => type.getFields()["uid"]);
  const union = `union _Entity = ${entities.map(({ name }) => name).join(" | ")}`;
  return extendSchema(schema, parse(`${ENTITY_ROOT} ${union}`), { assumeValid: true, assumeValidSDL: true });
}

export function compileLinkQuery(schema: GraphQLSchema, text: string, wireKey: string): LinkQuery {
  const document = parse(text, { noLocation: true });
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const rootType = operation && schema.getRootType(operation.operation);
  if (!rootType) throw new GatewayError("INTERNAL_SERVER_ERROR", "a subgraph query has no operation");
  const fragments = new Map(
    document.definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  const reading: Reading = { schema, fragments };
  const roots = fieldsOf(reading, rootType, operation.selectionSet, null);
  return {
    wireText: print(visit(document, wireVisitor(schema, wireKey))),
    idVariables: idVariables(schema, operation),
    entityRoots: roots.flatMap(({ field }) => entityRoot(field)),
    roots: roots.map(({ field }) => responseKeyOf(field)),
    reply: replyNode(reading, rootType, operation.selectionSet),
  };
}

const responseKeyOf = ({ alias, name }: FieldNode) => (alias ?? name).value;

function entityRoot(field: FieldNode): readonly EntityRoot[] {
  const value = field.name.value === "_entities" ? field.arguments?.[0]?.value : undefined;
  return value?.kind === Kind.VARIABLE
    ? [{ responseKey: responseKeyOf(field), variable: value.name.value }]
    : [];
}

interface Reading {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

interface SelectedField {
  readonly field: FieldNode;
  /** Type that declares the field here. */
  readonly on: GraphQLCompositeType;
  readonly only: ReadonlySet<string> | null;
}

function replyNode(reading: Reading, type: GraphQLCompositeType, selections: SelectionSetNode): ReplyNode {
  const entries = fieldsOf(reading, type, selections, null).flatMap((selected) => entryOf(reading, selected));
  return { type: isAbstractType(type) ? null : type.name, entries };
}

function entryOf(reading: Reading, { field, on, only }: SelectedField): readonly ReplyEntry[] {
  const responseKey = responseKeyOf(field);
  if (field.name.value === "uid") return [{ responseKey, only, below: null, isFile: false }];
  const returned = "getFields" in on ? on.getFields()[field.name.value]?.type : undefined;
  const type = returned && getNamedType(returned);
  if (type?.name === FILE_SCALAR) return [{ responseKey, only, below: null, isFile: true }];
  if (!isCompositeType(type) || !field.selectionSet) return [];
  const below = replyNode(reading, type, field.selectionSet);
  return below.entries.length > 0 ? [{ responseKey, only, below, isFile: false }] : [];
}

/** Fields of a selection set with its fragments opened; those that can never apply are left out. */
function fieldsOf(
  reading: Reading,
  type: GraphQLCompositeType,
  { selections }: SelectionSetNode,
  only: ReadonlySet<string> | null,
): readonly SelectedField[] {
  return selections.flatMap((selection): readonly SelectedField[] => {
    if (selection.kind === Kind.FIELD) return [{ field: selection, on: type, only }];
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? reading.fragments.get(selection.name.value) : selection;
    const condition = fragment?.typeCondition && typeFromAST(reading.schema, fragment.typeCondition);
    const on = isCompositeType(condition) ? condition : type;
    const narrowed = on === type ? only : intersection(only, possibleTypes(reading.schema, on));
    return fragment ? fieldsOf(reading, on, fragment.selectionSet, narrowed) : [];
  });
}

const intersection = (one: ReadonlySet<string> | null, other: ReadonlySet<string>) =>
  one ? one.intersection(other) : other;

const possibleTypes = (schema: GraphQLSchema, type: GraphQLCompositeType): ReadonlySet<string> =>
  new Set(isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [type.name]);

function wireVisitor(schema: GraphQLSchema, wireKey: string): ASTVisitor {
  const types = new TypeInfo(schema);
  const refuseLiteralId = () => {
    if (getNamedType(types.getInputType())?.name === "ID")
      throw new GatewayError("INTERNAL_SERVER_ERROR", "an id is written into a subgraph query");
  };
  return visitWithTypeInfo(types, {
    StringValue: refuseLiteralId,
    IntValue: refuseLiteralId,
    Field: (field) => (field.name.value === "uid" ? renamed(field, wireKey) : undefined),
    SelectionSet: (set) => {
      const type = types.getParentType();
      // What an entity is was said by its representation.
      return isAbstractType(type) && type.name !== "_Entity" ? withTypename(set) : undefined;
    },
  });
}

const renamed = (field: FieldNode, wireKey: string): FieldNode | undefined =>
  wireKey === "uid"
    ? undefined
    : {
        ...field,
        alias: { kind: Kind.NAME, value: responseKeyOf(field) },
        name: { kind: Kind.NAME, value: wireKey },
      };

function withTypename(set: SelectionSetNode): SelectionSetNode | undefined {
  const there = set.selections.some(
    (node) => node.kind === Kind.FIELD && node.name.value === "__typename" && !node.alias,
  );
  const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } };
  return there ? undefined : { ...set, selections: [typename, ...set.selections] };
}
