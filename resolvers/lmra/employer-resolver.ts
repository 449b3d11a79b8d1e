/** Employers and what hangs on them. Lists and news of risk signals are served later. */
import "reflect-metadata";
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root, Subscription } from "type-graphql";
import { connectionOf } from "../shared/connection.ts";
import { Labelled } from "../shared/labels.ts";
import { notServed } from "../shared/not-served.ts";
import { bounded, keyset, type Page, type PageRequest, pageOf } from "../shared/page.ts";
import { optional } from "../shared/values.ts";
import { EmployerFilter, employerConditions, RiskFilter, SHUFFLED } from "./filters.ts";
import type { LmraContext } from "./loaders.ts";
import { employerRecord } from "./records.ts";
import { Employer, Employment, Inspection, RiskSignal } from "./types.ts";

const EmployerConnection = connectionOf("Employer", () => Employer);
const RiskSignalConnection = connectionOf("RiskSignal", () => RiskSignal);
const LAST_ROWS = 20;
const PAGE = 20;

@Resolver(() => Employer)
export class EmployerResolver {
  @Query(() => EmployerConnection, optional)
  async employers(
    @Ctx() { sql, employers }: LmraContext,
    @Arg("filter", () => EmployerFilter, optional) filter?: EmployerFilter | null,
    @Arg("first", () => Int, { nullable: true, defaultValue: PAGE }) first?: number | null,
    @Arg("after", () => String, optional) after?: string | null,
  ): Promise<Page<Employer>> {
    const request: PageRequest = {
      order: SHUFFLED,
      first: bounded("first", first, PAGE),
      after: after ?? null,
    };
    const conditions = employerConditions(filter ?? {});
    const rows = await sql.ask((db) => {
      const chosen = db
        .selectFrom("employer")
        .selectAll()
        .where((eb) => eb.and(conditions));
      return keyset(chosen, request).execute();
    });
    const page = pageOf(rows, request, employerRecord);
    for (const { node } of page.edges) employers.prime(node.uid, node);
    return page;
  }

  @Labelled("WAGES_COMPLAINTS", "S3_CASE", "الزيارات التفتيشية")
  @FieldResolver(() => [Inspection], optional)
  inspections(
    @Root() { uid }: Employer,
    @Ctx() { inspectionsOf }: LmraContext,
    @Arg("last", () => Int, { nullable: true, defaultValue: LAST_ROWS }) last?: number | null,
  ): Promise<readonly Inspection[]> {
    return inspectionsOf(bounded("last", last, LAST_ROWS)).load(uid);
  }

  @Labelled("RISK_SIGNALS", "S3_CASE", "مؤشرات الخطر")
  @FieldResolver(() => [RiskSignal], optional)
  riskSignals(
    @Root() { uid }: Employer,
    @Ctx() { signalsOf }: LmraContext,
    @Arg("last", () => Int, { nullable: true, defaultValue: LAST_ROWS }) last?: number | null,
  ): Promise<readonly RiskSignal[]> {
    return signalsOf(bounded("last", last, LAST_ROWS)).load(uid);
  }
}

@Resolver(() => Employment)
export class EmploymentResolver {
  @FieldResolver(() => Employer, optional)
  employer(@Root() { employerNo }: Employment, @Ctx() { employers }: LmraContext): Promise<Employer | null> {
    return employers.load(employerNo);
  }
}

@Resolver(() => RiskSignal)
export class RiskSignalResolver {
  @Query(() => RiskSignalConnection, optional)
  riskSignals(
    @Arg("filter", () => RiskFilter, optional) _filter?: RiskFilter | null,
    @Arg("first", () => Int, { nullable: true, defaultValue: PAGE }) _first?: number | null,
    @Arg("after", () => String, optional) _after?: string | null,
  ): never {
    return notServed("riskSignals");
  }

  @Subscription(() => RiskSignal, { nullable: true, subscribe: () => notServed("riskSignalRaised") })
  riskSignalRaised(): never {
    return notServed("riskSignalRaised");
  }

  @Labelled("RISK_SIGNALS", "S3_CASE", "صاحب العمل")
  @FieldResolver(() => Employer, optional)
  employer(@Root() { employerNo }: RiskSignal, @Ctx() { employers }: LmraContext): Promise<Employer | null> {
    return employers.load(employerNo);
  }
}
