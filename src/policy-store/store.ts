/**
 * The policy store: contents, drafts, approvals, publications and shadows in PostgreSQL.
 *
 * Out     only what a trusted key has signed, and contents whose bytes have the hash that was signed.
 * Writes  under one lock, so that numbers have no gaps and what was decided on still holds when it is written.
 * Errors  POLICY_UNTRUSTED for what does not verify; POLICY_REFUSED when there is no such draft or publication.
 */
import { createHash } from "node:crypto";
import type pg from "pg";
import type { NoteSigner, NoteVerifier } from "../audit/note.ts";
import { migrate } from "../connectors/migrate.ts";
import { GatewayError } from "../kernel/errors.ts";
import { contentOf, type PolicyContent } from "./content.ts";
import { POLICY_STORE_MIGRATIONS } from "./migrations.ts";
import {
  type Approval,
  type Draft,
  officerName,
  openStatement,
  type Publication,
  type Shadow,
  signStatement,
  untrusted,
} from "./statements.ts";

export interface PolicyStoreParts {
  readonly pool: pg.Pool;
  /** Whose signatures count. */
  readonly verifiers: readonly NoteVerifier[];
}

/** Numbers of the newest rows, as gateways look for them. */
export interface Heads {
  readonly publication: number | null;
  readonly shadow: number | null;
}

/** Any number that no other program locks in our databases. */
const LOCK = 4_819_138;
export const CHANNEL = "ihala_policies";

type Db = Pick<pg.Pool, "query">;

export class PolicyStore {
  readonly #pool: pg.Pool;
  readonly #verifiers: readonly NoteVerifier[];

  constructor({ pool, verifiers }: PolicyStoreParts) {
    this.#pool = pool;
    this.#verifiers = verifiers;
  }

