/**
 * A backend in this process that answers any question with values of the right types, at once: what is measured is then not it.
 *
 * In      the schema that every agency's fields are in. A page has 100 edges, any other list three items.
 * Out     the same reply for the same question, made the first time and kept: a value is made of the field's type, an id is a counter's.
 */
import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  visit,
} from "graphql";
import type { Backend, SubgraphReply, SubgraphRequest } from "../src/execute/backend.ts";
import type { SubgraphName } from "../src/kernel/brands.ts";
import { bodyOf } from "../src/kernel/prepared-body.ts";

const SCALARS: Readonly<Record<string, unknown>> = {
  ...{ Int: 3, Float: 1.5, Boolean: true, Date: "2026-01-31", DateTime: "2026-01-31T08:00:00.000Z" },
  ...{ YearMonth: "2026-01", CountryCode: "BH", LanguageCode: "ar" },
};

const EDGES = 100;
const ITEMS = 3;

export function cannedBackend(subgraph: SubgraphName, schema: GraphQLSchema): Backend {
  const replies = new Map<string, SubgraphReply>();
  const writer = new Values(schema);
  return {
    subgraph,
    async fetch(request) {
      const question = bodyOf(request);
      const known = replies.get(question) ?? writer.reply(request);
      replies.set(question, known);
      return known;
    },
  };
}

class Values {
  readonly #schema: GraphQLSchema;
  #ids = 0;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  reply({ query, variables }: SubgraphRequest): SubgraphReply {
    const { selectionSet } = withoutFragments(query).definitions[0] as OperationDefinitionNode;
    const data: Record<string, unknown> = Object.create(null);
    for (const field of selectionSet.selections as readonly FieldNode[]) {
      const key = field.alias?.value ?? field.name.value;
      data[key] =
        field.name.value === "_entities"
          ? this.#entities(field, variables)
          : this.#field(this.#schema.getQueryType()!, field.name.value, field.selectionSet);
    }
    return { data, errors: [] };
  }

  #entities({ arguments: given, selectionSet }: FieldNode, variables: SubgraphRequest["variables"]): unknown {
    const value = given?.[0]?.value;
    if (value?.kind !== Kind.VARIABLE) throw new RangeError("representations come in a variable");
    const representations = variables[value.name.value] as readonly { readonly __typename: string }[];
    return representations.map(({ __typename }) =>
      this.#object(this.#schema.getType(__typename)!, selectionSet!),
    );
  }

  #object(type: GraphQLNamedType, { selections }: SelectionSetNode): Record<string, unknown> {
    const object: Record<string, unknown> = Object.create(null);
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const { typeCondition: on } = selection;
        if (!on || on.name.value === type.name)
          Object.assign(object, this.#object(type, selection.selectionSet));
      }
      if (selection.kind !== Kind.FIELD) continue;
      const { name, alias, selectionSet } = selection;
      const key = alias?.value ?? name.value;
      object[key] = name.value === "__typename" ? type.name : this.#field(type, name.value, selectionSet);
    }
    return object;
  }

  #field(type: GraphQLNamedType, name: string, selections: SelectionSetNode | undefined): unknown {
    const field = isObjectType(type) ? type.getFields()[name] : undefined;
    if (!field) throw new RangeError(`${type.name}.${name} is in no schema`);
    return this.#value(field.type, selections);
  }

  #value(type: GraphQLOutputType, selections: SelectionSetNode | undefined): unknown {
    if (isNonNullType(type)) return this.#value(type.ofType, selections);
    const named = getNamedType(type);
    if (isListType(type)) {
      const length = named.name.endsWith("Edge") ? EDGES : ITEMS;
      return Array.from({ length }, () => this.#value(type.ofType, selections));
    }
    if (selections) return this.#object(named, selections);
    if (isEnumType(named)) return named.getValues()[0]?.name;
    if (named.name === "ID") return `id-${++this.#ids}`;
    return SCALARS[named.name] ?? `a ${named.name}`;
  }
}

/** Spreads, which the planner uses for what it repeats, as the inline fragments that they stand for. */
function withoutFragments(query: string): DocumentNode {
  const document = parse(query);
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [],
    ),
  );
  const written = (node: ASTNode): ASTNode =>
    visit(node, {
      FragmentSpread({ name }) {
        const { typeCondition, selectionSet } = fragments.get(name.value)!;
        return written({ kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet });
      },
    });
  return written(document) as DocumentNode;
}
