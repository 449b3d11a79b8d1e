/**
 * A selection on a type from which no decision can be reached (`type-table.ts`): planned in the structure that the client gave it, so
 * that the planner sees abstract types as such, with canonical keys.
 *
 * Keys    a field without alias that takes no arguments is its own key; any other (a subgraph may require it with other arguments) gets `_b<n>`, the same for the same response name, field and
 *         arguments. So no client alias can stand where an entity key is read, and what the client may select side by side stays
 *         without conflict.
 *         Names of `Object.prototype` are never keys: a value that did not arrive must read as undefined.
 * Out     canonical text, and for each concrete type the fields that it shows, in the order requested.
 * Cost    one walk for the text; the fields of a concrete type are collected when the first object of it is written.
 */
import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  Kind,
  print,
  type SelectionSetNode,
} from "graphql";
import { type Coordinate, coordinate } from "../kernel/brands.ts";
import type { TypeTable } from "../supergraph/type-table.ts";
import { collectFields, type Selected, visitSelections } from "./collect-fields.ts";
import { type Deferral, type ObjectDeferral, UNDEFERRED, type Uses } from "./deferral.ts";
import type { ArgumentSlot } from "./internal-operation.ts";

/** What a selection shares with the whole operation. */
export interface PlainContext {
  readonly schema: GraphQLSchema;
  readonly types: TypeTable;
  readonly selected: Selected;
  /** Lifts the arguments of a field into variables; equal arguments share theirs. */
  readonly lift: (
    parent: string,
    node: FieldNode,
    definition: GraphQLField<unknown, unknown>,
  ) => readonly ArgumentSlot[];
  /** Takes `__schema` and `__type` aside: they are answered beside the plan. */
  readonly introspection: FieldNode[];
  /** Keys of fields with alias or arguments. */
  readonly keys: Map<string, string>;
  /** Null in operations that defer nothing. */
  readonly deferral: Deferral | null;
}

export interface PlainField {
  readonly responseKey: string;
  readonly coordinate: Coordinate;
  /** Where the value is read; null for `__typename` and introspection. */
  readonly key: string | null;
  readonly kind: "leaf" | "composite" | "typename" | "introspection";
  readonly type: GraphQLOutputType;
  /** Null for leaves. */
  readonly selection: PlainSelection | null;
  /** Who selects it; null in operations that defer nothing. */
  readonly uses: Uses | null;
}

export class PlainSelection {
  readonly type: GraphQLCompositeType;
  readonly deferral: ObjectDeferral | null;
  readonly #sets: readonly SelectionSetNode[];
  readonly #context: PlainContext;
  readonly #fields = new Map<string, readonly PlainField[]>();

  constructor(
    type: GraphQLCompositeType,
    sets: readonly SelectionSetNode[],
    context: PlainContext,
    uses: Uses | null = UNDEFERRED,
  ) {
    this.type = type;
    this.deferral = context.deferral?.at(uses ?? UNDEFERRED, sets) ?? null;
    this.#sets = sets;
    this.#context = context;
  }

