/** Replicas that open for each other what the keys of one hold, over a real database, and what of it is left there. */
import { createSecretKey, randomBytes } from "node:crypto";
import type pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sealBytes } from "../../src/audit/aead.ts";
import { askPeers } from "../../src/audit/peer-seal.ts";
import type { Sealed } from "../../src/audit/sealed.ts";
import { SubjectKeyring } from "../../src/audit/subject-keys.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { createLogCopy } from "../../src/disclosures/log-copy.ts";
import { Peers } from "../../src/disclosures/peers.ts";
import { SECRETS } from "../audit/disclosures.ts";
import { testDatabase } from "../support/postgres.ts";
import { eventually } from "./copies.ts";

const SHARED = randomBytes(32);

/** Keys by id, as a gateway has them. */
class Keys extends SubjectKeyring {
  readonly held = new Map<string, Buffer>();
  constructor(...ids: readonly string[]) {
    super(SECRETS.subjects, []);
    for (const id of ids) this.held.set(id, randomBytes(32));
  }
  override secretOf(id: string) {
    const key = this.held.get(id);
    return key ? createSecretKey(key) : null;
  }
  seal(id: string, words: string): Sealed {
    const sealed = sealBytes(createSecretKey(this.held.get(id)!), Buffer.from(words), "here");
    return { key: id, sealed: sealed.toString("base64url"), context: "here" };
  }
}

let url: string;
let watching: pg.Pool;
const closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  url = await testDatabase();
  watching = createPool({ url });
  await createLogCopy(watching).migrate();
  closing.push(() => watching.end());
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Replicas of this database: locks are told of the whole server, which other files of tests use too. */
const present = async () =>
  (
    await watching.query(
      `select 1 from pg_locks join pg_database d on d.oid = database
        where locktype = 'advisory' and classid = 4819139 and datname = current_database()`,
    )
  ).rowCount;
const left = async () => {
  const { rows } = await watching.query(
    "select to_json(q) from disclosure.peer_question q union all select to_json(a) from disclosure.peer_answer a",
  );
  return rows;
};

/** A replica that runs. */
async function replica(keys: Keys, secret: Uint8Array = SHARED): Promise<Peers> {
  const before = (await present()) ?? 0;
  const pool = createPool({ url, connections: 4 });
  const peers = new Peers({ pool, keys, secret });
  closing.push(() => peers.stop().then(() => pool.end()));
  await eventually(async () => (await present()) === before + 1);
  return peers;
}

const wordsOf = async (peers: Peers, ...all: readonly Sealed[]) =>
  (await peers.open(all)).map((words) => words?.toString() ?? null);

it("open what any of them has the key of, in order, and null for what none has", async () => {
  const [one, two, three] = [new Keys("a", "b"), new Keys("c"), new Keys("d")];
  const [asking] = [await replica(one), await replica(two), await replica(three)];
  const lost = new Keys("lost").seal("lost", "of a replica that is gone");
  const all = [two.seal("c", "c"), one.seal("a", "a"), lost, three.seal("d", "d"), one.seal("b", "b")];
  expect(await wordsOf(asking, ...all)).toEqual(["c", "a", null, "d", "b"]);
  expect(await left()).toEqual([]);
});

it("open many more than are asked about at a time", async () => {
  const other = new Keys("a");
  const [asking] = [await replica(new Keys()), await replica(other)];
  const words = Array.from({ length: 1_201 }, (_, at) => String(at));
  const sealed = words.map((each) => other.seal("a", each));
  await expect.poll(() => wordsOf(asking, ...sealed)).toEqual(words);
});

it("forget with the one that had the key: nothing of it is anywhere else", async () => {
  const other = new Keys("a");
  const [asking] = [await replica(new Keys()), await replica(other)];
  const sealed = other.seal("a", "cnr-reason");
  expect(await wordsOf(asking, sealed)).toEqual(["cnr-reason"]);
  other.held.clear();
  expect(await wordsOf(asking, sealed)).toEqual([null]);
});

it("ask nobody for what they open themselves, nor where nobody else runs", async () => {
  const own = new Keys("a");
  const alone = await replica(own);
  const lost = new Keys("lost").seal("lost", "words");
  await watching.query(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'asked'; end $$;
    create trigger refuse before insert on disclosure.peer_question execute function refuse()`);
  expect(await wordsOf(alone, own.seal("a", "mine"), lost)).toEqual(["mine", null]);
  await replica(new Keys());
  expect(await wordsOf(alone, own.seal("a", "mine"))).toEqual(["mine"]);
  await expect(wordsOf(alone, lost)).rejects.toThrow("asked");
});

it("wait no longer than it takes when one does not answer", async () => {
  const own = new Keys("a");
  const other = await replica(own);
  const deaf = createPool({ url });
  closing.push(() => deaf.end());
  const client = await deaf.connect();
  await client.query("select pg_advisory_lock_shared(4819139, 1)");
  expect(await wordsOf(other, new Keys("b").seal("b", "words"))).toEqual([null]);
  client.release(true);
});

it("answer no one who has the database and not the secret", async () => {
  const other = new Keys("a");
  const sealed = other.seal("a", "cnr-reason");
  const [stranger] = [await replica(new Keys(), randomBytes(32)), await replica(other)];
  expect(await wordsOf(stranger, sealed)).toEqual([null]);
});

it("leave in the database, while they ask, nothing that it could read", async () => {
  const other = new Keys("a");
  await replica(other);
  const sealed = other.seal("a", "cnr-reason");
  const { question, open } = askPeers(SHARED, [sealed]);
  await watching.query("insert into disclosure.peer_question values ($1, $2, $3, $4)", [
    ...[question.id, question.publicKey, question.items, question.mac],
  ]);
  await watching.query("notify ihala_peers");
  await eventually(async () => (await watching.query("select from disclosure.peer_answer")).rowCount === 1);
  const { rows } = await watching.query(
    `select public_key as "publicKey", sealed from disclosure.peer_answer`,
  );
  const dumped = JSON.stringify(await left());
  for (const form of ["utf8", "base64", "base64url", "hex"] as const)
    expect(dumped).not.toContain(Buffer.from("cnr-reason").toString(form).replace(/=+$/, ""));
  expect(open(rows[0])?.get(0)?.toString()).toBe("cnr-reason");
});
