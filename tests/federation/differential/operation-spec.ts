/** What fast-check draws for an operation: a tree of numbers, read modulo what the schema offers; smaller draws, smaller texts. */
import fc from "fast-check";

export interface Twig {
  /** Which field, or which type of a fragment. */
  readonly pick: number;
  /** Field, inline fragment, named fragment …: see `SelectionWriter`. */
  readonly form: number;
  readonly alias: number;
  /** `@skip` and `@include`, by literal and variable. */
  readonly condition: number;
  /** Seeds the arguments. */
  readonly args: number;
  readonly below: readonly Twig[];
}

export interface OperationSpec {
  readonly twigs: readonly Twig[];
  readonly mutates: boolean;
  /** 0 anonymous, 1 named, 2 named and asked for by name, 3 one of two. */
  readonly naming: number;
}

const MAX_DEPTH = 6;

const { twig } = fc.letrec<{ twig: Twig; below: readonly Twig[] }>((tie) => ({
  below: fc.oneof(
    { maxDepth: MAX_DEPTH, depthSize: "max" },
    fc.constant([]),
    fc.array(tie("twig"), { minLength: 1, maxLength: 4, size: "max" }),
    fc.array(tie("twig"), { minLength: 1, maxLength: 2, size: "max" }),
  ),
  twig: fc.record({
    pick: fc.nat(999),
    form: fc.nat(15),
    alias: fc.nat(39),
    condition: fc.nat(39),
    args: fc.nat(0xff_ffff),
    below: tie("below"),
  }),
}));

export const operationSpec: fc.Arbitrary<OperationSpec> = fc.record({
  twigs: fc.array(twig, { minLength: 1, maxLength: 4, size: "max" }),
  mutates: fc.nat(4).map((pick) => pick === 4),
  naming: fc.nat(3),
});
