/** The real parts of the sandbox: PostgreSQL that ships, ledger and agencies as forked children, the gateway in this process. */
import { startPostgres } from "../connectors/embedded-postgres.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { AgenciesStart, AgencyPlaces, LedgerPlaces, LedgerStart, SandboxParts } from "./parts.ts";
import { startChild } from "./supervise.ts";

const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const LEDGER = new URL(`../../ledger/main${EXTENSION}`, import.meta.url);
const AGENCIES = new URL(`../../sandbox/main${EXTENSION}`, import.meta.url);

const notYet = (what: string) => new GatewayError("NOT_IMPLEMENTED", `${what} is not put together yet`);

export const sandboxParts: SandboxParts = {
  startPostgres,
  outboundTrust: async () => {
    throw notYet("the gateway");
  },
  startLedger: (options: LedgerStart) =>
    startChild<LedgerPlaces>({ name: "the ledger", module: LEDGER, options }),
  startAgencies: (options: AgenciesStart) =>
    startChild<AgencyPlaces>({ name: "the agencies", module: AGENCIES, options }),
  createGateway: async () => {
    throw notYet("the gateway");
  },
};
