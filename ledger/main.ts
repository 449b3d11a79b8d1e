/** The ledger as a process of its own, forked by `ihala sandbox`: it ends when its parent does. */
import { type LedgerChildOptions, verifierOptions } from "../src/cli/children.ts";
import { runChild } from "../src/cli/run-child.ts";
import { createLog } from "../src/telemetry/log.ts";
import { startLedger } from "./start.ts";

runChild(async ({ databaseUrl, schemaDir, trust, member }: LedgerChildOptions) => {
  const ledger = await startLedger({
    databaseUrl,
    schemaDir,
    tokens: await verifierOptions(trust, member),
    log: createLog("warn"),
    journalSize: 0,
  });
  const { spineUrl, contentUrl, filesUrl, readyUrl } = ledger;
  return { ready: { spineUrl, contentUrl, filesUrl, readyUrl }, stop: ledger.close };
});
