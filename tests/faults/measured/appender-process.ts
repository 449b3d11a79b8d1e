/** So many appenders, each for ever, and the sequence of each acknowledged record printed: the child of the kill test. */
import { openDisclosureLog } from "../../../src/audit/log.ts";
import { ANSWER, disclosure, protectionOf } from "../../audit/disclosures.ts";

const [directory = "", appenders, segmentBytes] = process.argv.slice(2);
const log = await openDisclosureLog(directory, {
  protection: { ...protectionOf(directory), checkpointMs: 10 },
  segmentBytes: Number(segmentBytes),
});

async function appendForEver(reader: string): Promise<never> {
  for (;;) {
    const { sequence } = await log.append(disclosure(reader), ANSWER);
    process.stdout.write(`${sequence}\n`);
  }
}

await Promise.all(Array.from({ length: Number(appenders) }, (_, i) => appendForEver(`reader-${i}`)));
