/** Appends for ever and prints the sequence of each acknowledged record: the child of the kill test. */
import { openDisclosureLog } from "../../src/audit/log.ts";
import { disclosure } from "./disclosures.ts";

const log = await openDisclosureLog(process.argv[2] ?? "", { segmentBytes: 65_536 });
for (;;) {
  const receipts = await Promise.all(
    Array.from({ length: 4 }, (_, i) => log.append(disclosure(`reader-${i}`))),
  );
  process.stdout.write(`${receipts.map(({ sequence }) => sequence).join("\n")}\n`);
}
