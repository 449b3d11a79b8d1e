/** What the gateway serves itself, as type-graphql classes: members, staff, and people by id. */
import "reflect-metadata";
import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import { GatewayError } from "../../src/kernel/errors.ts";
import { AgencyAddress, DateTime, vocabularyEnum } from "../shared/codes.ts";
import { connectionOf } from "../shared/connection.ts";
import { LocalizedText, optional, plain } from "../shared/values.ts";
import { entryIn, FieldEntry, Lang, type Language } from "./catalogue.ts";
import type { GwContext } from "./context.ts";
import type { StaffEntry } from "./staff-directory.ts";

const AgencyCode = vocabularyEnum("AgencyCode");
const FieldGroup = vocabularyEnum("FieldGroup");
const PurposeOfUse = vocabularyEnum("PurposeOfUse");

/** One organisation. What it is called is no secret. */
@Directive('@key(fields: "address code")')
@ObjectType("Agency", plain)
export class Member {
  @Field(() => AgencyAddress) readonly address!: string;
  @Field(() => AgencyCode) readonly code!: string;
  @Field(() => LocalizedText) readonly name!: LocalizedText;
}

@ObjectType(plain)
class DataUse {
  @Field(() => DateTime, optional) readonly at!: string | null;
  @Field(() => Member, optional) readonly agency!: Member | null;
  @Field(() => PurposeOfUse, optional) readonly purpose!: string | null;
  @Field(() => [FieldGroup], optional) readonly fieldGroups!: readonly string[] | null;
  @Field(() => DateTime, optional) readonly subjectVisibleFrom!: string | null;
}
const DataUseConnection = connectionOf("DataUse", () => DataUse);

@Directive('@key(fields: "uid")')
@ObjectType()
export class Person {
  @Field(() => ID) readonly uid!: string;
}

@Directive('@key(fields: "uid")')
@ObjectType()
export class Case {
  @Field(() => ID) readonly uid!: string;
}

@Directive('@key(fields: "uid")')
@ObjectType()
export class Staff {
  @Field(() => ID) readonly uid!: string;
  @Field(() => String, optional) readonly role!: string | null;
  /** As written in the directory; the Latin spelling, which every reader can type. */
  readonly nameLatin!: string;
  readonly member!: string;
}

@Resolver(() => Staff)
export class StaffResolver {
  @FieldResolver(() => String, optional)
  name(@Root() { nameLatin }: StaffEntry): string {
    return nameLatin;
  }

  @FieldResolver(() => Member, optional)
  agency(@Root() { member }: StaffEntry, @Ctx() { members }: GwContext): Member | null {
    return members.get(member) ?? null;
  }
}

@Resolver(() => Person)
export class PersonResolver {
  @Query(() => Person, optional)
  async person(@Arg("id", () => ID) id: string, @Ctx() { knowsPerson }: GwContext): Promise<Person | null> {
    return (await knowsPerson(id)) ? { uid: id } : null;
  }

  @FieldResolver(() => DataUseConnection, optional)
  accessLog(
    @Arg("first", () => Int, { nullable: true, defaultValue: 100 }) _first: number,
    @Arg("after", () => String, optional) _after?: string,
  ): never {
    return notYet("accessLog");
  }
}

@Resolver(() => Case)
export class CaseResolver {
  @FieldResolver(() => DataUseConnection, optional)
  accessLog(
    @Arg("first", () => Int, { nullable: true, defaultValue: 100 }) _first: number,
    @Arg("after", () => String, optional) _after?: string,
  ): never {
    return notYet("accessLog");
  }
}

@Resolver()
export class DirectoryResolver {
  @Query(() => [Member], optional)
  agencies(@Ctx() { members }: GwContext): readonly Member[] {
    return [...members.values()];
  }

  @Query(() => [FieldEntry], optional)
  fieldCatalogue(
    @Arg("type", () => String, optional) type: string | null | undefined,
    @Arg("lang", () => Lang, { nullable: true, defaultValue: "AR" }) lang: Language | null,
    @Ctx() { catalogue }: GwContext,
  ): readonly FieldEntry[] {
    const wanted = type ? catalogue.filter((field) => field.type === type) : catalogue;
    return wanted.map((field) => entryIn(field, lang ?? "AR"));
  }
}

function notYet(field: string): never {
  throw new GatewayError("NOT_IMPLEMENTED", `\`${field}\` is not served yet`);
}
