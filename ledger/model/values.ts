/** Types of the vocabulary that both subgraphs return or take. Stubs name an object that another subgraph describes. */
import { Directive, Field, ID, InputType, ObjectType } from "type-graphql";
import { AgencyAddress, AgencyCode, CalendarDate, PurposeOfUse } from "./codes.ts";
import { Inaccessible, NULLABLE } from "./labels.ts";

@Directive('@key(fields: "address code", resolvable: false)')
@ObjectType()
export class Agency {
  @Field(() => AgencyAddress)
  readonly address!: string;
  @Field(() => AgencyCode)
  readonly code!: string;
}

@Directive('@key(fields: "uid", resolvable: false)')
@ObjectType()
export class Staff {
  @Inaccessible()
  @Field(() => ID)
  readonly uid!: string;
}

@Directive("@shareable")
@ObjectType()
export class PageInfo {
  @Field(() => Boolean)
  readonly hasNextPage!: boolean;
  @Field(() => Boolean)
  readonly hasPreviousPage!: boolean;
  @Field(() => String, NULLABLE)
  readonly startCursor!: string | null;
  @Field(() => String, NULLABLE)
  readonly endCursor!: string | null;
}

@InputType()
export class DateRangeInput {
  @Field(() => CalendarDate, NULLABLE)
  readonly from?: string | null;
  @Field(() => CalendarDate, NULLABLE)
  readonly until?: string | null;
}

@Directive("@inaccessible")
@InputType()
export class ReaderInput {
  @Field(() => AgencyCode)
  readonly agency!: string;
  @Field(() => AgencyAddress)
  readonly address!: string;
  @Field(() => String)
  readonly role!: string;
  @Field(() => String)
  readonly staff!: string;
  @Field(() => PurposeOfUse)
  readonly purpose!: string;
}

/** An object that is known by its uid alone here. */
export const stub = (uid: string | null): { readonly uid: string } | null => (uid === null ? null : { uid });

@Directive('@key(fields: "uid", resolvable: false)')
@ObjectType()
export class Employer {
  @Inaccessible()
  @Field(() => ID)
  readonly uid!: string;
}

@Directive("@shareable")
@ObjectType()
export class Address {
  @Field(() => String, NULLABLE)
  readonly flat!: string | null;
  @Field(() => String, NULLABLE)
  readonly building!: string | null;
  @Field(() => String, NULLABLE)
  readonly road!: string | null;
  @Field(() => String, NULLABLE)
  readonly block!: string | null;
  @Field(() => String, NULLABLE)
  readonly area!: string | null;
}

@Directive("@shareable")
@ObjectType()
export class LocalizedText {
  @Field(() => String, NULLABLE)
  readonly ar!: string | null;
  @Field(() => String, NULLABLE)
  readonly en!: string | null;
}
