/**
 * The schema as each reader may know it: what introspection, downloads and suggestions are made of.
 *
 * In      the reader's gates, one for each purpose that the role may claim.
 * Out     a view: the public schema without what the reader could never be shown for any of them. Where nothing is decided, and
 *         for whoever sees everything, that is the public schema itself.
 * Rule    documents of every reader are valid against the one public schema, whose names are no secret (docs/architecture.md).
 * Bounds  made when it is first asked for; the views of 64 kinds of readers are kept, and 32 answers of introspection. Kinds who
 *         see the same share one schema.
 * Cost    some 20 ms a purpose when no verdict is known yet, 10 ms for the schema; a map look-up afterwards.
 * Errors  INTERNAL_SERVER_ERROR when introspection does not answer at once.
 */
import { createHash } from "node:crypto";
import {
  buildSchema,
  type DocumentNode,
  execute,
  type GraphQLSchema,
  Kind,
  parse,
  print,
  type VariableDefinitionNode,
} from "graphql";
import { LRUCache } from "lru-cache";
import { GatewayError } from "../kernel/errors.ts";
import type { GateMaker } from "../plan/gates.ts";
import { namedType } from "../supergraph/ast.ts";
import type { Supergraph } from "../supergraph/supergraph.ts";
import { restrictSchema } from "./restrict-schema.ts";
import { visibleCoordinates } from "./visible-coordinates.ts";

const MAX_SCHEMAS = 64;
/** A schema must have something to ask; documents are held to the public one, which has no such field. */
const NOTHING = buildSchema('type Query { "Nothing is shown to this reader." _: Boolean }');
const MAX_ANSWERS = 32;

type Variables = Readonly<Record<string, unknown>>;
type Introspection = Readonly<Record<string, unknown>>;

export class Views {
  readonly #supergraph: Supergraph;
  readonly #isOpen: boolean;
  #document: DocumentNode | null = null;
  readonly #ofReader = new LRUCache<string, GraphQLSchema>({ max: MAX_SCHEMAS });
  readonly #ofNames = new LRUCache<string, GraphQLSchema>({ max: MAX_SCHEMAS });
  readonly #answers = new LRUCache<string, Introspection>({ max: MAX_ANSWERS });
  readonly #numbers = new WeakMap<GraphQLSchema, number>();
  #count = 0;

  constructor(supergraph: Supergraph) {
    this.#supergraph = supergraph;
    this.#isOpen = [...supergraph.fields.values()].every(({ group }) => group === null);
  }

  schemaFor(gates: readonly GateMaker[]): GraphQLSchema {
    if (this.#isOpen) return this.#supergraph.publicSchema;
    const reader = gates.map(({ profile }) => profile.key).join("\n");
    const schema = this.#ofReader.get(reader) ?? this.#build(namesFor(gates));
    this.#ofReader.set(reader, schema);
    return schema;
  }

  /** `__schema` and `__type` as the reader may know them. */
  introspect(gates: readonly GateMaker[], document: DocumentNode, given: Variables): Introspection {
    const schema = this.schemaFor(gates);
    const asked = withPlainVariables(document);
    const variables = Object.fromEntries(
      asked.names.flatMap((name) => (Object.hasOwn(given, name) ? [[name, given[name]]] : [])),
    );
    const key = `${this.#numberOf(schema)} ${JSON.stringify(variables)} ${print(asked.document)}`;
    const answer = this.#answers.get(key) ?? introspectionOf(schema, asked.document, variables);
    this.#answers.set(key, answer);
    return answer;
  }

  #build(names: readonly string[]): GraphQLSchema {
    if (!names.includes(this.#supergraph.publicSchema.getQueryType()?.name ?? "")) return NOTHING;
    const hash = createHash("sha256").update(names.join("\n")).digest("hex");
    this.#document ??= parse(this.#supergraph.publicSdl, { noLocation: true });
    const schema = this.#ofNames.get(hash) ?? restrictSchema(this.#document, new Set(names));
    this.#ofNames.set(hash, schema);
    return schema;
  }

  #numberOf(schema: GraphQLSchema): number {
    const number = this.#numbers.get(schema) ?? ++this.#count;
    this.#numbers.set(schema, number);
    return number;
  }
}

const namesFor = (gates: readonly GateMaker[]): readonly string[] =>
  [...new Set(gates.flatMap((each) => [...visibleCoordinates(each)]))].sort();

/** Introspection takes texts and switches alone; variables of other types belong to the rest of the operation. */
function withPlainVariables(document: DocumentNode) {
  const isPlain = ({ type }: VariableDefinitionNode) => PLAIN_TYPES.has(namedType(type));
  const definitions = document.definitions.map((node) =>
    node.kind === Kind.OPERATION_DEFINITION
      ? { ...node, variableDefinitions: (node.variableDefinitions ?? []).filter(isPlain) }
      : node,
  );
  const names = definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION
      ? node.variableDefinitions.map(({ variable }) => variable.name.value)
      : [],
  );
  return { document: { ...document, definitions }, names };
}

const PLAIN_TYPES: ReadonlySet<string> = new Set(["String", "Boolean"]);

function introspectionOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variableValues: Variables,
): Introspection {
  const result = execute({ schema, document, variableValues });
  if (result instanceof Promise)
    throw new GatewayError("INTERNAL_SERVER_ERROR", "introspection took a promise");
  return result.data ?? {};
}
