/**
 * Entities that are known before any row is: the principal and what it belongs to, the closed vocabularies.
 */
import type { CedarSchema } from "./types.ts";
import type { RecordValue } from "./values.ts";

export interface EntityRef {
  readonly type: string;
  readonly id: string;
}

export interface KnownEntity extends EntityRef {
  readonly attributes: RecordValue;
  readonly tags?: RecordValue;
  readonly parents: readonly EntityRef[];
}

export class EntityStore {
  readonly #entities = new Map<string, KnownEntity>();
  readonly #ids = new Map<string, string[]>();
  readonly #ancestors = new Map<string, ReadonlySet<string>>();
  readonly #schema: CedarSchema;

  constructor(schema: CedarSchema, entities: Iterable<KnownEntity>) {
    this.#schema = schema;
    for (const entity of entities) {
      this.#entities.set(keyOf(entity), entity);
      const ids = this.#ids.get(entity.type);
      if (ids) ids.push(entity.id);
      else this.#ids.set(entity.type, [entity.id]);
    }
  }

  attributes(ref: EntityRef): RecordValue | undefined {
    return this.#entities.get(keyOf(ref))?.attributes;
  }

  tags(ref: EntityRef): RecordValue | undefined {
    return this.#entities.get(keyOf(ref))?.tags;
  }

  /** Ids of one type that are stated here. */
  ids(type: string): readonly string[] {
    return this.#ids.get(type) ?? [];
  }

  /** Ids of `ancestorType` that the entity is in, itself included when it is of that type. */
  ancestors(ref: EntityRef, ancestorType: string): ReadonlySet<string> {
    if (ref.type === "Action") {
      return ancestorType === "Action"
        ? (this.#schema.actions.get(ref.id)?.ancestors ?? new Set([ref.id]))
        : new Set();
    }
    // A row may name any id: only those that are stated here are kept.
    if (!this.#entities.has(keyOf(ref))) return new Set(ref.type === ancestorType ? [ref.id] : []);
    const key = `${ancestorType}\0${keyOf(ref)}`;
    const found = this.#ancestors.get(key) ?? this.#climb(ref, ancestorType);
    this.#ancestors.set(key, found);
    return found;
  }

  #climb(ref: EntityRef, ancestorType: string): ReadonlySet<string> {
    const found = new Set<string>();
    const seen = new Set<string>();
    const visit = (entity: EntityRef) => {
      if (seen.has(keyOf(entity))) return;
      seen.add(keyOf(entity));
      if (entity.type === ancestorType) found.add(entity.id);
      for (const parent of this.#entities.get(keyOf(entity))?.parents ?? []) visit(parent);
    };
    visit(ref);
    return found;
  }
}

const keyOf = ({ type, id }: EntityRef) => `${type}\0${id}`;
