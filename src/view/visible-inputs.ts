/**
 * Which arguments, input fields and orders a reader could ever make use of: to filter, look up or order by a field needs ALLOW
 * on it (domain rules §5).
 *
 * In      the reader's gates for one purpose; a field, and where it stands.
 * Out     whether the field can be asked at all, and the coordinates of what it may be given.
 * Rule    an input of which nothing is left is left out; what must be given and is not there takes its field with it.
 *         A list's own order filters by nothing, so its name stays.
 */
import {
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from "graphql";
import type { Coordinate } from "../kernel/brands.ts";
import { lookupIsCaseBound, lookupVerdict, mayAllow } from "../plan/existence.ts";
import type { GateMaker } from "../plan/gates.ts";

export interface Returned {
  /** Name of the type that the field returns. */
  readonly returns: string;
  /** Whether a case leads to the object that carries the field; null for the fields of a root. */
  readonly caseBound: boolean | null;
}

type Field = GraphQLField<unknown, unknown>;
type Input = GraphQLArgument | GraphQLInputField;

export class VisibleInputs {
  readonly #gates: GateMaker;

  constructor(gates: GateMaker) {
    this.#gates = gates;
  }

  canBeAsked(type: string, field: Field, within: Returned): boolean {
    return field.args.every(
      (argument) =>
        !isRequiredArgument(argument) || this.#usable(argument, argumentAt(type, field, argument), within),
    );
  }

  of(type: string, field: Field, within: Returned): readonly string[] {
    return field.args.flatMap(
      (argument) => this.#usable(argument, argumentAt(type, field, argument), within) ?? [],
    );
  }

  /** Coordinates of the input and of what its type leaves; null when it is of no use. */
  #usable(
    input: Input,
    at: string,
    within: Returned,
    above: readonly string[] = [],
  ): readonly string[] | null {
    if (!this.#allows(at, within)) return null;
    const type = getNamedType(input.type);
    if (above.includes(type.name)) return [at];
    const parts = isEnumType(type)
      ? this.#codes(type, input, within)
      : isInputObjectType(type)
        ? this.#fields(type, within, [...above, type.name])
        : [];
    return parts && [at, type.name, ...parts];
  }

  #codes(type: GraphQLEnumType, { defaultValue }: Input, within: Returned): readonly string[] | null {
    const codes = type
      .getValues()
      .filter(({ name, value }) => value === defaultValue || this.#allows(`${type.name}.${name}`, within));
    return codes.length > 0 ? codes.map(({ name }) => `${type.name}.${name}`) : null;
  }

  #fields(
    type: GraphQLInputObjectType,
    within: Returned,
    above: readonly string[],
  ): readonly string[] | null {
    const left: string[] = [];
    for (const field of Object.values(type.getFields())) {
      const usable = this.#usable(field, `${type.name}.${field.name}`, within, above);
      if (usable === null && isRequiredInputField(field)) return null;
      left.push(...(usable ?? []));
    }
    return left.length > 0 ? left : null;
  }

  /** True for what filters and orders by nothing. */
  #allows(at: string, { returns, caseBound }: Returned): boolean {
    const by: Coordinate | undefined = this.#gates.supergraph.filters.get(at);
    if (by === undefined) return true;
    return mayAllow(lookupVerdict(by, caseBound ?? lookupIsCaseBound(by, returns), this.#gates));
  }
}

const argumentAt = (type: string, { name }: Field, argument: GraphQLArgument): string =>
  `${type}.${name}(${argument.name}:)`;
