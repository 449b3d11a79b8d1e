/**
 * The rows of the link table: found by uid or by key, linked at first sight, in bulk or by hand, and unlinked.
 * Knows the table and its cryptography; nothing of requests. See `link-table.ts` for what a link means.
 */
import type pg from "pg";
import type { AgencyCode, MemberAddress, Uid } from "../kernel/brands.ts";
import { type KeyKinds, NATIONAL_KEYS } from "./key-kinds.ts";
import { type LinkKeys, normaliseKey } from "./link-keys.ts";
import { CANDIDATES, FIND_BY_KEY, FIND_BY_UID, INSERT, UNLINK } from "./link-sql.ts";

/** An object as one member of an agency knows it. */
export interface KeyRef {
  readonly type: string;
  readonly member: MemberAddress;
  readonly key: string;
}

export interface LinkRow {
  readonly type: string;
  readonly agency: string;
  readonly member: string;
  readonly key: string;
  /** Absent: derived from the key, as if seen for the first time. */
  readonly uid?: string;
  readonly confidence?: number;
  readonly method?: string;
  readonly evidence?: string;
}

export interface Unlinking {
  readonly uid: string;
  readonly agency: AgencyCode;
  /** Who decided it, and why: kept with the row. */
  readonly by: string;
  readonly evidence: string;
}

const SEED_BATCH_ROWS = 5_000;

export interface StoredLink {
  readonly uid: string;
  readonly type: string;
  readonly agency: AgencyCode;
  readonly member: MemberAddress;
  readonly key_sealed: string;
}

/** A row of a linked type, its names checked by that. */
type CompleteRow = LinkRow & KeyRef & { readonly agency: AgencyCode; readonly uid: string };

export interface LinkStore {
  byUid(uids: readonly string[]): Promise<readonly StoredLink[]>;
  /** The uid of each key, in order; undefined where it is not linked. */
  find(agency: AgencyCode, refs: readonly KeyRef[]): Promise<readonly (Uid | undefined)[]>;
  uidsOf(agency: AgencyCode, refs: readonly KeyRef[]): Promise<readonly Uid[]>;
  seed(rows: AsyncIterable<LinkRow> | Iterable<LinkRow>, linkedBy: string): Promise<number>;
  unlink(unlinking: Unlinking): Promise<number>;
}

interface NamedSql {
  readonly name: string;
  readonly text: string;
}

export function linkStore(pool: pg.Pool, keys: LinkKeys, kinds: KeyKinds): LinkStore {
  const keyType = (agency: AgencyCode, type: string) => kinds.of(agency, type)?.key ?? "";
  /** What the key is unique in: the nation, or one member's files. Equal keys of different scopes join nothing. */
  const scope = (agency: AgencyCode, { type, member }: KeyRef) => {
    const name = keyType(agency, type);
    return NATIONAL_KEYS.has(name) ? name : `${member}/${name}`;
  };
  const mac = (agency: AgencyCode, ref: KeyRef) =>
    keys.mac(ref.type, scope(agency, ref), normaliseKey(ref.key));
  const derivedUid = (agency: AgencyCode, ref: KeyRef, generation: number) =>
    keys.derivedUid(ref.type, scope(agency, ref), normaliseKey(ref.key), generation);
  const ask = async <Row extends pg.QueryResultRow>(sql: NamedSql, values: readonly unknown[]) =>
    (await pool.query<Row>({ ...sql, values: [...values] })).rows;
  const columns = (agency: AgencyCode, refs: readonly KeyRef[]) => [
    agency,
    refs.map(({ type }) => type),
    refs.map(({ member }) => member),
    refs.map((ref) => mac(agency, ref)),
  ];

  const find = async (agency: AgencyCode, refs: readonly KeyRef[]) => {
    const rows = await ask<{ readonly at: number; readonly uid: Uid }>(FIND_BY_KEY, columns(agency, refs));
    const uids: (Uid | undefined)[] = refs.map(() => undefined);
    for (const { at, uid } of rows) uids[at - 1] = uid;
    return uids;
  };

  const columnsOf = (rows: readonly CompleteRow[], linkedBy: string): readonly unknown[] => [
    rows.map(({ uid }) => uid),
    rows.map(({ type }) => type),
    rows.map(({ agency }) => agency),
    rows.map(({ member }) => member),
    rows.map(({ agency, type }) => keyType(agency, type)),
    rows.map((row) => mac(row.agency, row)),
    rows.map((row) => keys.sealKey(row, row.key)),
    rows.map(({ confidence = 1 }) => confidence),
    rows.map(({ method = "SAME_KEY" }) => method),
    rows.map(({ evidence }) => evidence ?? null),
    linkedBy,
  ];
  /** Rows of keys that are linked already are passed over. */
  const write = async (values: readonly unknown[]): Promise<number> =>
    (await pool.query({ ...INSERT, values: [...values] })).rowCount ?? 0;

  /** Links keys that were never seen, then reads again: another replica may have been first. */
  const adopt = async (agency: AgencyCode, refs: readonly KeyRef[]) => {
    interface Candidate {
      readonly at: number;
      readonly uid: string | null;
      readonly generation: number;
    }
    const rows = await ask<Candidate>(CANDIDATES, columns(agency, refs));
    const links = rows.map(({ at, uid, generation }) => {
      const ref = refs[at - 1] as KeyRef;
      return { ...ref, agency, uid: uid ?? derivedUid(agency, ref, generation) };
    });
    await write(columnsOf(links, "gateway"));
    return find(agency, refs);
  };

  const complete = (row: LinkRow): readonly CompleteRow[] => {
    const agency = row.agency as AgencyCode;
    const member = row.member as MemberAddress;
    if (kinds.of(agency, row.type)?.kind !== "linked") return [];
    return [{ ...row, agency, member, uid: row.uid ?? derivedUid(agency, { ...row, member }, 0) }];
  };

  return {
    byUid: (uids) => ask<StoredLink>(FIND_BY_UID, [uids]),
    find,
    async uidsOf(agency, refs) {
      const uids = await find(agency, refs);
      const missing = refs.filter((_, at) => uids[at] === undefined);
      if (missing.length === 0) return uids as readonly Uid[];
      const adopted = await adopt(agency, missing);
      let next = 0;
      return uids.map((uid) => uid ?? (adopted[next++] as Uid));
    },
    async seed(rows, linkedBy) {
      let inserted = 0;
      let writing = Promise.resolve(0);
      for await (const batch of batches(rows, SEED_BATCH_ROWS)) {
        const next = columnsOf(batch.flatMap(complete), linkedBy);
        inserted += await writing;
        writing = write(next);
        writing.catch(() => {}); // told at the next await, which a slow source may delay
      }
      inserted += await writing;
      return inserted;
    },
    async unlink({ uid, agency, by, evidence }) {
      return (await pool.query({ ...UNLINK, values: [uid, agency, by, evidence] })).rowCount ?? 0;
    },
  };
}

async function* batches<Item>(items: AsyncIterable<Item> | Iterable<Item>, size: number) {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}
