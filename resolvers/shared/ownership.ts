/**
 * `own` and `inRows`, the two questions that the gateway asks of rows which belong to organisations: does the row belong
 * to the reader's own, and is it one of those that a masked form leaves to everybody?
 */
import "reflect-metadata";
import { Arg, type ClassType, FieldResolver, Resolver, Root } from "type-graphql";
import { directives } from "./labels.ts";
import { optional, ReaderInput } from "./values.ts";

export interface OwnershipRules<Row> {
  readonly own: (row: Row, reader: ReaderInput) => boolean;
  readonly inRows: (row: Row) => boolean;
}

/** A resolver class with both fields for `type`. */
export function ownershipOf<Row extends object>(
  type: () => ClassType<Row>,
  rules: OwnershipRules<Row>,
): ClassType {
  @Resolver(type)
  class OwnershipResolver {
    @directives("@policyInput", "@inaccessible")
    @FieldResolver(() => Boolean, optional)
    own(@Root() row: Row, @Arg("reader", () => ReaderInput) reader: ReaderInput): boolean {
      return rules.own(row, reader);
    }

    @directives("@policyInput", "@inaccessible")
    @FieldResolver(() => Boolean, optional)
    inRows(@Root() row: Row, @Arg("reader", () => ReaderInput) _reader: ReaderInput): boolean {
      return rules.inRows(row);
    }
  }
  return OwnershipResolver;
}
