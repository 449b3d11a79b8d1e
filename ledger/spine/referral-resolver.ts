/** Sender, receiver and case of a referral; it belongs to both organisations. Its facts are those of the case. */
import { Arg, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { LedgerContext } from "../context.ts";
import type { CaseFacts } from "../facts/case-facts.ts";
import { Guarded, NULLABLE, PolicyInput } from "../model/labels.ts";
import { Agency, ReaderInput } from "../model/values.ts";
import { CaseAccess } from "./access.ts";
import { Case } from "./case.ts";
import { type ReferralRow, spineLoaders } from "./loaders.ts";
import { Referral } from "./referral.ts";

@Resolver(() => Referral)
export class ReferralResolver {
  @Guarded("REFERRALS", "S3_CASE", "من")
  @FieldResolver(() => Agency, NULLABLE)
  from(@Root() row: ReferralRow, @Ctx() context: LedgerContext) {
    return context.agency(row.fromMember);
  }

  @Guarded("REFERRALS", "S3_CASE", "إلى")
  @FieldResolver(() => Agency, NULLABLE)
  to(@Root() row: ReferralRow, @Ctx() context: LedgerContext) {
    return context.agency(row.toMember);
  }

  @Guarded("REFERRALS", "S3_CASE", "القضية المحالة")
  @FieldResolver(() => Case, NULLABLE)
  case(@Root() row: ReferralRow, @Ctx() context: LedgerContext) {
    return spineLoaders(context).cases.load(row.caseUid);
  }

  @PolicyInput()
  @FieldResolver(() => CaseAccess, NULLABLE)
  access(
    @Root() row: ReferralRow,
    @Arg("reader", () => ReaderInput) reader: ReaderInput,
    @Ctx() context: LedgerContext,
  ): Promise<CaseFacts | null> {
    return context.caseFacts(reader).load(row.caseUid);
  }

  @PolicyInput()
  @FieldResolver(() => Boolean, NULLABLE)
  own(@Root() row: ReferralRow, @Arg("reader", () => ReaderInput) reader: ReaderInput): boolean {
    return [row.fromMember, row.toMember].includes(reader.address);
  }
}
