/** Edges of a part in a case; its facts are those of the case. */
import { Arg, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { LedgerContext } from "../context.ts";
import type { CaseFacts } from "../facts/case-facts.ts";
import { Guarded, NULLABLE, PolicyInput } from "../model/labels.ts";
import { ReaderInput, stub } from "../model/values.ts";
import { CaseAccess } from "./access.ts";
import { Case } from "./case.ts";
import { CaseParty } from "./case-party.ts";
import { type CasePartyRow, spineLoaders } from "./loaders.ts";
import { Person } from "./person.ts";

@Resolver(() => CaseParty)
export class CasePartyResolver {
  @Guarded("IDENTITY_CORE", "S4_VICTIM", "الشخص")
  @FieldResolver(() => Person, NULLABLE)
  person(@Root() row: CasePartyRow) {
    return stub(row.person);
  }

  @Guarded("CASE_HEADER", "S3_CASE", "القضية")
  @FieldResolver(() => Case, NULLABLE)
  case(@Root() row: CasePartyRow, @Ctx() context: LedgerContext) {
    return spineLoaders(context).cases.load(row.caseUid);
  }

  @PolicyInput()
  @FieldResolver(() => CaseAccess, NULLABLE)
  access(
    @Root() row: CasePartyRow,
    @Arg("reader", () => ReaderInput) reader: ReaderInput,
    @Ctx() context: LedgerContext,
  ): Promise<CaseFacts | null> {
    return context.caseFacts(reader).load(row.caseUid);
  }
}