  async migrate(): Promise<void> {
    await migrate(this.#pool, "policies", POLICY_STORE_MIGRATIONS);
  }

  async heads(): Promise<Heads> {
    const sql = `select (select max(number) from policy_store.publication) as publication,
                        (select max(number) from policy_store.shadow) as shadow`;
    const { rows } = await this.#pool.query<Heads>(sql);
    return rows[0] ?? { publication: null, shadow: null };
  }

  /** Null when nothing was ever published. */
  async published(db: Db = this.#pool): Promise<Publication | null> {
    return (await this.#publications("order by number desc limit 1", [], db))[0] ?? null;
  }

  /** All of them, the newest last. */
  publications(): Promise<readonly Publication[]> {
    return this.#publications("order by number", []);
  }

  /** Those before a number where one is given; the newest first. */
  newestPublications(most: number, before: number | null): Promise<readonly Publication[]> {
    const clause = "where $2::integer is null or number < $2 order by number desc limit $1";
    return this.#publications(clause, [most, before]);
  }

  async publication(number: number): Promise<Publication> {
    return (await this.findPublication(number)) ?? none(`there is no publication ${number}`);
  }

  async findPublication(number: number): Promise<Publication | null> {
    return (await this.#publications("where number = $1", [number]))[0] ?? null;
  }

  async #publications(clause: string, values: unknown[], db: Db = this.#pool): Promise<Publication[]> {
    const sql = `select number, hash, bundle, note from policy_store.publication ${clause}`;
    const { rows } = await db.query<Row<"number" | "hash" | "bundle">>(sql, values);
    return rows.map(({ note, ...row }) => openStatement("publication", note, this.#verifiers, row as never));
  }

  async drafts(): Promise<readonly Draft[]> {
    return this.#drafts("order by number", []);
  }

  newestDrafts(most: number): Promise<readonly Draft[]> {
    return this.#drafts("order by number desc limit $1", [most]);
  }

  async draft(number: number): Promise<Draft> {
    return (await this.findDraft(number)) ?? none(`there is no draft ${number}`);
  }

  async findDraft(number: number): Promise<Draft | null> {
    return (await this.#drafts("where number = $1", [number]))[0] ?? null;
  }

  async #drafts(clause: string, values: unknown[]): Promise<Draft[]> {
    const sql = `select number, hash, note from policy_store.draft ${clause}`;
    const { rows } = await this.#pool.query<Row<"number" | "hash">>(sql, values);
    return rows.map(({ note, ...row }) => openStatement("draft", note, this.#verifiers, row as never));
  }

  async approvals(draft: number, db: Db = this.#pool): Promise<readonly Approval[]> {
    const sql = "select draft, officer, note from policy_store.approval where draft = $1 order by officer";
    const { rows } = await db.query<Row<"draft" | "officer">>(sql, [draft]);
    return rows.map(({ note, officer }) => {
      const approval = openStatement("approval", note, this.#verifiers, { draft });
      if (officerName(approval.by) === officer) return approval;
      throw untrusted(`an approval of draft ${draft} was signed for another officer`);
    });
  }

  /** Null when there never was one. */
  async shadow(): Promise<Shadow | null> {
    return (await this.#shadows("order by number desc limit 1"))[0] ?? null;
  }

  shadows(): Promise<readonly Shadow[]> {
    return this.#shadows("order by number");
  }

  async #shadows(clause: string): Promise<Shadow[]> {
    const sql = `select number, draft, note from policy_store.shadow ${clause}`;
    const { rows } = await this.#pool.query<Row<"number" | "draft">>(sql);
    return rows.map(({ note, ...row }) => openStatement("shadow", note, this.#verifiers, row as never));
  }

  /** The bytes, if they have that hash. */
  async content(hash: string): Promise<PolicyContent> {
    const sql = "select path, bytes from policy_store.file where hash = $1";
    const { rows } = await this.#pool.query<{ path: string; bytes: Buffer }>(sql, [hash]);
    const content = contentOf(rows);
    if (content.hash === hash) return content;
    throw untrusted(`the files of \`${hash.slice(0, 12)}\` are not those that were signed`);
  }

  async bundle(sha256: string): Promise<string> {
    const sql = "select body from policy_store.bundle where sha256 = $1";
    const { rows } = await this.#pool.query<{ body: string }>(sql, [sha256]);
    const body = rows[0]?.body ?? "";
    if (hashOfBundle(body) === sha256) return body;
    throw untrusted(`what was compiled for \`${sha256.slice(0, 12)}\` is not what was signed`);
  }

  /** Writes, one writer at a time; gateways hear of it when all of it is there. */
  async write<Result>(signer: NoteSigner, work: (writer: StoreWriter) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    try {
      await client.query("begin");
      await client.query("select pg_advisory_xact_lock($1)", [LOCK]);
      const result = await work(new StoreWriter(client, this, signer));
      await client.query("select pg_notify($1, '')", [CHANNEL]);
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch(() => {});
      throw error;
    } finally {
      client.release();
    }
  }
}

/** What may be written, inside one transaction. Signs; decides nothing. */
export class StoreWriter {
  readonly #client: pg.PoolClient;
  readonly #store: PolicyStore;
  readonly #signer: NoteSigner;

  constructor(client: pg.PoolClient, store: PolicyStore, signer: NoteSigner) {
    this.#client = client;
    this.#store = store;
    this.#signer = signer;
  }

  /** As they are now, while nobody else writes. */
  published(): Promise<Publication | null> {
    return this.#store.published(this.#client);
  }

  approvals(draft: number): Promise<readonly Approval[]> {
    return this.#store.approvals(draft, this.#client);
  }

  async addContent({ hash, files }: PolicyContent): Promise<void> {
    const sql = "insert into policy_store.content (hash) values ($1) on conflict do nothing";
    const { rowCount } = await this.#client.query(sql, [hash]);
    if (!rowCount) return;
    const paths = files.map(({ path }) => path);
    const bytes = files.map((file) => file.bytes);
    await this.#client.query(
      "insert into policy_store.file (hash, path, bytes) select $1, * from unnest($2::text[], $3::bytea[])",
      [hash, paths, bytes],
    );
  }

  async addBundle(body: string): Promise<string> {
    const sha256 = hashOfBundle(body);
    const sql = "insert into policy_store.bundle (sha256, body) values ($1, $2) on conflict do nothing";
    await this.#client.query(sql, [sha256, body]);
    return sha256;
  }

  async addDraft(draft: Omit<Draft, "number">): Promise<Draft> {
    const statement = { ...draft, number: await this.#next("draft") };
    const note = signStatement("draft", statement, this.#signer);
    const sql = "insert into policy_store.draft (number, hash, note) values ($1, $2, $3)";
    await this.#client.query(sql, [statement.number, statement.hash, note]);
    return statement;
  }

  async addApproval(approval: Approval): Promise<void> {
    const note = signStatement("approval", approval, this.#signer);
    const sql = "insert into policy_store.approval (draft, officer, note) values ($1, $2, $3)";
    await this.#client.query(sql, [approval.draft, officerName(approval.by), note]);
  }

  /** A publication is its own version unless it goes back to one. */
  async addPublication({
    version,
    ...rest
  }: Omit<Publication, "number" | "version"> & { readonly version: number | null }): Promise<Publication> {
    const number = await this.#next("publication");
    const statement = { ...rest, number, version: version ?? number };
    const note = signStatement("publication", statement, this.#signer);
    const sql = "insert into policy_store.publication (number, hash, bundle, note) values ($1, $2, $3, $4)";
    await this.#client.query(sql, [number, statement.hash, statement.bundle, note]);
    return statement;
  }

  async addShadow(shadow: Omit<Shadow, "number">): Promise<Shadow> {
    const statement = { ...shadow, number: await this.#next("shadow") };
    const note = signStatement("shadow", statement, this.#signer);
    const sql = "insert into policy_store.shadow (number, draft, note) values ($1, $2, $3)";
    await this.#client.query(sql, [statement.number, statement.draft, note]);
    return statement;
  }

  async #next(table: "draft" | "publication" | "shadow"): Promise<number> {
    const sql = `select coalesce(max(number), 0) + 1 as number from policy_store.${table}`;
    return Number((await this.#client.query<{ number: number }>(sql)).rows[0]?.number);
  }
}

type Row<Columns extends string> = Readonly<Record<Columns, string | number | null>> & {
  readonly note: string;
};

const hashOfBundle = (body: string): string => createHash("sha256").update(body).digest("hex");

function none(message: string): never {
  throw new GatewayError("POLICY_REFUSED", message);
}
