/**
 * Members of staff whose tokens are taken no more, in the gateway's own database, known to every replica (`followed-rows.ts`).
 *
 * Away      while the database does not answer, what was known last holds: tokens live ten minutes at most.
 * Kept      a revocation that is lifted stays in the table, with who and when.
 */
import type pg from "pg";
import { type FollowedRows, followRows } from "./followed-rows.ts";
import { type Migration, migrate } from "./migrate.ts";

export interface Staff {
  /** Address. */
  readonly member: string;
  readonly staff: string;
}

export interface Revocations {
  migrate(): Promise<void>;
  /** False when nothing had to change. */
  revoke(whom: Staff, by: string): Promise<boolean>;
  lift(whom: Staff, by: string): Promise<boolean>;
}

export interface FollowedRevocations {
  isRevoked(member: string, staff: string): boolean;
  /** Calls `act` for each who is revoked from now on. */
  onRevoked: FollowedRows<Staff>["onAdded"];
  stop(): Promise<void>;
}

const CHANNEL = "ihala_staff_revocation";

export const REVOCATION_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: "staff_revocation",
    sql: `
      create table staff_revocation (
        member text not null,
        staff text not null,
        revoked_by text not null,
        revoked_at timestamptz not null default now(),
        lifted_by text,
        lifted_at timestamptz
      );
      create unique index staff_revocation_in_force on staff_revocation (member, staff) where lifted_at is null;`,
  },
];

const REVOKE = `insert into staff_revocation (member, staff, revoked_by) values ($1, $2, $3)
                on conflict (member, staff) where lifted_at is null do nothing`;
const LIFT = `update staff_revocation set lifted_by = $3, lifted_at = now()
              where member = $1 and staff = $2 and lifted_at is null`;
const IN_FORCE = "select member, staff from staff_revocation where lifted_at is null";

type Queryable = Pick<pg.Pool, "query">;

export function createRevocations(pool: pg.Pool): Revocations {
  return {
    migrate: () => migrate(pool, "revocations", REVOCATION_MIGRATIONS),
    revoke: (whom, by) => revoke(pool, whom, by),
    lift: (whom, by) => change(pool, LIFT, whom, by),
  };
}

/** Also as part of a transaction: then nobody is told before it is committed. */
export const revoke = (on: Queryable, whom: Staff, by: string): Promise<boolean> =>
  change(on, REVOKE, whom, by);

async function change(on: Queryable, sql: string, { member, staff }: Staff, by: string): Promise<boolean> {
  const { rowCount } = await on.query(sql, [member, staff, by]);
  await on.query(`notify ${CHANNEL}`);
  return rowCount === 1;
}

/** Rejects when what is in force cannot be read at first. */
export async function followRevocations(pool: pg.Pool): Promise<FollowedRevocations> {
  const rows = await followRows<Staff>(pool, {
    channel: CHANNEL,
    inForce: IN_FORCE,
    keyOf: ({ member, staff }) => keyOf(member, staff),
  });
  return {
    isRevoked: (member, staff) => rows.has(keyOf(member, staff)),
    onRevoked: rows.onAdded,
    stop: rows.stop,
  };
}

const keyOf = (member: string, staff: string): string => `${member}\n${staff}`;
