/**
 * Records of a REST agency by its own key, in batches: whatever one fetch asks for becomes one `POST <path>:batch` for
 * every 100 keys.
 *
 * Reply    one item for each key, in the order asked, each with the key and a status of its own. An item out of place, or
 *          a record that names another key than its item, is AGENCY_BAD_REPLY of the whole batch: nobody's record is ever
 *          taken for another's.
 * Null     an unknown key. A record that the agency keeps back (403) is AGENCY_UNAVAILABLE at that key alone.
 * ETag     `conditional`: a single key is asked with `GET <path>/{key}`, whose answer the client keeps by ETag.
 */
import DataLoader from "dataloader";
import { z } from "zod";
import { badReply } from "../../src/connectors/http-exchange.ts";
import type { RestCalls } from "../../src/connectors/rest.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { GatewayError } from "../../src/kernel/errors.ts";

export interface RecordSource<Row> {
  readonly agency: AgencyCode;
  /** `/persons` */
  readonly path: string;
  /** Reads a record of the agency and maps it. */
  readonly shape: z.ZodType<Row>;
  /** The key that a record says it has. */
  readonly keyOf: (row: Row) => string;
  readonly conditional?: boolean;
}

export type RecordLoader<Row> = DataLoader<string, Row | null>;

export const MAX_BATCH_KEYS = 100;

const items = z.object({
  items: z.array(
    z.object({ key: z.string(), status: z.literal([200, 403, 404]), record: z.unknown().optional() }),
  ),
});

export function recordLoader<Row>(calls: RestCalls, source: RecordSource<Row>): RecordLoader<Row> {
  const { path, conditional = false } = source;
  const single = async (key: string) => [
    await calls.get(`${path}/${encodeURIComponent(key)}`, (body) => recordOf(source, key, body)),
  ];
  const batch = (keys: readonly string[]) =>
    calls.post(`${path}:batch`, { keys }, (body) => readItems(source, keys, body));
  return new DataLoader<string, Row | null>(
    async (keys) => (conditional && keys.length === 1 ? single(keys[0] as string) : batch(keys)),
    { maxBatchSize: MAX_BATCH_KEYS },
  );
}

function readItems<Row>(
  source: RecordSource<Row>,
  keys: readonly string[],
  body: unknown,
): (Row | null | GatewayError)[] {
  const answered = items.parse(body).items;
  if (answered.length !== keys.length)
    throw badReply(source.agency, "another number of records than asked for");
  return answered.map(({ key, status, record }, at) => {
    if (key !== keys[at]) throw badReply(source.agency, "records in another order than asked for");
    if (status === 404) return null;
    if (status === 403) return refused(source.agency);
    return recordOf(source, key, record);
  });
}

function recordOf<Row>({ agency, shape, keyOf }: RecordSource<Row>, key: string, record: unknown): Row {
  const row = shape.parse(record);
  if (keyOf(row) !== key) throw badReply(agency, "another record than the one asked for");
  return row;
}

const refused = (agency: AgencyCode) =>
  new GatewayError("AGENCY_UNAVAILABLE", "the agency does not give this record out", { agency });
