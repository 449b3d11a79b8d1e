/**
 * Cedar's types and schema as the evaluator needs them, built from the schema's JSON form.
 *
 * In      the JSON of `schemaToJsonWithResolvedTypes`, one namespace (ours is the empty one).
 * Out     entity shapes, and for every action what it applies to and all groups above it.
 * Errors  a type outside the language, or a name that is declared nowhere, throws: the schema is ours and generated.
 */
export type CedarType =
  | { readonly kind: "Bool" | "Long" | "String" | "decimal" | "ipaddr" | "datetime" | "duration" }
  | { readonly kind: "Entity"; readonly name: string }
  | { readonly kind: "Set"; readonly element: CedarType }
  | { readonly kind: "Record"; readonly attributes: ReadonlyMap<string, Attribute> };

export interface Attribute {
  readonly type: CedarType;
  readonly optional: boolean;
}

export const BOOL: CedarType = { kind: "Bool" };
export const LONG: CedarType = { kind: "Long" };
export const STRING: CedarType = { kind: "String" };
export const DATETIME: CedarType = { kind: "datetime" };
export const DURATION: CedarType = { kind: "duration" };
export const ACTION: CedarType = { kind: "Entity", name: "Action" };
export const entityType = (name: string): CedarType => ({ kind: "Entity", name });
export const setOf = (element: CedarType): CedarType => ({ kind: "Set", element });

interface CedarAction {
  readonly id: string;
  /** The action itself and every group above it. */
  readonly ancestors: ReadonlySet<string>;
  /** Null for a group: nobody asks for a group. */
  readonly appliesTo: {
    readonly principals: readonly string[];
    readonly resources: readonly string[];
    readonly context: CedarType;
  } | null;
}

export interface CedarSchema {
  readonly actions: ReadonlyMap<string, CedarAction>;
  /** Attributes of every entity type; none for an enum. */
  readonly shapes: ReadonlyMap<string, ReadonlyMap<string, Attribute>>;
  /** Type of the tags of every entity type that has any. */
  readonly tags: ReadonlyMap<string, CedarType>;
  /** Ids of every enum entity type. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

interface RawType {
  readonly type: string;
  readonly name?: string;
  readonly element?: RawType;
  readonly attributes?: Readonly<Record<string, RawType & { readonly required?: boolean }>>;
}
interface RawNamespace {
  readonly commonTypes?: Readonly<Record<string, RawType>>;
  readonly entityTypes: Readonly<
    Record<string, { readonly shape?: RawType; readonly tags?: RawType; readonly enum?: readonly string[] }>
  >;
  readonly actions: Readonly<
    Record<
      string,
      {
        readonly memberOf?: readonly { readonly id: string }[];
        readonly appliesTo?: {
          readonly principalTypes: readonly string[];
          readonly resourceTypes: readonly string[];
          readonly context?: RawType;
        };
      }
    >
  >;
}
export type SchemaJson = Readonly<Record<string, RawNamespace>>;

const EMPTY: RawNamespace = { entityTypes: {}, actions: {} };
const SCALARS = new Map<string, CedarType>(
  (["Bool", "Long", "String", "decimal", "ipaddr", "datetime", "duration"] as const).map((kind) => [
    kind,
    { kind },
  ]),
);
SCALARS.set("Boolean", BOOL);

export function cedarSchemaFrom(json: SchemaJson): CedarSchema {
  const raw = json[""] ?? EMPTY;
  const resolve = (type: RawType): CedarType => resolveType(type, raw, resolve);
  const shapes = new Map(
    Object.entries(raw.entityTypes).map(([name, { shape }]) => [
      name,
      shape ? attributesOf(resolve(shape)) : new Map(),
    ]),
  );
  const tags = new Map(
    Object.entries(raw.entityTypes).flatMap(([name, { tags: of }]) =>
      of ? [[name, resolve(of)] as const] : [],
    ),
  );
  const enums = new Map(
    Object.entries(raw.entityTypes).flatMap(([name, { enum: ids }]) => (ids ? [[name, ids] as const] : [])),
  );
  const actions = new Map(
    Object.entries(raw.actions).map(([id, { appliesTo }]) => [
      id,
      {
        id,
        ancestors: ancestorsOf(id, raw),
        // A group comes with empty lists.
        appliesTo: appliesTo?.resourceTypes.length
          ? {
              principals: appliesTo.principalTypes,
              resources: appliesTo.resourceTypes,
              context: resolve(appliesTo.context ?? { type: "Record", attributes: {} }),
            }
          : null,
      },
    ]),
  );
  return { actions, shapes, tags, enums };
}

export function attributesOf(type: CedarType): ReadonlyMap<string, Attribute> {
  if (type.kind !== "Record") throw new Error(`a record type is needed, not ${type.kind}`);
  return type.attributes;
}

function resolveType(type: RawType, raw: RawNamespace, resolve: (type: RawType) => CedarType): CedarType {
  if (type.type === "Set" && type.element) return setOf(resolve(type.element));
  if (type.type === "Record") {
    return {
      kind: "Record",
      attributes: new Map(
        Object.entries(type.attributes ?? {}).map(([name, attribute]) => [
          name,
          { type: resolve(attribute), optional: attribute.required === false },
        ]),
      ),
    };
  }
  const name = (type.name ?? type.type).replace(/^__cedar::/, "");
  const common = raw.commonTypes?.[name];
  if (common) return resolve(common);
  const scalar = SCALARS.get(name);
  if (scalar) return scalar;
  if (name === "Action" || name in raw.entityTypes) return entityType(name);
  throw new Error(`the schema names an unknown type \`${name}\``);
}

function ancestorsOf(id: string, raw: RawNamespace, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(id)) return seen;
  seen.add(id);
  for (const group of raw.actions[id]?.memberOf ?? []) ancestorsOf(group.id, raw, seen);
  return seen;
}
