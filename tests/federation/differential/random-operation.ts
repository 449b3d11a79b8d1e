/**
 * Writes a valid operation over any schema from a draw: aliases (hostile ones too), fragments of every form, conditions,
 * arguments by literal and by variable, repeated fields, `__typename` everywhere, introspection.
 *
 * How     each scope remembers which response key stands for what, so that fields merge (GraphQL specification 5.3.2) or
 *         get a key of their own; fragments are only defined when spread, variables only declared when used.
 */
import {
  doTypesOverlap,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isLeafType,
  isRequiredArgument,
  isUnionType,
} from "graphql";
import type { OperationSpec, Twig } from "./operation-spec.ts";
import { Values, type VariableModel } from "./random-values.ts";
import { fits, join, type Scope } from "./scopes.ts";

export interface Operation {
  readonly text: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

export function makeOperation(schema: GraphQLSchema, spec: OperationSpec): Operation {
  const mutation = spec.mutates ? schema.getMutationType() : undefined;
  const root = mutation ?? (schema.getQueryType() as GraphQLObjectType);
  const writer = new SelectionWriter(schema);
  const body = writer.selection(root, spec.twigs, new Map());
  const fragments = writer.fragmentsOf(body);
  const used = writer.variables.filter(({ name }) => [body, ...fragments].some((text) => names(text, name)));
  const declared = used.map(
    ({ name, type, fallback }) => `$${name}: ${type}${fallback ? ` = ${fallback}` : ""}`,
  );
  const kind = mutation ? "mutation" : "query";
  const name = spec.naming === 0 ? "" : " Main";
  const head = `${kind}${name}${declared.length > 0 ? `(${declared.join(", ")})` : ""}`;
  const other = spec.naming === 3 ? ["query Other { __typename }"] : [];
  return {
    text: [...other, `${head} ${body}`, ...fragments].join("\n"),
    operationName: spec.naming > 1 ? "Main" : undefined,
    variables: Object.fromEntries(
      used.flatMap(({ name: key, given }) => (given ? [[key, given.value]] : [])),
    ),
  };
}

const names = (text: string, variable: string): boolean => new RegExp(`\\$${variable}\\b`).test(text);

/** Names that a key, an injected input, an internal name or a careless merge would be spoofed by. */
const ALIASES = [
  ...["__proto__", "constructor", "hasOwnProperty", "toString", "_a0", "_a1", "_p_access", "_0", "_v0"],
  ...["uid", "id", "code", "num", "region", "place", "within", "f0", "f1", "_entities", "representations"],
];

class SelectionWriter {
  readonly variables: VariableModel[] = [];
  readonly #schema: GraphQLSchema;
  readonly #fragments: {
    readonly name: string;
    readonly type: string;
    readonly body: string;
    readonly scope: Scope;
  }[] = [];
  #serial = 0;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Definitions of the fragments that a text spreads, directly or through each other. */
  fragmentsOf(text: string, seen = new Set<string>()): readonly string[] {
    return this.#fragments.flatMap(({ name, type, body }) => {
      if (seen.has(name) || !new RegExp(`\\.\\.\\.${name}\\b`).test(text)) return [];
      seen.add(name);
      return [`fragment ${name} on ${type} ${body}`, ...this.fragmentsOf(body, seen)];
    });
  }

  selection(type: GraphQLCompositeType, twigs: readonly Twig[], scope: Scope): string {
    const parts = twigs.flatMap((twig) => this.#part(type, twig, scope));
    return `{ ${parts.length > 0 ? parts.join(" ") : "__typename"} }`;
  }

  #part(type: GraphQLCompositeType, twig: Twig, scope: Scope): readonly string[] {
    const { form } = twig;
    if (form <= 9) return this.#field(type, twig, scope);
    if (form === 10) return [this.#keyed(type, "__typename", twig, scope)];
    if (form === 11) return [`...${this.#condition(twig)} ${this.selection(type, twig.below, scope)}`];
    if (form <= 13) {
      const target = this.#target(type, twig.pick);
      const body = this.selection(target, twig.below, scope);
      return [`... on ${target.name}${this.#condition(twig)} ${body}`];
    }
    return form === 14 ? this.#spread(type, twig, scope) : this.#spreadAgain(type, twig, scope);
  }

  /** A type that a fragment may name here: the type itself, one of its objects, another interface or union. */
  #target(type: GraphQLCompositeType, pick: number): GraphQLCompositeType {
    const types = Object.values(this.#schema.getTypeMap()).filter(isCompositeType);
    const overlapping = types.filter((other) => doTypesOverlap(this.#schema, type, other));
    return overlapping[pick % overlapping.length] as GraphQLCompositeType;
  }

  #spread(type: GraphQLCompositeType, twig: Twig, scope: Scope): readonly string[] {
    const target = this.#target(type, twig.pick);
    const own: Scope = new Map();
    const body = this.selection(target, twig.below, own);
    if (!fits(own, scope)) return [];
    join(own, scope);
    const name = `Part${this.#serial++}`;
    this.#fragments.push({ name, type: target.name, body, scope: own });
    return [`...${name}${this.#condition(twig)}`];
  }

  #spreadAgain(type: GraphQLCompositeType, twig: Twig, scope: Scope): readonly string[] {
    const fitting = this.#fragments.filter(
      (fragment) =>
        doTypesOverlap(this.#schema, type, this.#schema.getType(fragment.type) as GraphQLCompositeType) &&
        fits(fragment.scope, scope),
    );
    const chosen = fitting[twig.pick % fitting.length];
    if (!chosen) return [];
    join(chosen.scope, scope);
    return [`...${chosen.name}${this.#condition(twig)}`];
  }

  #field(type: GraphQLCompositeType, twig: Twig, scope: Scope): readonly string[] {
    const fields = isUnionType(type) ? [] : Object.values(type.getFields());
    const isQuery = type === this.#schema.getQueryType();
    if (isQuery && twig.form === 0 && twig.pick % 8 === 7) return [this.#introspection(twig, scope)];
    // A leaf when there is nothing below, so that small draws are small texts.
    const open = fields.filter((field) => twig.below.length > 0 || isLeafType(getNamedType(field.type)));
    const field = (open.length > 0 ? open : fields)[twig.pick % (open.length || fields.length)];
    if (!field) return [this.#keyed(type, "__typename", twig, scope)];
    return [this.#written(type, field, twig, scope)];
  }

  #written(
    type: GraphQLCompositeType,
    field: GraphQLField<unknown, unknown>,
    twig: Twig,
    scope: Scope,
  ): string {
    const key = this.#alias(twig, type) ?? field.name;
    const present = scope.get(key);
    const repeats = present?.field === field.name && present.type === String(field.type);
    const args = repeats ? present.args : this.#arguments(field, twig.args);
    const held = present === undefined || repeats ? key : `${key}_${this.#serial++}`;
    const entry = repeats ? present : { field: field.name, args, type: String(field.type), below: new Map() };
    scope.set(held, entry);
    const named = getNamedType(field.type);
    const below = isCompositeType(named) ? ` ${this.selection(named, twig.below, entry.below)}` : "";
    return `${held === field.name ? "" : `${held}: `}${field.name}${args}${this.#condition(twig)}${below}`;
  }

  #keyed(type: GraphQLCompositeType, name: "__typename", twig: Twig, scope: Scope): string {
    const key = this.#alias(twig, type) ?? name;
    const present = scope.get(key);
    const held = present === undefined || present.field === name ? key : `${key}_${this.#serial++}`;
    scope.set(held, { field: name, args: "", type: "String!", below: new Map() });
    return `${held === name ? "" : `${held}: `}${name}${this.#condition(twig)}`;
  }

  #introspection(twig: Twig, scope: Scope): string {
    const key = `about${this.#serial++}`;
    scope.set(key, { field: key, args: "", type: "", below: new Map() });
    const types = Object.keys(this.#schema.getTypeMap()).filter((name) => !name.startsWith("__"));
    const about = types[twig.args % types.length];
    return twig.args % 3 === 0
      ? `${key}: __schema { queryType { name } mutationType { __typename name } }`
      : `${key}: __type(name: "${about}") { kind name fields { name type { kind name ofType { name } } } }`;
  }

  /** Sometimes a hostile name, sometimes the name of another field. */
  #alias({ alias, pick }: Twig, type: GraphQLCompositeType): string | null {
    if (alias < 24) return null;
    if (alias < 34 || isUnionType(type)) return ALIASES[(alias + pick) % ALIASES.length] ?? null;
    const fields = Object.keys(type.getFields());
    return fields[(alias + pick) % fields.length] ?? null;
  }

  #condition({ condition, args }: Twig): string {
    if (condition < 28) return "";
    const directive = condition % 2 === 0 ? "include" : "skip";
    const other = condition % 2 === 0 ? "skip" : "include";
    const one = ` @${directive}(if: ${this.#flag(args, condition < 34)})`;
    return condition % 5 > 0 ? one : `${one} @${other}(if: ${this.#flag(args >> 3, condition < 34)})`;
  }

  #flag(pick: number, literal: boolean): string {
    const value = pick % 3 > 0;
    if (literal) return String(value);
    const known = this.variables.find(({ type }) => type === "Boolean!");
    if (known && pick % 2 === 0) return `$${known.name}`;
    const name = `is${this.#serial++}`;
    this.variables.push({
      name,
      type: "Boolean!",
      fallback: pick % 4 < 2 ? String(!value) : null,
      given: { value },
    });
    return `$${name}`;
  }

  #arguments(field: GraphQLField<unknown, unknown>, seed: number): string {
    const values = new Values(seed, this.variables);
    const given = field.args.flatMap((arg) => {
      if (!isRequiredArgument(arg) && values.chance(3)) return [];
      return [`${arg.name}: ${values.argument(arg)}`];
    });
    return given.length > 0 ? `(${given.join(", ")})` : "";
  }
}
