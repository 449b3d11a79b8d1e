/**
 * Lists that the residence authority keeps about people, for up to 100 people a call: `POST <path>:search`.
 *
 * Pages   followed to the end, 20 at most. A row of somebody who was not asked about is AGENCY_BAD_REPLY of the call.
 */
import DataLoader from "dataloader";
import { z } from "zod";
import { badReply } from "../../src/connectors/http-exchange.ts";
import type { RestCalls } from "../../src/connectors/rest.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { MAX_BATCH_KEYS } from "../shared/records.ts";
import type { Held } from "./residence-record.ts";

export interface ListSource<Row> {
  readonly agency: AgencyCode;
  readonly path: string;
  readonly page: z.ZodType<{ readonly items: readonly Held<Row>[]; readonly next: string | null }>;
}

/** Once for each list: zod compiles a shape when it is first used, at the price of a hundred uses. */
export const listSource = <Row>(
  agency: AgencyCode,
  path: string,
  shape: z.ZodType<Held<Row>>,
): ListSource<Row> => ({
  ...{ agency, path },
  page: z.object({ items: z.array(shape), next: z.string().nullable() }),
});

export type ListLoader<Row> = DataLoader<string, readonly Row[]>;

/** What narrows a list, beside the people. */
type Filter = Readonly<Record<string, unknown>>;

const MAX_PAGES = 20;

export function listLoader<Row>(
  calls: RestCalls,
  source: ListSource<Row>,
  filter: Filter = {},
): ListLoader<Row> {
  return new DataLoader(
    async (cprs) => {
      const rows = Map.groupBy(await search(calls, source, filter, cprs), ({ holder }) => holder);
      return cprs.map((cpr) => rows.get(cpr)?.map(({ row }) => row) ?? []);
    },
    { maxBatchSize: MAX_BATCH_KEYS },
  );
}

async function search<Row>(
  calls: RestCalls,
  { agency, path, page }: ListSource<Row>,
  filter: Filter,
  cprs: readonly string[],
): Promise<readonly Held<Row>[]> {
  const asked = new Set(cprs);
  const rows: Held<Row>[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const read: z.infer<typeof page> = await calls.post(
      `${path}:search`,
      { ...filter, cprs, cursor },
      (body) => page.parse(body),
    );
    if (read.items.some(({ holder }) => !asked.has(holder)))
      throw badReply(agency, "a row of somebody who was not asked about");
    rows.push(...read.items);
    cursor = read.next;
    if (cursor === null) return rows;
  }
  throw badReply(agency, "a list without an end");
}
