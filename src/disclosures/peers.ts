/**
 * Opens what was sealed under a key that another replica holds, by asking the replicas that run: keys of subjects never leave the gateway
 * that made them, so destroying one there forgets its subject everywhere.
 *
 * In      what is sealed, as the database has it. What the keys here open is opened here, and nobody is asked.
 * Out     in order; null for what nobody opens: the key was destroyed, or its replica does not run.
 * Present each replica that listens holds a lock, which goes with its connection: where there is none besides, nobody is asked.
 * Waits   until every replica has answered, `PATIENCE_MS` at most.
 * Kept    questions and answers are deleted once they were heard; what is left of them opens for nobody (`peer-seal.ts`).
 * Errors  those of `pg`.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { answerPeer, askPeers, type PeerAnswer, type PeerQuestion } from "../audit/peer-seal.ts";
import { type Opening, openSealed, type Sealed } from "../audit/sealed.ts";
import type { SubjectKeyring } from "../audit/subject-keys.ts";
import { Listener } from "../connectors/listener.ts";

export interface PeersParts {
  /** One connection of it is kept for listening. */
  readonly pool: pg.Pool;
  readonly keys: SubjectKeyring;
  /** Each replica has the same. */
  readonly secret: Uint8Array;
}

/** So many are asked about at a time. */
const AT_ONCE = 500;
const PATIENCE_MS = 1_000;
/** In case nothing is heard. */
const LOOK_MS = 100;
const KEEP_MS = 500;
const CHANNEL = "ihala_peers";
const LOCK = [4_819_139, 1] as const;

const SETUP = `listen ${CHANNEL}; select pg_advisory_lock_shared(${LOCK.join()})`;
const PRESENT = `select count(*)::int as count from pg_locks
  where locktype = 'advisory' and granted and classid = ${LOCK[0]} and objid = ${LOCK[1]} and objsubid = 2
    and database = (select oid from pg_database where datname = current_database())`;
const ASK = `with asked as (
    insert into disclosure.peer_question (id, public_key, items, mac) values ($1, $2, $3, $4))
  select pg_notify('${CHANNEL}', '')`;
const ASKED = `select id, public_key as "publicKey", items, mac from disclosure.peer_question
  where asked_at > clock_timestamp() - interval '10 seconds' and not id = any($1::text[])`;
const ANSWER = `with answered as (
    insert into disclosure.peer_answer (question, public_key, sealed) values ($1, $2, $3))
  select pg_notify('${CHANNEL}', '')`;
const ANSWERS = `select public_key as "publicKey", sealed from disclosure.peer_answer where question = $1`;
/** What a replica that was killed left behind goes with it. */
const FORGET = `with questions as (
    delete from disclosure.peer_question where id = $1 or asked_at < clock_timestamp() - interval '1 minute')
  delete from disclosure.peer_answer where question = $1 or answered_at < clock_timestamp() - interval '1 minute'`;

export class Peers {
  readonly #parts: PeersParts;
  readonly #listener: Listener;
  readonly #timer: NodeJS.Timeout;
  /** Questions of the last moments that need no look: answered, or asked by this replica. */
  #settled: string[] = [];
  #looking: Promise<void> | null = null;
  #isStale = false;
  #told = Promise.withResolvers<void>();

  constructor(parts: PeersParts) {
    this.#parts = parts;
    this.#listener = new Listener(parts.pool, SETUP, () => this.#look());
    this.#timer = setInterval(() => this.#listener.keep(), KEEP_MS).unref();
    this.#listener.keep();
  }

  readonly open: Opening = async (all) => {
    const { keys } = this.#parts;
    const opened = all.map((item) => openSealed(keys, item));
    const missing = [...all.keys()].filter((at) => opened[at] === null);
    const others = missing.length === 0 ? 0 : await this.#others();
    for (let from = 0; others > 0 && from < missing.length; from += AT_ONCE) {
      const places = missing.slice(from, from + AT_ONCE);
      const found = await this.#ask(
        places.map((at) => all[at] as Sealed),
        others,
      );
      for (const [at, plain] of found) opened[places[at] as number] = plain;
    }
    return opened;
  };

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#listener.stop();
    await this.#looking;
  }

  async #others(): Promise<number> {
    const { rows } = await this.#parts.pool.query<{ count: number }>(PRESENT);
    return Math.max(0, (rows[0]?.count ?? 0) - (this.#listener.isListening ? 1 : 0));
  }

  async #ask(items: readonly Sealed[], others: number): Promise<ReadonlyMap<number, Buffer>> {
    const { pool, secret } = this.#parts;
    const { question, open } = askPeers(secret, items);
    const { id, publicKey, mac } = question;
    this.#settle(id);
    const until = performance.now() + PATIENCE_MS;
    const found = new Map<number, Buffer>();
    try {
      await pool.query(ASK, [id, publicKey, question.items, mac]);
      while (performance.now() < until) {
        const told = this.#told.promise;
        const { rows } = await pool.query<PeerAnswer>(ANSWERS, [id]);
        const answers = rows.flatMap((row) => open(row) ?? []);
        for (const answer of answers) for (const [at, plain] of answer) found.set(at, plain);
        if (answers.length >= others || found.size === items.length) break;
        await Promise.race([told, sleep(LOOK_MS)]);
      }
    } finally {
      await pool.query(FORGET, [id]);
    }
    return found;
  }

  /** What is told while it is looked is looked at again. */
  #look(): void {
    this.#told.resolve();
    this.#told = Promise.withResolvers();
    this.#isStale = true;
    this.#looking ??= (async () => {
      while (this.#isStale) {
        this.#isStale = false;
        await this.#answerAll().catch(() => {});
      }
      this.#looking = null;
    })();
  }

  async #answerAll(): Promise<void> {
    const { pool, keys, secret } = this.#parts;
    const { rows } = await pool.query<PeerQuestion>(ASKED, [this.#settled]);
    for (const question of rows) {
      this.#settle(question.id);
      const answer = answerPeer(secret, question, (item) => openSealed(keys, item));
      if (answer) await pool.query(ANSWER, [question.id, answer.publicKey, answer.sealed]);
    }
  }

  #settle(id: string): void {
    this.#settled = [...this.#settled.slice(-AT_ONCE), id];
  }
}
