/** Which workers and employers, and in what order. Every filter and order has an index (`sandbox/lmra/schema.ts`). */
import "reflect-metadata";
import { type Expression, type RawBuilder, sql } from "kysely";
import { Field, ID, InputType, Int } from "type-graphql";
import { registerCodes, vocabularyEnum } from "../shared/codes.ts";
import { oneOf } from "../shared/loaders.ts";
import type { Order } from "../shared/page.ts";
import { optional } from "../shared/values.ts";

@InputType()
export class WorkerFilter {
  @Field(() => String, optional) readonly workPermitNo?: string | null;
  @Field(() => [vocabularyEnum("PermitStatus")], optional) readonly permitStatus?: readonly string[] | null;
  @Field(() => [vocabularyEnum("PermitType")], optional) readonly permitType?: readonly string[] | null;
  @Field(() => [vocabularyEnum("IsicSection")], optional) readonly sector?: readonly string[] | null;
  @Field(() => ID, optional) readonly employer?: string | null;
  @Field(() => Int, optional) readonly unpaidMonthsAtLeast?: number | null;
}

@InputType()
export class EmployerFilter {
  @Field(() => String, optional) readonly crNumber?: string | null;
  @Field(() => String, optional) readonly name?: string | null;
  @Field(() => [vocabularyEnum("EmployerKind")], optional) readonly kind?: readonly string[] | null;
  @Field(() => String, optional) readonly area?: string | null;
}

@InputType()
export class RiskFilter {
  @Field(() => [vocabularyEnum("RiskRule")], optional) readonly rule?: readonly string[] | null;
  @Field(() => [vocabularyEnum("IsicSection")], optional) readonly sector?: readonly string[] | null;
  @Field(() => Number, optional) readonly scoreAtLeast?: number | null;
}

const order = (name: string, direction: Order["direction"], ...columns: readonly string[]): Order => ({
  name,
  direction,
  columns,
});

/** An order that says nothing: neither age of a permit nor size of an employer. */
export const SHUFFLED = order("SHUFFLED", "asc", "shuffled");

const WORKER_ORDERS: Readonly<Record<string, Order>> = {
  WORK_PERMIT_NO_ASC: order("WORK_PERMIT_NO_ASC", "asc", "permit_no"),
  PERMIT_VALID_UNTIL_ASC: order("PERMIT_VALID_UNTIL_ASC", "asc", "valid_until", "permit_no"),
  UNPAID_MONTHS_DESC: order("UNPAID_MONTHS_DESC", "desc", "unpaid_months", "permit_no"),
};

export const WorkerOrder = registerCodes("WorkerOrder", Object.keys(WORKER_ORDERS));

export const workerOrder = (name: string | null | undefined): Order => WORKER_ORDERS[name ?? ""] ?? SHUFFLED;

type Conditions = readonly Expression<boolean>[];

export const workerConditions = (filter: WorkerFilter): Conditions => [
  ...equals("permit_no", filter.workPermitNo),
  ...among("permit_status", filter.permitStatus),
  ...among("permit_type", filter.permitType),
  ...among("sector", filter.sector),
  ...equals("employer_no", filter.employer),
  ...atLeast("unpaid_months", filter.unpaidMonthsAtLeast),
];

export const employerConditions = (filter: EmployerFilter): Conditions => [
  ...equals("cr_number", filter.crNumber),
  ...equals("name", filter.name),
  ...among("kind", filter.kind),
  ...equals("area", filter.area),
];

const given = <Value>(value: Value | null | undefined, condition: (value: Value) => RawBuilder<boolean>) =>
  value === null || value === undefined ? [] : [condition(value)];

const equals = (column: string, wanted: string | null | undefined) =>
  given(wanted, (value) => sql<boolean>`${sql.ref(column)} = ${value}`);

const among = (column: string, wanted: readonly string[] | null | undefined) =>
  given(wanted, (values) => oneOf(column, values));

const atLeast = (column: string, wanted: number | null | undefined) =>
  given(wanted, (value) => sql<boolean>`${sql.ref(column)} >= ${value}`);
