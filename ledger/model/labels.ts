/**
 * Decorators for the labels of `schema/directives.graphql`, and short forms of the options of `@Field`.
 *
 * Labels in a subgraph's SDL are a statement, not the law: composition checks them against the manifest.
 */
import "reflect-metadata";
import { Directive } from "type-graphql";

type Decorator = (prototype: object, name: string | symbol, descriptor?: PropertyDescriptor) => void;

const together =
  (...directives: readonly string[]): Decorator =>
  (prototype, name, descriptor) => {
    for (const text of directives) (Directive(text) as Decorator)(prototype, name, descriptor);
  };

type ClassName =
  | "S0_PUBLIC"
  | "S1_ADMINISTRATIVE"
  | "S2_PERSONAL"
  | "S3_CASE"
  | "S4_VICTIM"
  | "S5_INVESTIGATIVE";

/** The field group that decides the field, its class, and its Arabic label. */
export const Guarded = (group: string, level: ClassName, label: string): Decorator =>
  together(`@group(name: ${group})`, `@class(level: ${level})`, `@label(ar: ${JSON.stringify(label)})`);

/** Another agency's policies decide the field. */
export const OwnedBy = (agency: string): Decorator => together(`@owner(agency: ${agency})`);

/** Exists only to decide other fields. */
export const PolicyInput = (): Decorator => together("@policyInput", "@inaccessible");

export const Inaccessible = (): Decorator => together("@inaccessible");

/**
 * The field that an argument or an input field reads. For an argument of a field resolver, name the type too:
 * type-graphql looks for an argument's directives on the class of the type, not on that of the resolver.
 */
export function FiltersBy(
  coordinate: string,
  type?: { readonly prototype: object },
): Decorator & ParameterDecorator {
  const directive = Directive(`@filters(by: "${coordinate}")`) as Decorator & ParameterDecorator;
  return (prototype: object, name: string | symbol | undefined, at?: PropertyDescriptor | number) =>
    (directive as (...target: readonly unknown[]) => void)(type?.prototype ?? prototype, name, at);
}

/** Every field with a group is nullable: officers may then write any policy without breaking the schema. */
export const NULLABLE: { readonly nullable: true } = { nullable: true };
