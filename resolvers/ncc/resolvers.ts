/**
 * Released tables and national reports. Lists of recommendations, and the steps of a report, are served later.
 *
 * Own    a recommendation or report belongs to the organisations that have to act on it.
 * Rows   others see published recommendations and filed reports.
 */
import "reflect-metadata";
import { sql as text } from "kysely";
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import { vocabularyEnum } from "../shared/codes.ts";
import { Labelled } from "../shared/labels.ts";
import { notServed } from "../shared/not-served.ts";
import { ownershipOf } from "../shared/ownership.ts";
import { type Agency, DateRangeInput, optional, type ReaderInput } from "../shared/values.ts";
import { type NccContext, reportRecord, tableRecord } from "./loaders.ts";
import { AggregateTable, NationalReport, NationalReportPayload, Recommendation } from "./types.ts";

const ReportKind = vocabularyEnum("ReportKind");

function isAssigned(
  { assignees }: { readonly assignees: readonly Agency[] | null },
  reader: ReaderInput,
): boolean {
  return assignees?.some(({ address }) => address === reader.address) ?? false;
}

export const OWNERSHIP = [
  ownershipOf(() => Recommendation, { own: isAssigned, inRows: ({ published }) => published }),
  ownershipOf(() => NationalReport, { own: isAssigned, inRows: ({ status }) => status === "FILED" }),
];

@Resolver(() => NationalReport)
export class ReportResolver {
  @Query(() => NationalReport, optional)
  async nationalReport(
    @Ctx() { sql }: NccContext,
    @Arg("kind", () => ReportKind) kind: string,
    @Arg("period", () => DateRangeInput) { from = null, until = null }: DateRangeInput,
  ): Promise<NationalReport | null> {
    const row = await sql.ask((db) =>
      db
        .selectFrom("report")
        .selectAll()
        .where("kind", "=", kind)
        .where(text<boolean>`period_from is not distinct from ${from}::date`)
        .where(text<boolean>`period_until is not distinct from ${until}::date`)
        .orderBy("number", "desc")
        .limit(1)
        .executeTakeFirst(),
    );
    return row ? reportRecord(row) : null;
  }

  @Labelled("AGGREGATES", "S0_PUBLIC", "الجداول")
  @FieldResolver(() => [AggregateTable], optional)
  async tables(
    @Root() { cites }: NationalReport,
    @Ctx() { tables }: NccContext,
  ): Promise<readonly AggregateTable[]> {
    const found = await Promise.all(cites.map((ref) => tables.load(ref)));
    return found.filter((table) => table !== null);
  }

  @Mutation(() => NationalReportPayload)
  draftReport(
    @Arg("kind", () => ReportKind) _kind: string,
    @Arg("period", () => DateRangeInput) _period: DateRangeInput,
  ): never {
    return notServed("draftReport");
  }

  @Mutation(() => NationalReportPayload)
  approveReport(@Arg("id", () => ID) _id: string): never {
    return notServed("approveReport");
  }

  @Mutation(() => NationalReportPayload)
  fileReport(@Arg("id", () => ID) _id: string): never {
    return notServed("fileReport");
  }
}

@Resolver(() => AggregateTable)
export class TableResolver {
  @Query(() => [AggregateTable], optional)
  async releasedTables(
    @Ctx() { sql }: NccContext,
    @Arg("code", () => String, optional) code?: string | null,
    @Arg("years", () => [Int], optional) years?: readonly number[] | null,
  ): Promise<readonly AggregateTable[]> {
    const rows = await sql.ask((db) => {
      let wanted = db.selectFrom("release_table").selectAll().orderBy("code").orderBy("year");
      if (typeof code === "string") wanted = wanted.where("code", "=", code);
      if (years) wanted = wanted.where(text<boolean>`year = any(${years}::int[])`);
      return wanted.execute();
    });
    return rows.map(tableRecord);
  }

  @Query(() => [Recommendation], optional)
  recommendations(
    @Arg("source", () => vocabularyEnum("RecommendationSource"), optional) _source?: string | null,
    @Arg("status", () => vocabularyEnum("FollowUpStatus"), optional) _status?: string | null,
  ): never {
    return notServed("recommendations");
  }
}
