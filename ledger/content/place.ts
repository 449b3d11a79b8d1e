/** A place of recruitment or exploitation. */
import { Field, FieldResolver, ObjectType, Resolver, Root } from "type-graphql";
import { CountryCode, PlaceKind } from "../model/codes.ts";
import { NULLABLE } from "../model/labels.ts";
import { Employer, stub } from "../model/values.ts";
import type { PlaceValue } from "../tables-content.ts";

@ObjectType()
export class Place {
  @Field(() => PlaceKind, NULLABLE)
  readonly kind!: string | null;
  @Field(() => CountryCode, NULLABLE)
  readonly country!: string | null;
  @Field(() => String, NULLABLE)
  readonly area!: string | null;
}

@Resolver(() => Place)
export class PlaceResolver {
  @FieldResolver(() => Employer, NULLABLE)
  employer(@Root() row: PlaceValue) {
    return stub(row.employer);
  }
}
