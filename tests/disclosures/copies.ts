/** A log that is shipped to a database, and what the two hold, for tests. */

import { BlindIndex } from "../../src/audit/blind-index.ts";
import { realFiles } from "../../src/audit/files.ts";
import { type DisclosureLogOptions, type LogShipping, openDisclosureLog } from "../../src/audit/log.ts";
import { readSegments } from "../../src/audit/segments.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { createLogCopy } from "../../src/disclosures/log-copy.ts";
import { protectionOf, SECRETS } from "../audit/disclosures.ts";

export const BLIND = new BlindIndex(Buffer.alloc(32, 9));

export interface CopiedRow {
  readonly log: string;
  readonly sequence: number;
  readonly text: string;
}

export function openCopy(url: string) {
  const pool = createPool({ url, connections: 2, timeoutMs: 2_000 });
  return {
    pool,
    copy: createLogCopy(pool),
    rows: async (): Promise<readonly CopiedRow[]> =>
      (
        await pool.query<CopiedRow>(
          "select log, sequence::int, text from disclosure.record order by log, sequence",
        )
      ).rows,
  };
}

export const openShipped = (
  directory: string,
  shipping: Pick<LogShipping, "copy"> & Partial<LogShipping>,
  options: DisclosureLogOptions = {},
  signing: Uint8Array = SECRETS.signing,
) =>
  openDisclosureLog(directory, {
    ...options,
    protection: {
      ...protectionOf(directory),
      secrets: { ...SECRETS, signing },
      shipping: { durability: "disk", withinMs: 20, blind: BLIND, ...shipping },
    },
  });

/** The texts of the log's records, in order. */
export async function textsIn(directory: string): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { payloads } of readSegments(directory, realFiles))
    texts.push(...payloads.map((payload) => payload.toString("utf8")));
  return texts;
}

/** Resolves when it holds, and fails when it does not for long. */
export async function eventually(holds: () => Promise<boolean> | boolean, withinMs = 10_000): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error("it did not come to hold");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
