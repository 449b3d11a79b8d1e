/** Workers: the two roots, and what hangs on a worker, each by one statement for all workers of a fetch. */
import "reflect-metadata";
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from "type-graphql";
import { connectionOf } from "../shared/connection.ts";
import { Labelled } from "../shared/labels.ts";
import { bounded, keyset, type Page, type PageRequest, pageOf } from "../shared/page.ts";
import { DateRangeInput, optional } from "../shared/values.ts";
import { WorkerFilter, WorkerOrder, workerConditions, workerOrder } from "./filters.ts";
import type { LmraContext, WantedWages } from "./loaders.ts";
import { personRecord, workerRecord } from "./records.ts";
import {
  Contract,
  Employer,
  Employment,
  LabourComplaint,
  LeftWorkReport,
  Person,
  WagePayment,
  Worker,
} from "./types.ts";

const WorkerConnection = connectionOf("Worker", () => Worker);
const LAST_EMPLOYMENTS = 20;
const LAST_COMPLAINTS = 20;
const LAST_WAGES = 12;
const PAGE = 20;

@Resolver(() => Worker)
export class WorkerResolver {
  @Query(() => Worker, optional)
  async worker(
    @Ctx() { workers }: LmraContext,
    @Arg("id", () => ID, optional) id?: string | null,
    @Arg("workPermitNo", () => String, optional) permitNo?: string | null,
  ): Promise<Worker | null> {
    const key = id ?? permitNo;
    return key === null || key === undefined || (permitNo ?? key) !== key ? null : workers.load(key);
  }

  @Query(() => WorkerConnection, optional)
  async workers(
    @Ctx() { sql, workers }: LmraContext,
    @Arg("filter", () => WorkerFilter, optional) filter?: WorkerFilter | null,
    @Arg("orderBy", () => WorkerOrder, optional) orderBy?: string | null,
    @Arg("first", () => Int, { nullable: true, defaultValue: PAGE }) first?: number | null,
    @Arg("after", () => String, optional) after?: string | null,
  ): Promise<Page<Worker>> {
    const request: PageRequest = {
      order: workerOrder(orderBy),
      first: bounded("first", first, PAGE),
      after: after ?? null,
    };
    const conditions = workerConditions(filter ?? {});
    const rows = await sql.ask((db) => {
      const chosen = db
        .selectFrom("worker")
        .selectAll()
        .where((eb) => eb.and(conditions));
      return keyset(chosen, request).execute();
    });
    const page = pageOf(rows, request, workerRecord);
    for (const { node } of page.edges) workers.prime(node.uid, node);
    return page;
  }

  @Labelled("IDENTITY_CORE", "S1_ADMINISTRATIVE", "الشخص")
  @FieldResolver(() => Person, optional)
  person(@Root() worker: Worker): Person {
    return personRecord(worker);
  }

  @Labelled("EMPLOYMENT", "S2_PERSONAL", "صاحب العمل")
  @FieldResolver(() => Employer, optional)
  async employer(
    @Root() { employerNo }: Worker,
    @Ctx() { employers }: LmraContext,
  ): Promise<Employer | null> {
    return employerNo === null ? null : employers.load(employerNo);
  }

  @Labelled("EMPLOYMENT", "S2_PERSONAL", "أصحاب العمل السابقون")
  @FieldResolver(() => [Employment], optional)
  previousEmployers(
    @Root() { uid }: Worker,
    @Ctx() { employments }: LmraContext,
    @Arg("last", () => Int, { nullable: true, defaultValue: LAST_EMPLOYMENTS }) last?: number | null,
  ): Promise<readonly Employment[]> {
    return employments(bounded("last", last, LAST_EMPLOYMENTS)).load(uid);
  }

  @Labelled("EMPLOYMENT", "S2_PERSONAL", "العقد")
  @FieldResolver(() => Contract, optional)
  contract(@Root() { uid }: Worker, @Ctx() { contracts }: LmraContext): Promise<Contract | null> {
    return contracts.load(uid);
  }

  @Labelled("WAGES_COMPLAINTS", "S2_PERSONAL", "الأجور المدفوعة")
  @FieldResolver(() => [WagePayment], optional)
  wagePayments(
    @Root() { uid }: Worker,
    @Ctx() { wages }: LmraContext,
    @Arg("period", () => DateRangeInput, optional) period?: DateRangeInput | null,
    @Arg("last", () => Int, { nullable: true, defaultValue: LAST_WAGES }) last?: number | null,
  ): Promise<readonly WagePayment[]> {
    return wages(wanted(period, bounded("last", last, LAST_WAGES))).load(uid);
  }

  @Labelled("WAGES_COMPLAINTS", "S3_CASE", "الشكاوى العمالية")
  @FieldResolver(() => [LabourComplaint], optional)
  complaints(
    @Root() { uid }: Worker,
    @Ctx() { complaintsOf }: LmraContext,
    @Arg("last", () => Int, { nullable: true, defaultValue: LAST_COMPLAINTS }) last?: number | null,
  ): Promise<readonly LabourComplaint[]> {
    return complaintsOf(bounded("last", last, LAST_COMPLAINTS)).load(uid);
  }

  @Labelled("IMMIGRATION", "S3_CASE", "بلاغ ترك العمل")
  @FieldResolver(() => LeftWorkReport, optional)
  leftWorkReport(@Root() { uid }: Worker, @Ctx() { leftWork }: LmraContext): Promise<LeftWorkReport | null> {
    return leftWork.load(uid);
  }
}

/** Months that the days touch. */
const wanted = (period: DateRangeInput | null | undefined, last: number): WantedWages => ({
  last,
  from: period?.from?.slice(0, 7) ?? null,
  until: period?.until?.slice(0, 7) ?? null,
});

@Resolver(() => Person)
export class PersonResolver {
  @Labelled("EMPLOYMENT", "S1_ADMINISTRATIVE", "ملف العامل")
  @FieldResolver(() => Worker, optional)
  worker(@Root() { uid }: Person, @Ctx() { workersOfPersons }: LmraContext): Promise<Worker | null> {
    return workersOfPersons.load(uid);
  }
}

@Resolver(() => LabourComplaint)
export class ComplaintResolver {
  @Labelled("WAGES_COMPLAINTS", "S3_CASE", "العامل صاحب الشكوى")
  @FieldResolver(() => Worker, optional)
  worker(@Root() { permitNo }: LabourComplaint, @Ctx() { workers }: LmraContext): Promise<Worker | null> {
    return workers.load(permitNo);
  }
}
