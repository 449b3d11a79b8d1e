/**
 * Files of the content as they are stored: found for a reader, read piece by piece.
 *
 * In      a reference as a field of the content gave it; the reader whom the gateway's token names.
 * Out     the file, or null for one that is not there and for one of a case that does not exist for the reader, alike.
 * Bounds  one piece in memory at a time; the next is read when it is asked for.
 */
import { sql } from "kysely";
import type { LedgerContext } from "./context.ts";
import type { LedgerDatabase } from "./database.ts";
import { visibleCases } from "./facts/visible.ts";

export interface StoredFile {
  readonly mediaType: string;
  readonly bytes: number;
  readonly pieces: AsyncIterable<Buffer>;
}

export async function findFile(
  context: Pick<LedgerContext, "db" | "reader" | "now" | "domain">,
  ref: string,
): Promise<StoredFile | null> {
  const { db } = context;
  const row = await db
    .selectFrom("file as f")
    .innerJoin("caseFile as c", "c.uid", "f.caseUid")
    .select(["f.mediaType", "f.bytes"])
    .where("f.ref", "=", ref)
    .where(visibleCases(context))
    .executeTakeFirst();
  if (!row) return null;
  const bytes = Number(row.bytes);
  return { mediaType: row.mediaType, bytes, pieces: piecesOf(db, ref, bytes) };
}

/** As many bytes as the file has, or an error. */
async function* piecesOf(
  db: LedgerDatabase,
  ref: string,
  bytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  for (let position = 0, left = bytes; left > 0; position++) {
    const piece = await db
      .selectFrom("filePiece")
      .select(sql<Buffer>`data`.as("data"))
      .where("ref", "=", ref)
      .where("position", "=", position)
      .executeTakeFirst();
    if (!piece || piece.data.length > left) throw new Error("the pieces are not the file");
    left -= piece.data.length;
    yield piece.data;
  }
}
