/** The report that opened a case. It belongs to the organisation that took it. */
import { Arg, Ctx, Directive, Field, FieldResolver, ID, ObjectType, Resolver, Root } from "type-graphql";
import type { LedgerContext } from "../context.ts";
import { DateTime, ReportChannel } from "../model/codes.ts";
import { Guarded, Inaccessible, NULLABLE, PolicyInput } from "../model/labels.ts";
import { ReaderInput, stub } from "../model/values.ts";
import type { ReportTable } from "../tables-content.ts";
import { contentLoaders } from "./loaders.ts";
import { Person } from "./person.ts";

@Directive('@key(fields: "uid")')
@ObjectType()
export class Report {
  @Inaccessible()
  @Field(() => ID)
  readonly uid!: string;

  @Guarded("REPORT_SOURCE", "S3_CASE", "رقم البلاغ")
  @Field(() => String, NULLABLE)
  readonly number!: string | null;

  @Guarded("REPORT_SOURCE", "S3_CASE", "قناة البلاغ")
  @Field(() => ReportChannel, NULLABLE)
  readonly channel!: string | null;

  @Guarded("REPORT_SOURCE", "S3_CASE", "وقت البلاغ")
  @Field(() => DateTime, NULLABLE)
  readonly receivedAt!: string | null;

  @Guarded("REPORT_SOURCE", "S3_CASE", "مجهول؟")
  @Field(() => Boolean, NULLABLE)
  readonly anonymous!: boolean | null;

  @Guarded("REPORT_SOURCE", "S4_VICTIM", "ملخص البلاغ")
  @Field(() => String, NULLABLE)
  readonly summary!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "خطر عاجل؟")
  @Field(() => Boolean, NULLABLE)
  readonly immediateDanger!: boolean | null;
}

@Resolver(() => Report)
export class ReportResolver {
  /** The person as intake knows them, or their uid alone: other agencies describe them. */
  @Guarded("REPORT_SOURCE", "S4_VICTIM", "المبلّغ")
  @FieldResolver(() => Person, NULLABLE)
  async reporter(@Root() row: ReportTable, @Ctx() context: LedgerContext) {
    return row.reporter && ((await contentLoaders(context).persons.load(row.reporter)) ?? stub(row.reporter));
  }

  @PolicyInput()
  @FieldResolver(() => Boolean, NULLABLE)
  own(@Root() row: ReportTable, @Arg("reader", () => ReaderInput) reader: ReaderInput): boolean {
    return row.takenByMember === reader.address;
  }
}
