/** One reading of somebody's data, and pages of them, as type-graphql classes. */
import "reflect-metadata";
import {
  Arg,
  type ClassType,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ObjectType,
  Resolver,
  Root,
} from "type-graphql";
import { DateTime, vocabularyEnum } from "../shared/codes.ts";
import { connectionOf } from "../shared/connection.ts";
import { directives } from "../shared/labels.ts";
import { optional, plain, ReaderInput } from "../shared/values.ts";
import type { LogPage, LogRow } from "./access-log.ts";
import type { GwContext } from "./context.ts";
import { Member } from "./member.ts";

const FieldGroup = vocabularyEnum("FieldGroup");
const PurposeOfUse = vocabularyEnum("PurposeOfUse");

@Directive("@inaccessible")
@ObjectType(plain)
class RecordSubject {
  @Field(() => String) readonly type!: string;
  @Field(() => String) readonly subject!: string;
}

@ObjectType()
export class DataUse {
  @Field(() => DateTime, optional) readonly at!: string | null;
  @Field(() => PurposeOfUse, optional) readonly purpose!: string | null;
}

export const DataUseConnection: ClassType = connectionOf("DataUse", () => DataUse);

@Resolver(() => DataUse)
export class DataUseResolver {
  @FieldResolver(() => Member, optional)
  agency(@Root() { member }: LogRow, @Ctx() { members }: GwContext): Member | null {
    return members.get(member) ?? null;
  }

  @FieldResolver(() => [FieldGroup], optional)
  fieldGroups(@Root() { groups }: LogRow): readonly string[] | null {
    return groups;
  }

  @FieldResolver(() => DateTime, optional)
  subjectVisibleFrom(@Root() { visibleFrom }: LogRow): string {
    return visibleFrom;
  }

  @directives("@policyInput", "@inaccessible")
  @FieldResolver(() => Boolean, optional)
  own(@Root() { own }: LogRow, @Arg("reader", () => ReaderInput) _reader: ReaderInput): boolean {
    return own;
  }

  @directives("@policyInput", "@inaccessible")
  @FieldResolver(() => RecordSubject, optional)
  about(@Root() { about }: LogRow, @Arg("reader", () => ReaderInput) _reader: ReaderInput): RecordSubject {
    return about;
  }
}

@Resolver(() => DataUseConnection)
export class DataUsePageResolver {
  @directives("@policyInput", "@inaccessible")
  @FieldResolver(() => Boolean, optional)
  own(@Root() { own }: LogPage, @Arg("reader", () => ReaderInput) _reader: ReaderInput): boolean {
    return own;
  }
}
