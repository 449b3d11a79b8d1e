/**
 * Agencies, and members of agencies, that are asked no more and may not ask, in the gateway's own database, known to every replica
 * (`followed-rows.ts`). A restart keeps them.
 *
 * In force  a suspension of an agency holds for all its members, also for those that join it later; one of a member for that member.
 * Away      while the database does not answer, what was known last holds.
 * Kept      a suspension that has ended stays in the table, with who, when and why.
 * Source    security design §5.
 */
import type pg from "pg";
import { type FollowedRows, followRows } from "./followed-rows.ts";
import { type Migration, migrate } from "./migrate.ts";

export interface Suspended {
  /** Code. */
  readonly agency: string;
  /** Address; null for the whole agency. */
  readonly member: string | null;
}

export interface Suspension extends Suspended {
  readonly by: string;
  readonly at: Date;
  readonly reason: string | null;
}

export interface Suspensions {
  migrate(): Promise<void>;
  /** False when nothing had to change. */
  suspend(whom: Suspended, by: string, reason: string | null): Promise<boolean>;
  resume(whom: Suspended, by: string): Promise<boolean>;
  inForce(): Promise<readonly Suspension[]>;
}

export interface FollowedSuspensions {
  /** Itself, or its whole agency. */
  isSuspended(agency: string, member: string): boolean;
  all(): readonly Suspended[];
  /** Calls `act` whenever something more is suspended, until what is returned is called. */
  onSuspended: FollowedRows<Suspended>["onAdded"];
  stop(): Promise<void>;
}

const CHANNEL = "ihala_agency_suspension";

export const SUSPENSION_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: "agency_suspension",
    sql: `
      create table agency_suspension (
        agency text not null,
        member text,
        reason text,
        suspended_by text not null,
        suspended_at timestamptz not null default now(),
        resumed_by text,
        resumed_at timestamptz
      );
      create unique index agency_suspension_in_force on agency_suspension (agency, coalesce(member, ''))
        where resumed_at is null;`,
  },
];

const SUSPEND = `insert into agency_suspension (agency, member, suspended_by, reason) values ($1, $2, $3, $4)
                 on conflict (agency, coalesce(member, '')) where resumed_at is null do nothing`;
const RESUME = `update agency_suspension set resumed_by = $3, resumed_at = now()
                where agency = $1 and member is not distinct from $2 and resumed_at is null`;
const IN_FORCE = `select agency, member, suspended_by as by, suspended_at as at, reason from agency_suspension
                  where resumed_at is null order by agency, member nulls first`;

export function createSuspensions(pool: pg.Pool): Suspensions {
  const change = async (sql: string, values: readonly unknown[]): Promise<boolean> => {
    const { rowCount } = await pool.query(sql, [...values]);
    await pool.query(`notify ${CHANNEL}`);
    return rowCount === 1;
  };
  return {
    migrate: () => migrate(pool, "suspensions", SUSPENSION_MIGRATIONS),
    suspend: ({ agency, member }, by, reason) => change(SUSPEND, [agency, member, by, reason]),
    resume: ({ agency, member }, by) => change(RESUME, [agency, member, by]),
    inForce: async () => (await pool.query<Suspension>(IN_FORCE)).rows,
  };
}

/** Rejects when what is in force cannot be read at first. */
export async function followSuspensions(pool: pg.Pool): Promise<FollowedSuspensions> {
  const rows = await followRows<Suspended>(pool, {
    channel: CHANNEL,
    inForce: "select agency, member from agency_suspension where resumed_at is null order by agency, member",
    // A code is no address.
    keyOf: ({ agency, member }) => member ?? agency,
  });
  return {
    isSuspended: (agency, member) => rows.has(agency) || rows.has(member),
    all: rows.all,
    onSuspended: rows.onAdded,
    stop: rows.stop,
  };
}
