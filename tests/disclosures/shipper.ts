/** Appends for ever to a log that is shipped, and prints the sequence of each acknowledged record: the child of the kill test. */
import { BlindIndex } from "../../src/audit/blind-index.ts";
import { openDisclosureLog } from "../../src/audit/log.ts";
import type { Durability } from "../../src/audit/shipped-log.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { createLogCopy } from "../../src/disclosures/log-copy.ts";
import { ANSWER, disclosure, protectionOf } from "../audit/disclosures.ts";

const [directory = "", url = "", durability = "disk"] = process.argv.slice(2);
const copy = createLogCopy(createPool({ url, connections: 2, timeoutMs: 2_000 }));
const blind = new BlindIndex(Buffer.alloc(32, 9));
const log = await openDisclosureLog(directory, {
  protection: {
    ...protectionOf(directory),
    checkpointMs: 10,
    shipping: { copy, blind, durability: durability as Durability, withinMs: 2_000 },
  },
  segmentBytes: 65_536,
});

async function appendForEver(reader: string): Promise<never> {
  for (;;) {
    const { sequence } = await log.append(disclosure(reader), ANSWER);
    process.stdout.write(`${sequence}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, i) => appendForEver(`reader-${i}`)));
