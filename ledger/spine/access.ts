/** The facts that decide what a reader may see, as the gateway asks for them. Never shown to anybody. */
import { Directive, Field, ObjectType } from "type-graphql";
import { DateTime, DisclosureBasis, FieldGroup } from "../model/codes.ts";
import { NULLABLE } from "../model/labels.ts";

@Directive("@inaccessible")
@ObjectType()
export class CaseAccess {
  @Field(() => Boolean)
  readonly holder!: boolean;
  @Field(() => Boolean)
  readonly party!: boolean;
  @Field(() => Boolean)
  readonly known!: boolean;
  @Field(() => [FieldGroup])
  readonly grantedGroups!: readonly string[];
  @Field(() => [FieldGroup])
  readonly consentedGroups!: readonly string[];
  @Field(() => [FieldGroup])
  readonly refusedGroups!: readonly string[];
  @Field(() => DisclosureBasis, NULLABLE)
  readonly basis!: string | null;
  @Field(() => Boolean)
  readonly assigned!: boolean;
  @Field(() => Boolean)
  readonly charged!: boolean;
  @Field(() => [FieldGroup])
  readonly courtGroups!: readonly string[];
  @Field(() => Boolean)
  readonly child!: boolean;
  @Field(() => Boolean)
  readonly sealed!: boolean;
  @Field(() => Boolean)
  readonly officialSuspect!: boolean;
  @Field(() => Boolean)
  readonly staffConflict!: boolean;
  /** The gateway keeps break-glass grants: it fills this in. */
  @Field(() => DateTime, NULLABLE)
  readonly breakGlassUntil!: string | null;
}

@Directive("@inaccessible")
@ObjectType()
export class PersonAccess {
  @Field(() => Boolean)
  readonly child!: boolean;
  @Field(() => Boolean)
  readonly officialSuspect!: boolean;
  @Field(() => Boolean)
  readonly staffConflict!: boolean;
}
