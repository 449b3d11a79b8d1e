/**
 * Members of staff whose tokens are taken no more, in the gateway's own database, known to every replica.
 *
 * Told      a revocation is notified to each replica (LISTEN), and looked for every half second in case that was not heard.
 * Away      while the database does not answer, what was known last holds: tokens live ten minutes at most.
 * Kept      a revocation that is lifted stays in the table, with who and when.
 */
import type pg from "pg";
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
  onRevoked(act: (whom: Staff) => void): void;
  stop(): Promise<void>;
}

/** A replica that did not hear of a revocation has found it after so long. */
export const REVOCATION_POLL_MS = 500;
const CHANNEL = "ihala_staff_revocation";

const MIGRATIONS: readonly Migration[] = [
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
    migrate: () => migrate(pool, "revocations", MIGRATIONS),
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
  let known = new Map<string, Staff>();
  const acts: ((whom: Staff) => void)[] = [];
  let reading: Promise<void> | null = null;
  let isStale = false;

  const read = async () => {
    const { rows } = await pool.query<Staff>(IN_FORCE);
    const next = new Map(rows.map((row) => [keyOf(row.member, row.staff), row]));
    const fresh = [...next].filter(([key]) => !known.has(key));
    known = next;
    for (const [, whom] of fresh) for (const act of acts) act(whom);
  };
  /** What is told while it is read is read again: it may have come too late for the first reading. */
  const look = (): void => {
    isStale = true;
    reading ??= (async () => {
      while (isStale) {
        isStale = false;
        await read().catch(() => {});
      }
      reading = null;
    })();
  };

  await read();
  const listener = new Listener(pool, look);
  const timer = setInterval(() => {
    listener.keep();
    look();
  }, REVOCATION_POLL_MS).unref();
  listener.keep();
  return {
    isRevoked: (member, staff) => known.size > 0 && known.has(keyOf(member, staff)),
    onRevoked: (act) => void acts.push(act),
    async stop() {
      clearInterval(timer);
      await listener.stop();
      await reading;
    },
  };
}

const keyOf = (member: string, staff: string): string => `${member}\n${staff}`;

/** A connection that listens; another when it is lost. */
class Listener {
  readonly #pool: pg.Pool;
  readonly #onTold: () => void;
  #connecting: Promise<void> | null = null;
  #client: pg.PoolClient | null = null;

  constructor(pool: pg.Pool, onTold: () => void) {
    this.#pool = pool;
    this.#onTold = onTold;
  }

  keep(): void {
    if (this.#client) return;
    this.#connecting ??= this.#connect()
      .catch(() => {})
      .finally(() => {
        this.#connecting = null;
      });
  }

  async stop(): Promise<void> {
    await this.#connecting;
    this.#lose(this.#client);
  }

  async #connect(): Promise<void> {
    const client = await this.#pool.connect();
    this.#client = client;
    const lose = () => this.#lose(client);
    client.on("error", lose).on("end", lose).on("notification", this.#onTold);
    await client.query(`listen ${CHANNEL}`).catch(lose);
    this.#onTold();
  }

  /** Given back to the pool once, to be closed. */
  #lose(client: pg.PoolClient | null): void {
    if (client === null || this.#client !== client) return;
    this.#client = null;
    client.release(true);
  }
}
