/**
 * What fast-check draws for a schema: numbers that `random-model.ts` reads modulo what is possible, so that any draw is a
 * valid schema and a smaller draw a smaller schema.
 */
import fc from "fast-check";

export interface FieldSpec {
  /** Picks the type among those that the owner may use. */
  readonly type: number;
  readonly wrap: number;
  readonly owner: number;
  /** Plain, shared, overridden, required … : see `fieldKind`. */
  readonly kind: number;
  /** A second pick, for whatever the kind needs. */
  readonly other: number;
  readonly args: readonly number[];
}

export interface EntitySpec {
  readonly hub: number;
  /** Kinds of further keys beside `id`. */
  readonly keys: readonly number[];
  readonly places: readonly { readonly at: number; readonly keys: number }[];
  readonly fields: readonly FieldSpec[];
}

export interface AbstractSpec {
  readonly members: readonly number[];
  readonly masks: readonly number[];
  readonly fields: readonly FieldSpec[];
}

export interface FamilySpec {
  readonly home: number;
  readonly objectAt: number;
  readonly members: readonly EntitySpec[];
  readonly fields: readonly FieldSpec[];
  readonly objectFields: readonly FieldSpec[];
}

export interface ModelSpec {
  readonly subgraphs: number;
  readonly entities: readonly EntitySpec[];
  readonly values: readonly { readonly fields: readonly FieldSpec[] }[];
  readonly unions: readonly AbstractSpec[];
  readonly interfaces: readonly AbstractSpec[];
  readonly family: FamilySpec | null;
  readonly roots: readonly FieldSpec[];
  readonly mutations: readonly FieldSpec[];
}

const field: fc.Arbitrary<FieldSpec> = fc.record({
  type: fc.nat(99),
  wrap: fc.nat(19),
  owner: fc.nat(9),
  kind: fc.nat(15),
  other: fc.nat(999),
  args: fc.array(fc.nat(99), { maxLength: 2 }),
});

const fields = (minLength: number, maxLength: number): fc.Arbitrary<readonly FieldSpec[]> =>
  fc.array(field, { minLength, maxLength, size: "max" });

const entity: fc.Arbitrary<EntitySpec> = fc.record({
  hub: fc.nat(9),
  keys: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }),
  places: fc.array(fc.record({ at: fc.nat(9), keys: fc.nat(7) }), { maxLength: 3 }),
  fields: fields(1, 7),
});

const abstract: fc.Arbitrary<AbstractSpec> = fc.record({
  members: fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }),
  masks: fc.array(fc.nat(7), { minLength: 5, maxLength: 5 }),
  fields: fields(0, 3),
});

const family: fc.Arbitrary<FamilySpec> = fc.record({
  home: fc.nat(9),
  objectAt: fc.nat(9),
  members: fc.array(entity, { minLength: 1, maxLength: 2 }),
  fields: fields(0, 2),
  objectFields: fields(1, 3),
});

export const modelSpec: fc.Arbitrary<ModelSpec> = fc.record({
  subgraphs: fc.integer({ min: 2, max: 5 }),
  entities: fc.array(entity, { minLength: 1, maxLength: 4, size: "max" }),
  values: fc.array(fc.record({ fields: fields(1, 4) }), { maxLength: 3, size: "max" }),
  unions: fc.array(abstract, { maxLength: 2, size: "max" }),
  interfaces: fc.array(abstract, { maxLength: 2, size: "max" }),
  family: fc.option(family, { freq: 2 }),
  roots: fields(1, 7),
  mutations: fields(0, 4),
});
