/**
 * Starts the referral ledger: migrates its database, then serves spine, content and files on the loopback interface.
 *
 * In      the database's URL, the schema folder of the deployment, a port (0: any free one), and how to tell that a token is the gateway's.
 * Out     URLs of both subgraphs and of the files, a journal of the last requests and statements, and a close that ends everything.
 * Errors  start-up family: CONFIG_INVALID, DATA_DIRECTORY_NEWER, PORT_IN_USE.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { migrate } from "../src/connectors/migrate.ts";
import { createOutboundVerifier, type OutboundVerifierOptions } from "../src/connectors/outbound-verifier.ts";
import { type Clock, systemClock } from "../src/kernel/clock.ts";
import { GatewayError } from "../src/kernel/errors.ts";
import { loadDomain } from "../src/policy/domain.ts";
import { type Log, silentLog } from "../src/telemetry/log.ts";
import { answerer } from "./answer.ts";
import { CONTENT_SUBGRAPH } from "./content/subgraph.ts";
import { ledgerContext } from "./context.ts";
import { openDatabase, openPool } from "./database.ts";
import { createJournal, type Journal } from "./journal.ts";
import { memberDirectory } from "./members.ts";
import { LEDGER_MIGRATIONS } from "./migrations/index.ts";
import type { Reader } from "./reader.ts";
import { ledgerServer } from "./server.ts";
import { SPINE_SUBGRAPH } from "./spine/subgraph.ts";
import { ledgerSubgraph } from "./subgraph.ts";

export interface LedgerOptions {
  readonly databaseUrl: string;
  /** Documents, code lists and tables of the deployment that the ledger serves; read once. */
  readonly schemaDir: string;
  readonly port?: number;
  /** Issuer, audience (the address of the ledger's member) and public key of the gateway's outbound tokens. */
  readonly tokens: Omit<OutboundVerifierOptions, "nowMs">;
  readonly clock?: Clock;
  /** Requests and statements kept for tests; 1,000 unless told. */
  readonly journalSize?: number;
  readonly log?: Log;
}

export interface Ledger {
  readonly spineUrl: string;
  readonly contentUrl: string;
  /** Files are below it. */
  readonly filesUrl: string;
  readonly readyUrl: string;
  readonly journal: Journal;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const DEFAULT_JOURNAL_SIZE = 1_000;

export async function startLedger(options: LedgerOptions): Promise<Ledger> {
  const { databaseUrl, schemaDir, clock = systemClock, log = silentLog } = options;
  const domain = loadDomain(schemaDir);
  const onFault = (fault: unknown) => log.error("ledger.fault", { fault });
  const journal = createJournal(options.journalSize ?? DEFAULT_JOURNAL_SIZE);
  const pool = openPool({ url: databaseUrl });
  const db = openDatabase(pool, { url: databaseUrl, onStatement: journal.statement });
  const [spine, content] = await Promise.all([
    ledgerSubgraph(SPINE_SUBGRAPH, schemaDir),
    ledgerSubgraph(CONTENT_SUBGRAPH, schemaDir),
    migrate(pool, "ledger", LEDGER_MIGRATIONS),
  ]).catch(async (error: unknown) => {
    await db.destroy();
    throw error;
  });
  const shared = { db, domain, agency: memberDirectory(db) };
  const server = ledgerServer({
    subgraphs: { spine: answerer(spine, onFault), content: answerer(content, onFault) },
    authenticate: readerOf({ ...options.tokens, nowMs: () => clock.now() }),
    contextFor: (reader) => ledgerContext(shared, reader, clock.now()),
    isReady: () =>
      pool.query("select 1").then(
        () => true,
        () => false,
      ),
    journal,
    onFault,
  });
  const port = await listen(server, options.port ?? 0);
  const base = `http://${HOST}:${port}`;
  return {
    spineUrl: `${base}/spine`,
    contentUrl: `${base}/content`,
    filesUrl: `${base}/files`,
    readyUrl: `${base}/readyz`,
    journal,
    async close() {
      server.close();
      server.closeAllConnections();
      await db.destroy();
    },
  };
}

/** Only the gateway's full view of a reader will do: the ledger cuts every list to what its reader may know. */
function readerOf(options: OutboundVerifierOptions) {
  const verify = createOutboundVerifier(options);
  return async (authorization: string | undefined): Promise<Reader | null> => {
    const claims = await verify(authorization);
    if (!claims?.reader) return null;
    const { agency, member, staff, role } = claims.reader;
    const { purpose, brokenGlass } = claims;
    return { agency, address: member, staff, role, purpose, ...(brokenGlass ? { brokenGlass } : {}) };
  };
}

async function listen(server: ReturnType<typeof ledgerServer>, port: number): Promise<number> {
  server.listen(port, HOST);
  await once(server, "listening").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "EADDRINUSE")
      throw new GatewayError("PORT_IN_USE", `port ${port} is in use`, { cause });
    throw cause;
  });
  return (server.address() as AddressInfo).port;
}
