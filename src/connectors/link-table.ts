/**
 * Which agency knows an object by which key: the table that joins uids to agencies' own keys (domain model §6).
 *
 * Asked through a session, one per request: whatever several agencies are asked at the same moment of a request is
 * looked up in one SQL statement, and remembered until the request ends. Nothing outlives it, so that an unlinking takes
 * effect at the next request on every replica.
 * A key that is seen for the first time is linked on the spot: to the object that another agency knows by the same key,
 * unless it was once unlinked from that, else to a new uid derived from the key.
 * Cost  one SQL statement a wave of fetches and direction; three more for keys seen for the first time.
 */
import DataLoader from "dataloader";
import type pg from "pg";
import type { AgencyCode, Uid } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { KeyKinds } from "./key-kinds.ts";
import { isOwn, type LinkKeys } from "./link-keys.ts";
import { LINK_MIGRATIONS } from "./link-migrations.ts";
import {
  type KeyRef,
  type LinkRow,
  type LinkStore,
  linkStore,
  type StoredLink,
  type Unlinking,
} from "./link-store.ts";
import { migrate } from "./migrate.ts";

export type { KeyRef, LinkRow, Unlinking };

export interface LinkSession {
  /** Keys of each uid at the agency, newest link first; uids that it does not know are missing. */
  keysOf(agency: AgencyCode, uids: readonly string[]): Promise<ReadonlyMap<string, readonly KeyRef[]>>;
  /** The uid of each key, in order. */
  uidsOf(agency: AgencyCode, refs: readonly KeyRef[]): Promise<readonly Uid[]>;
}

export interface LinkTable {
  migrate(): Promise<void>;
  session(): LinkSession;
  /** The session of a request, whoever asks for it; `request` is any object that lives as long. */
  sessionOf(request: object): LinkSession;
  /** Links in bulk; keys that are linked already keep their uid. Rows of `own` types are passed over. */
  seedLinks(rows: AsyncIterable<LinkRow> | Iterable<LinkRow>, linkedBy: string): Promise<number>;
  /** The uid of each key, in order; undefined where it is not linked. Links nothing. */
  find(agency: AgencyCode, refs: readonly KeyRef[]): Promise<readonly (Uid | undefined)[]>;
  /** Ends all links of an object at an agency; how many there were. */
  unlink(unlinking: Unlinking): Promise<number>;
  /** Does any agency know an object of this type by this uid? */
  knows(type: string, uid: string): Promise<boolean>;
}

export interface LinkTableOptions {
  readonly pool: pg.Pool;
  readonly keys: LinkKeys;
  readonly kinds: KeyKinds;
}

export function createLinkTable({ pool, keys, kinds }: LinkTableOptions): LinkTable {
  const store = linkStore(pool, keys, kinds);
  const session = () => linkSession(store, keys, kinds);
  const sessions = new WeakMap<object, LinkSession>();
  return {
    migrate: () => migrate(pool, "links", LINK_MIGRATIONS),
    session,
    sessionOf(request) {
      const its = sessions.get(request) ?? session();
      sessions.set(request, its);
      return its;
    },
    seedLinks: store.seed,
    find: store.find,
    unlink: store.unlink,
    knows: async (type, uid) => (await store.byUid([uid])).some((link) => link.type === type),
  };
}

function linkSession(store: LinkStore, keys: LinkKeys, kinds: KeyKinds): LinkSession {
  const seen = new Map<string, Uid>();
  const rows = new DataLoader<string, readonly StoredLink[]>(async (uids) => {
    const found = Map.groupBy(await store.byUid(uids), (row) => row.uid);
    return uids.map((uid) => found.get(uid) ?? []);
  });

  const linked = async (agency: AgencyCode, uid: string): Promise<readonly KeyRef[]> => {
    const refs: KeyRef[] = [];
    for (const row of await rows.load(uid)) {
      const key = row.agency === agency ? keys.openKey(row, row.key_sealed) : null;
      if (key === null) continue;
      const ref = { type: row.type, member: row.member, key };
      refs.push(ref);
      seen.set(nameOf(agency, ref), uid as Uid);
    }
    return refs;
  };
  const own = (agency: AgencyCode, uid: string): readonly KeyRef[] => {
    const ref = keys.openOwn(agency, uid);
    return ref && kinds.of(agency, ref.type)?.kind === "own" ? [ref] : [];
  };

  return {
    async keysOf(agency, uids) {
      const distinct = [...new Set(uids)];
      const found = await Promise.all(
        distinct.map((uid) => (isOwn(uid) ? own(agency, uid) : linked(agency, uid))),
      );
      return new Map(distinct.flatMap((uid, at) => (found[at]?.length ? [[uid, found[at]]] : [])));
    },

    async uidsOf(agency, refs) {
      const unknown = new Map<string, KeyRef>();
      const resolved = refs.map((ref) => {
        const kind = kinds.of(agency, ref.type)?.kind;
        if (!kind)
          throw new GatewayError("AGENCY_BAD_REPLY", `no key is declared for \`${ref.type}\``, { agency });
        if (kind === "own") return keys.sealOwn(agency, ref);
        const name = nameOf(agency, ref);
        if (!seen.has(name)) unknown.set(name, ref);
        return name;
      });
      if (unknown.size > 0) {
        const uids = await store.uidsOf(agency, [...unknown.values()]);
        for (const [at, name] of [...unknown.keys()].entries()) seen.set(name, uids[at] as Uid);
      }
      return resolved.map((name) => seen.get(name) ?? (name as Uid));
    },
  };
}

const nameOf = (agency: AgencyCode, { type, member, key }: KeyRef) => `${agency}\n${type}\n${member}\n${key}`;
