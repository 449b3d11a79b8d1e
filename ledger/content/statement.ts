/** What a victim said, once, so that nobody need ask again. It belongs to the organisation that took it. */
import { Arg, Field, FieldResolver, ObjectType, Resolver, Root } from "type-graphql";
import { AttachmentRef, DateTime } from "../model/codes.ts";
import { Guarded, NULLABLE, PolicyInput } from "../model/labels.ts";
import { ReaderInput, Staff, stub } from "../model/values.ts";
import type { VictimStatementTable } from "../tables-content.ts";

@ObjectType()
export class VictimStatement {
  @Guarded("VICTIM_STATEMENT", "S4_VICTIM", "نص الأقوال")
  @Field(() => String, NULLABLE)
  readonly text!: string | null;

  @Guarded("VICTIM_STATEMENT", "S4_VICTIM", "التسجيل")
  @Field(() => AttachmentRef, NULLABLE)
  readonly recordingRef!: string | null;

  @Guarded("VICTIM_STATEMENT", "S4_VICTIM", "تاريخ الأقوال")
  @Field(() => DateTime, NULLABLE)
  readonly takenAt!: string | null;
}

@Resolver(() => VictimStatement)
export class VictimStatementResolver {
  @Guarded("VICTIM_STATEMENT", "S4_VICTIM", "محرر الأقوال")
  @FieldResolver(() => Staff, NULLABLE)
  takenBy(@Root() row: VictimStatementTable) {
    return stub(row.takenBy);
  }

  @PolicyInput()
  @FieldResolver(() => Boolean, NULLABLE)
  own(@Root() row: VictimStatementTable, @Arg("reader", () => ReaderInput) reader: ReaderInput): boolean {
    return row.takenByMember === reader.address;
  }
}
