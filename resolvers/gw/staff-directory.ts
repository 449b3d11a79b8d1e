/**
 * The staff directory: who works for which member in which role, as far as names are shown in answers.
 *
 * In the gateway's own database, filled from the members' registers of staff. Read by uid, in one statement a fetch.
 */
import type pg from "pg";
import { type Migration, migrate } from "../../src/connectors/migrate.ts";

export interface StaffEntry {
  readonly uid: string;
  /** Staff identifier, unique inside the member. */
  readonly staffId: string;
  readonly member: string;
  readonly agency: string;
  /** As in the domain, `EPC.screener`. */
  readonly role: string;
  readonly nameAr: string;
  readonly nameLatin: string;
}

export interface StaffDirectory {
  migrate(): Promise<void>;
  /** Adds entries; those that are there already are brought up to date. */
  seed(entries: readonly StaffEntry[]): Promise<void>;
  byUid(uids: readonly string[]): Promise<readonly StaffEntry[]>;
}

export const STAFF_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: "staff_directory",
    sql: `
      create table staff_directory (
        uid text primary key,
        staff_id text not null,
        member text not null,
        agency text not null,
        role text not null,
        name_ar text not null,
        name_latin text not null,
        unique (member, staff_id)
      )`,
  },
];

const SEED = `
  insert into staff_directory
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
  on conflict (uid) do update
    set staff_id = excluded.staff_id, member = excluded.member, agency = excluded.agency, role = excluded.role,
        name_ar = excluded.name_ar, name_latin = excluded.name_latin`;

const BY_UID = {
  name: "staff-by-uid",
  text: `select uid, staff_id as "staffId", member, agency, role, name_ar as "nameAr", name_latin as "nameLatin"
         from staff_directory where uid = any($1::text[])`,
};

const COLUMNS = ["uid", "staffId", "member", "agency", "role", "nameAr", "nameLatin"] as const;

export function createStaffDirectory(pool: pg.Pool): StaffDirectory {
  return {
    migrate: () => migrate(pool, "staff-directory", STAFF_MIGRATIONS),
    async seed(entries) {
      const columns = COLUMNS.map((column) => entries.map((entry) => entry[column]));
      await pool.query(SEED, columns);
    },
    byUid: async (uids) => (await pool.query<StaffEntry>({ ...BY_UID, values: [uids] })).rows,
  };
}
