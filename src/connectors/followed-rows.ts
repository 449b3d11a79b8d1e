/**
 * Rows of the gateway's own database that every replica must know within half a second, such as who is revoked.
 *
 * In      a statement that reads the rows in force, what is a row's key, and the channel on which a change is notified.
 * Told    a change is notified to each replica (LISTEN), and looked for every half second in case that was not heard.
 * Away    while the database does not answer, what was known last holds.
 * Errors  rejects when what is in force cannot be read at first.
 */
import type pg from "pg";
import { Listener } from "./listener.ts";

export interface FollowOptions<Row> {
  /** A constant of ours: it is written into the statement. */
  readonly channel: string;
  readonly inForce: string;
  readonly keyOf: (row: Row) => string;
}

export interface FollowedRows<Row> {
  has(key: string): boolean;
  all(): readonly Row[];
  /** Calls `act` for each that comes into force from now on, until what is returned is called. */
  onAdded(act: (row: Row) => void): () => void;
  stop(): Promise<void>;
}

/** A replica that did not hear of a change has found it after so long. */
export const FOLLOW_POLL_MS = 500;
/** A change is known to every replica that runs: it looks within one poll; the second is for its reading. */
export const KNOWN_EVERYWHERE_MS = FOLLOW_POLL_MS * 2;

export async function followRows<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  { channel, inForce, keyOf }: FollowOptions<Row>,
): Promise<FollowedRows<Row>> {
  let known = new Map<string, Row>();
  const acts = new Set<(row: Row) => void>();
  let reading: Promise<void> | null = null;
  let isStale = false;

  const read = async () => {
    const { rows } = await pool.query<Row>(inForce);
    const next = new Map(rows.map((row) => [keyOf(row), row]));
    const added = [...next].filter(([key]) => !known.has(key));
    known = next;
    for (const [, row] of added) for (const act of [...acts]) act(row);
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
  const listener = new Listener(pool, `listen ${channel}`, look);
  const timer = setInterval(() => {
    listener.keep();
    look();
  }, FOLLOW_POLL_MS).unref();
  listener.keep();
  return {
    has: (key) => known.has(key),
    all: () => [...known.values()],
    onAdded(act) {
      acts.add(act);
      return () => void acts.delete(act);
    },
    async stop() {
      clearInterval(timer);
      await listener.stop();
      await reading;
    },
  };
}
