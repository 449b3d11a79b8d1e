/** Which organisation made a step of a track. */
import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { LedgerContext } from "../context.ts";
import { Guarded, NULLABLE } from "../model/labels.ts";
import { Agency } from "../model/values.ts";
import { CaseEvent } from "./case-event.ts";
import type { TrackEventRow } from "./loaders.ts";

@Resolver(() => CaseEvent)
export class CaseEventResolver {
  @Guarded("CASE_HEADER", "S3_CASE", "الجهة")
  @FieldResolver(() => Agency, NULLABLE)
  by(@Root() row: TrackEventRow, @Ctx() context: LedgerContext) {
    return context.agency(row.byMember);
  }
}
