/** Roots of the spine that are served; the others answer NOT_IMPLEMENTED (`subgraph.ts`). */
import { Arg, Ctx, ID, Int, Query, Resolver } from "type-graphql";
import type { LedgerContext } from "../context.ts";
import { CaseNumber, CaseOrder, ReferralStatus } from "../model/codes.ts";
import { FiltersBy, NULLABLE } from "../model/labels.ts";
import { Case } from "./case.ts";
import { CaseFilter } from "./case-filter.ts";
import { casePage, DEFAULT_ORDER, emergencyCases, oneCase } from "./case-page.ts";
import { CaseConnection, ReferralConnection } from "./connections.ts";
import { referralInbox } from "./referral-inbox.ts";

const PAGE: { readonly nullable: true; readonly defaultValue: number } = { nullable: true, defaultValue: 20 };

@Resolver()
export class SpineQueries {
  @Query(() => Case, NULLABLE)
  case(
    @Ctx() context: LedgerContext,
    @Arg("id", () => ID, NULLABLE) id?: string | null,
    @FiltersBy("Case.nrmNumber") @Arg("nrmNumber", () => CaseNumber, NULLABLE) nrmNumber?: string | null,
  ) {
    return oneCase(context, { id: id ?? null, nrmNumber: nrmNumber ?? null });
  }

  @Query(() => CaseConnection, NULLABLE)
  cases(
    @Ctx() context: LedgerContext,
    @Arg("filter", () => CaseFilter, NULLABLE) filter: CaseFilter | null | undefined,
    @Arg("orderBy", () => CaseOrder, { nullable: true, defaultValue: DEFAULT_ORDER }) orderBy: string | null,
    @Arg("first", () => Int, PAGE) first: number | null,
    @Arg("after", () => String, NULLABLE) after?: string | null,
  ) {
    return casePage(context, {
      filter: filter ?? null,
      orderBy: orderBy ?? DEFAULT_ORDER,
      first,
      after: after ?? null,
    });
  }

  @Query(() => [Case], NULLABLE)
  emergencyCases(@Ctx() context: LedgerContext) {
    return emergencyCases(context);
  }

  @Query(() => ReferralConnection, NULLABLE)
  referralInbox(
    @Ctx() context: LedgerContext,
    @FiltersBy("Referral.status")
    @Arg("status", () => [ReferralStatus], NULLABLE)
    status: readonly string[] | null | undefined,
    @Arg("first", () => Int, PAGE) first: number | null,
    @Arg("after", () => String, NULLABLE) after?: string | null,
  ) {
    return referralInbox(context, { status: status ?? null, first, after: after ?? null });
  }
}
