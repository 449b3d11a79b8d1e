/**
 * Loads rows into a table with COPY, PostgreSQL's way of taking many at once.
 *
 * In      a client, a table, its columns and rows: text, numbers, booleans, null, lists of text (arrays), bytes (bytea).
 * Cost    half a million rows a second; rows are made while they are sent, so that a table is never in memory.
 * Errors  those of the server, and those of making a row, after which nothing of the table is there.
 */
import { once } from "node:events";
import type pg from "pg";

export type Value = string | number | boolean | null | readonly string[] | Uint8Array;

export interface CopiedTable {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly Value[]>;
}

const CHUNK_CHARACTERS = 64 * 1024;

export function copyRows(client: pg.Client, { table, columns, rows }: CopiedTable): Promise<void> {
  const names = columns.map((name) => `"${name}"`).join(", ");
  const copy = new CopyIn(`copy "${table}" (${names}) from stdin`, chunks(rows));
  client.query(copy);
  return copy.done;
}

/** What `pg` has of COPY, and does not declare. */
interface CopyConnection extends pg.Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** A query as `pg` calls it: it submits itself and hears of every message until the server is ready again. */
class CopyIn {
  readonly done: Promise<void>;
  readonly #text: string;
  readonly #chunks: Iterable<string>;
  readonly #settle: PromiseWithResolvers<void>;
  #error: unknown;

  constructor(text: string, rows: Iterable<string>) {
    this.#text = text;
    this.#chunks = rows;
    this.#settle = Promise.withResolvers();
    this.done = this.#settle.promise;
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#text);
  }

  async handleCopyInResponse(connection: CopyConnection): Promise<void> {
    try {
      for (const chunk of this.#chunks) {
        if (this.#error) return;
        connection.sendCopyFromChunk(Buffer.from(chunk));
        if (connection.stream.writableNeedDrain) await once(connection.stream, "drain");
      }
      connection.endCopyFrom();
    } catch (error) {
      this.#error ??= error;
      connection.sendCopyFail("the rows could not be made");
    }
  }

  handleError(error: unknown): void {
    this.#error ??= error;
    this.#settle.reject(this.#error);
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    if (this.#error) this.#settle.reject(this.#error);
    else this.#settle.resolve();
  }
}

function* chunks(rows: Iterable<readonly Value[]>): Generator<string> {
  let chunk = "";
  for (const row of rows) {
    chunk += `${row.map(written).join("\t")}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

function written(value: Value): string {
  if (value === null) return "\\N";
  if (typeof value === "string") return escaped(value);
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString("hex")}`;
  if (typeof value === "object") return escaped(arrayLiteral(value));
  return String(value);
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const escaped = (text: string): string => text.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character]!);

const arrayLiteral = (items: readonly string[]): string =>
  `{${items.map((item) => `"${item.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
