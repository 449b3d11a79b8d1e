/** Whom a consent names, and whether it names the reader's organisation (the mask of CONSENT cuts by that). */
import { Arg, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { LedgerContext } from "../context.ts";
import { Guarded, NULLABLE, PolicyInput } from "../model/labels.ts";
import { Agency, ReaderInput } from "../model/values.ts";
import { Consent } from "./consent.ts";
import { type ConsentRow, spineLoaders } from "./loaders.ts";

@Resolver(() => Consent)
export class ConsentResolver {
  @Guarded("CONSENT", "S3_CASE", "الجهات المتلقية")
  @FieldResolver(() => [Agency], NULLABLE)
  async recipients(@Root() row: ConsentRow, @Ctx() context: LedgerContext) {
    const recipients = await spineLoaders(context).recipientsOfConsent.load(row.uid);
    return Promise.all(recipients.map(({ member }) => context.agency(member)));
  }

  @PolicyInput()
  @FieldResolver(() => Boolean, NULLABLE)
  async inRows(
    @Root() row: ConsentRow,
    @Arg("reader", () => ReaderInput) reader: ReaderInput,
    @Ctx() context: LedgerContext,
  ): Promise<boolean> {
    const recipients = await spineLoaders(context).recipientsOfConsent.load(row.uid);
    return recipients.some(({ member }) => member === reader.address);
  }
}