  /** Canonical text with braces; adds to `slots` the arguments that it passes on. */
  print(slots: Set<ArgumentSlot>): string {
    return printSet(this.type, this.#sets, { ...this.#context, slots });
  }

  /** Each root field as a selection of its own, for operations whose root fields run one after the other. */
  fieldByField(): readonly { readonly field: PlainField; readonly alone: PlainSelection }[] {
    const nodesOf = collectFields(this.type.name, this.#sets, this.#context.selected);
    return (this.fieldsOf(this.type.name) ?? []).map((field) => {
      const selections = nodesOf.get(field.responseKey) ?? [];
      const set: SelectionSetNode = { kind: Kind.SELECTION_SET, selections };
      return { field, alone: new PlainSelection(this.type, [set], this.#context) };
    });
  }

  /**
   * For an object whose type did not arrive, the fields of the declared type. Null for a type that cannot stand here, and for an interface
   * where what is shown depends on more than that.
   */
  fieldsOfObject(typename: string | undefined): readonly PlainField[] | null {
    const name = typename ?? this.type.name;
    const isInterface = isInterfaceType(this.#context.schema.getType(name));
    return isInterface && this.#dependsOnType(name) ? null : this.fieldsOf(name);
  }

  /** The fields that are selected for a type; null for one that cannot stand here. */
  fieldsOf(name: string): readonly PlainField[] | null {
    const known = this.#fields.get(name);
    if (known) return known;
    const { schema, types } = this.#context;
    const type = schema.getType(name);
    if (!isObjectType(type) && !isInterfaceType(type)) return null;
    if (!types.satisfies(name, this.type.name)) return null;
    const fields = [...collectFields(name, this.#sets, this.#context.selected)].map(([responseKey, nodes]) =>
      this.#field(name, type.getFields(), responseKey, nodes),
    );
    this.#fields.set(name, fields);
    return fields;
  }

  /** What is shown depends on the type: an object of which only this interface is known cannot be shown. */
  #dependsOnType(name: string): boolean {
    const { selected, types } = this.#context;
    let depends = false;
    for (const set of this.#sets)
      visitSelections(name, set, selected, {
        inside: (condition) => types.satisfies(name, condition),
        field: (node) => {
          depends ||= node.name.value === "__typename";
        },
        branch: (condition) => {
          depends ||= !types.covered(name).isDisjointFrom(types.covered(condition));
        },
      });
    return depends;
  }

  /** The fields of every type that can stand here. */
  allFields(): readonly PlainField[] {
    const { schema } = this.#context;
    const types = isAbstractType(this.type) ? schema.getPossibleTypes(this.type) : [];
    return [this.type, ...types].flatMap(({ name }) => this.fieldsOf(name) ?? []);
  }

  #field(
    parent: string,
    definitions: Readonly<Record<string, GraphQLField<unknown, unknown>>>,
    responseKey: string,
    nodes: readonly FieldNode[],
  ): PlainField {
    const node = nodes[0] as FieldNode;
    const name = node.name.value;
    const uses = this.#context.deferral?.usesOf(nodes) ?? null;
    const base = { responseKey, coordinate: coordinate(parent, name), uses };
    const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (!definition) {
      const kind = name === "__typename" ? "typename" : "introspection";
      if (kind === "introspection") this.#context.introspection.push(...nodes);
      return { ...base, kind, key: null, type: this.type as GraphQLOutputType, selection: null };
    }
    const { type } = definition;
    const named = getNamedType(type);
    const key = keyOf(node, definition, this.#context.keys);
    if (!isCompositeType(named)) return { ...base, kind: "leaf", key, type, selection: null };
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return {
      ...base,
      kind: "composite",
      key,
      type,
      selection: new PlainSelection(named, sets, this.#context, uses),
    };
  }
}

interface Printing extends PlainContext {
  readonly slots: Set<ArgumentSlot>;
}

interface Printed {
  readonly head: string;
  readonly type: GraphQLOutputType;
  readonly sets: SelectionSetNode[];
}

function printSet(
  parent: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
  context: Printing,
): string {
  const fields = new Map<string, Printed>();
  const branches = new Map<string, SelectionSetNode[]>();
  let typename = false;
  for (const set of sets) {
    visitSelections(parent.name, set, context.selected, {
      inside: (condition) => context.types.satisfies(parent.name, condition),
      field: (node, within) => {
        if (node.name.value === "__typename") typename = true;
        else addField(node, within, fields, context);
      },
      branch: (condition, inner) => {
        if (isObjectType(parent)) return;
        const held = branches.get(condition);
        if (held) held.push(inner);
        else branches.set(condition, [inner]);
      },
    });
  }
  // The planner adds it where a type must be told apart; asked for without need it may choose a longer way.
  // Of an interface object it leaves the key out without it, where fragments alone are asked.
  const isKeyless = branches.size > 0 && context.types.isInterfaceObject(parent.name);
  const parts = typename || isKeyless ? ["__typename"] : [];
  for (const { head, type, sets: below } of fields.values()) {
    const named = getNamedType(type);
    parts.push(isLeafType(named) ? head : head + printSet(named as GraphQLCompositeType, below, context));
  }
  for (const [condition, inner] of branches) {
    const type = context.schema.getType(condition) as GraphQLCompositeType;
    parts.push(`...on ${condition}${printSet(type, inner, context)}`);
  }
  return `{${parts.length > 0 ? parts.join(" ") : "__typename"}}`;
}

function addField(node: FieldNode, within: string, fields: Map<string, Printed>, context: Printing): void {
  const name = node.name.value;
  const type = context.schema.getType(within);
  const definitions = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (!definition) return;
  const key = keyOf(node, definition, context.keys);
  let printed = fields.get(key);
  if (!printed) {
    const slots = context.lift(within, node, definition);
    for (const slot of slots) context.slots.add(slot);
    const passed = slots.map(({ argument, variable }) => `${argument}:$${variable}`).join(" ");
    const alias = key === name ? "" : `${key}:`;
    printed = { head: `${alias}${name}${passed ? `(${passed})` : ""}`, type: definition.type, sets: [] };
    fields.set(key, printed);
  }
  if (node.selectionSet) printed.sets.push(node.selectionSet);
}

/** Internal keys begin with an underscore and a letter of ours; a field of such a name takes an alias too. */
const RESERVED = /^_[abpvr]/;
const OBJECT_NAMES: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

function keyOf(
  node: FieldNode,
  { args }: Pick<GraphQLField<unknown, unknown>, "args">,
  keys: Map<string, string>,
): string {
  const name = node.name.value;
  const responseKey = node.alias?.value ?? name;
  const { arguments: passed = [] } = node;
  if (responseKey === name && args.length === 0 && !RESERVED.test(name) && !OBJECT_NAMES.has(name))
    return name;
  const values = passed.map((argument) => print(argument)).sort();
  const asked = `${responseKey}:${name}(${values.join()})`;
  let key = keys.get(asked);
  if (key === undefined) {
    key = `_b${keys.size}`;
    keys.set(asked, key);
  }
  return key;
}
