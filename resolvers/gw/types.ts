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
import { optional } from "../shared/values.ts";
import type { LogPage } from "./access-log.ts";
import { entryIn, FieldEntry, Lang, type Language } from "./catalogue.ts";
import type { GwContext } from "./context.ts";
import { DataUseConnection } from "./data-use.ts";
import { Member } from "./member.ts";
import type { StaffEntry } from "./staff-directory.ts";

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
    @Root() { uid }: Person,
    @Arg("first", () => Int, { nullable: true, defaultValue: 100 }) first: number | null,
    @Arg("after", () => String, optional) after: string | null | undefined,
    @Ctx() { logs }: GwContext,
  ): Promise<LogPage> {
    return logs.ofPerson(uid, { first, after });
  }
}

@Resolver(() => Case)
export class CaseResolver {
  @FieldResolver(() => DataUseConnection, optional)
  accessLog(
    @Root() { uid }: Case,
    @Arg("first", () => Int, { nullable: true, defaultValue: 100 }) first: number | null,
    @Arg("after", () => String, optional) after: string | null | undefined,
    @Ctx() { logs }: GwContext,
  ): Promise<LogPage> {
    return logs.ofCase(uid, { first, after });
  }
}

@Resolver()
export class DirectoryResolver {
  @Query(() => [Member], optional)
  agencies(@Ctx() { members }: GwContext): readonly Member[] {
    return [...members.values()];
  }

  @Query(() => DataUseConnection, optional)
  accessLog(
    @Arg("caseId", () => ID, optional) caseId: string | null | undefined,
    @Arg("personId", () => ID, optional) personId: string | null | undefined,
    @Arg("first", () => Int, { nullable: true, defaultValue: 100 }) first: number | null,
    @Arg("after", () => String, optional) after: string | null | undefined,
    @Ctx() { logs }: GwContext,
  ): Promise<LogPage> {
    return logs.asked({ caseId: caseId ?? null, personId: personId ?? null }, { first, after });
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
