/**
 * The whole deployment in one process, for end-to-end tests: real servers on loopback, a real PostgreSQL, real tokens,
 * the synthetic world in canary mode. Only the planner and PostgreSQL are processes of their own, as in production.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ledger } from "../../ledger/start.ts";
import { startLedger } from "../../ledger/start.ts";
import { readerUrl } from "../../sandbox/database/agency-database.ts";
import { openIssuer, type TokenRequest } from "../../sandbox/issuer/issuer.ts";
import { SANDBOX_DATABASES, seedSandbox } from "../../sandbox/seed.ts";
import { type Agencies, startAgencies } from "../../sandbox/start.ts";
import { type Cast, createCast, defaultMember } from "../../sandbox/synth/cast.ts";
import type { AgencyCode } from "../../sandbox/synth/codes.ts";
import { addressOf } from "../../sandbox/synth/members.ts";
import { createWorld, SEED, type World } from "../../sandbox/synth/world.ts";
import type { Places } from "../../src/assembly/backends.ts";
import { type AssembledGateway, assembleGateway } from "../../src/assembly/gateway.ts";
import { openDocuments, openHttpServer } from "../../src/assembly/http.ts";
import { type GatewaySecrets, loadSecrets } from "../../src/assembly/secrets.ts";
import { openTracing } from "../../src/assembly/tracing.ts";
import { readDisclosureLog } from "../../src/audit/log.ts";
import type { DisclosureRecord } from "../../src/audit/record.ts";
import { readSubjectKeys } from "../../src/audit/subject-keys.ts";
import { schemaDirectory } from "../../src/cli/folders.ts";
import { Reloading } from "../../src/cli/reloading.ts";
import type { Config } from "../../src/config/config.ts";
import { openDataDirectory } from "../../src/config/data-directory.ts";
import { loadConfig } from "../../src/config/load.ts";
import { loadKeyKinds } from "../../src/connectors/key-kinds.ts";
import { createLinkKeys } from "../../src/connectors/link-keys.ts";
import { createOutboundVerifier } from "../../src/connectors/outbound-verifier.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import type { Statement } from "../../src/connectors/sql.ts";
import type { MemberAddress, Uid } from "../../src/kernel/brands.ts";
import { type Clock, systemClock } from "../../src/kernel/clock.ts";
import { sealId } from "../../src/kernel/sealed-id.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { Metrics } from "../../src/telemetry/metrics.ts";
import { testPostgres } from "./postgres.ts";
import { startTamperingProxy, type TamperingProxy } from "./tampering-proxy.ts";

export interface Reader {
  readonly role: string;
  readonly purpose: string;
  readonly member?: string;
  readonly staff?: string;
  /** Sealed id of a case, or the uid of one to be sealed for this reader. */
  readonly issue?: string | { readonly uid: string };
}

export interface Reply {
  readonly status: number;
  /** The body as it came. */
  readonly text: string;
  readonly headers: Headers;
  readonly data: Record<string, unknown> | null;
  readonly errors: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly agency?: string };
  }[];
  readonly withheld: readonly { readonly path: readonly string[]; readonly reason: string }[];
}

export interface Watched<Result> {
  readonly result: Result;
  readonly calls: Readonly<Record<string, number>>;
  readonly ledger: readonly { readonly subgraph: string; readonly query: string }[];
}

export interface Deployment {
  readonly url: string;
  readonly config: Config;
  readonly world: World;
  readonly cast: Cast;
  readonly agencies: Agencies;
  readonly ledger: Ledger;
  /** Statements that agencies' databases received, by member. */
  readonly statements: { readonly member: string; readonly statement: Statement }[];
  readonly assembled: AssembledGateway;
  /** The proxy before a server of the option `proxied`. */
  proxy(name: string): TamperingProxy;
  /** Lines of the log so far, of every level. */
  readonly lines: readonly string[];
  readonly secrets: GatewaySecrets;
  /** Where everything is, by a configuration. */
  placesFor(config: Config): Places;
  /** The data directory. */
  readonly directory: string;
  /** Connection URL of one of the deployment's databases, as its owner. */
  databaseUrl(name: string): string;
  /** A token of the development issuer with whatever claims. */
  mint(request: TokenRequest): Promise<string>;
  ask(
    reader: Reader,
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Reply>;
  token(reader: Pick<Reader, "role" | "member" | "staff">): Promise<string>;
  /** An object's id as the reader's member sees it. */
  idFor(reader: Pick<Reader, "role" | "member">, type: string, uid: string): string;
  /** What `act` gave, how often each agency was asked meanwhile, and the queries that the ledger received. */
  watch<Result>(act: () => Promise<Result>): Promise<Watched<Result>>;
  records(): Promise<readonly DisclosureRecord[]>;
  readonly metrics: Metrics;
  /** Reads everything again, by this configuration if one is given; resolves when it was taken up or refused. */
  reload(config?: Config): Promise<void>;
  close(): Promise<void>;
}

export interface DeploymentOptions {
  readonly scale?: "tiny" | "demo";
  /** Configuration keys as environment variables, `IHALA_LIMITS_AGENCY_TIMEOUT_MS`. */
  readonly env?: Readonly<Record<string, string>>;
  /** The gateway's; the agencies and the ledger keep the true time. */
  readonly clock?: Clock;
  /** Before the gateway reads anything, with its database as it will find it. */
  readonly beforeGateway?: (database: {
    readonly url: string;
    readonly secrets: GatewaySecrets;
  }) => Promise<void>;
  /** Of the ledger, where it is not the gateway's. */
  readonly ledgerSchemaDir?: string;
  /** Servers to put a proxy before: `ledger`, an agency's code or a member's address. */
  readonly proxied?: readonly string[];
}

export async function startDeployment(options: DeploymentOptions = {}): Promise<Deployment> {
  const directory = await mkdtemp(join(tmpdir(), "ihala-deployment-"));
  const closing: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of closing.reverse()) await end();
  };
  try {
    return { ...(await start(directory, options, closing)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A busy machine ends no request: tests of deadlines set their own. */
const PATIENT = { IHALA_LIMITS_AGENCY_TIMEOUT_MS: "20000" };

async function start(
  directory: string,
  {
    scale = "tiny",
    env = {},
    clock = systemClock,
    proxied = [],
    beforeGateway,
    ledgerSchemaDir,
  }: DeploymentOptions,
  closing: (() => Promise<unknown>)[],
): Promise<Omit<Deployment, "close">> {
  const config = await loadConfig({ env: { ...PATIENT, ...env, IHALA_DATA: directory } });
  const schemaDir = schemaDirectory(config);
  const data = await openDataDirectory(directory, "sandbox");
  closing.push(() => data.release());
  const secrets = await loadSecrets(data);
  const lines: string[] = [];
  const log = createLog("debug", { write: (line) => lines.push(line) });
  const world = createWorld({ seed: SEED, scale, canary: true });
  const cast = createCast(world);

  const postgres = await testPostgres();
  const urlOf = (database: string): string => postgres.url(database);
  for (const database of SANDBOX_DATABASES) await postgres.ensureDatabase(database);
  const pool = createPool({ url: urlOf("gateway") });
  await seedSandbox({
    world,
    urlOf,
    gateway: {
      pool,
      keys: createLinkKeys(secrets.links),
      kinds: await loadKeyKinds(join(schemaDir, "keys.json")),
    },
  });
  await pool.end();

  const gatewayName = config.deployment.name;
  const { publicKey } = secrets.outbound;
  const verify = (audience: string) => createOutboundVerifier({ gateway: gatewayName, audience, publicKey });
  const agencies = await startAgencies({ world, verify, igaPerSecond: 10_000 });
  closing.push(() => agencies.close());
  const ledger = await startLedger({
    databaseUrl: urlOf("ledger"),
    schemaDir: ledgerSchemaDir ?? schemaDir,
    tokens: { gateway: gatewayName, audience: addressOf("EPC"), publicKey },
    log,
  });
  closing.push(() => ledger.close());

  const issuer = await openIssuer(data);
  const statements: { readonly member: string; readonly statement: Statement }[] = [];
  const sql = config.agencies.filter(({ kind }) => kind === "sql");
  const databases = new Map(
    sql.flatMap(({ code, members }) =>
      members.map(({ address }) => [address, readerUrl(urlOf(code.toLowerCase()))]),
    ),
  );
  const proxies = new Map<string, TamperingProxy>();
  for (const name of proxied) {
    const target = name === "ledger" ? ledger.spineUrl : agencies.urls.get(memberAt(name));
    const proxy = await startTamperingProxy(target ?? "");
    closing.push(() => proxy.close());
    proxies.set(name === "ledger" ? name : memberAt(name), proxy);
  }
  const placeOf = (name: string, url: string): string => proxies.get(name)?.urlFor(url) ?? url;
  const placed = [...agencies.urls].map(([name, url]) => [name, placeOf(name, url)] as const);
  const placesFor = (of: Config): Places => ({
    urls: new Map([...placed, ...ownUrls(of)]),
    databases,
    ledger: {
      spineUrl: placeOf("ledger", ledger.spineUrl),
      contentUrl: placeOf("ledger", ledger.contentUrl),
      filesUrl: placeOf("ledger", ledger.filesUrl),
    },
  });
  await beforeGateway?.({ url: urlOf("gateway"), secrets });
  const metrics = new Metrics();
  const documents = await openDocuments(config, "sandbox");
  const assembled = await assembleGateway({
    config,
    dataDirectory: data,
    ...{ secrets, clock },
    databaseUrl: urlOf("gateway"),
    places: placesFor(config),
    documents: documents.documents,
    onFault: (fault) => log.error("agency.fault", { fault }),
    onStatement: (member, statement) => statements.push({ member, statement }),
    operations: { log, metrics },
  });
  closing.push(() => assembled.close());
  const tracing = await openTracing(config, { metrics, log });
  closing.push(async () => tracing?.close());
  const server = await openHttpServer(
    { ...config, server: { ...config.server, host: "127.0.0.1", port: 0 } },
    { mode: "sandbox", log, documents, metrics, tracing: tracing?.tracing },
  );
  closing.push(() => server.stop());
  await server.serve(assembled.gateway);
  let next = config;
  const reloading = new Reloading({
    ...{ config, documents, log, metrics, gateway: assembled.gateway },
    publications: assembled.publications,
    read: async () => next,
    load: (read, found) => assembled.load({ config: read, places: placesFor(read), documents: found }),
    watch: { start: () => {}, stop: () => {} },
  });
  closing.push(() => reloading.stop());

  const memberOf = ({ role, member }: Pick<Reader, "role" | "member">): string =>
    member ?? defaultMember(role);
  const token: Deployment["token"] = ({ role, member, staff }) => {
    const address = memberOf({ role, ...(member ? { member } : {}) });
    return issuer.mintToken({
      role,
      member: address,
      staff: staff ?? cast.firstWithWork(role, address).staffId,
    });
  };
  const idFor: Deployment["idFor"] = (reader, type, uid) =>
    sealId(secrets.ids, memberOf(reader) as MemberAddress, type, uid as Uid);

  const asked = (): ReadonlyMap<string, number> =>
    new Map([
      ...Object.entries({ ...agencies.rest, ...agencies.federation }).map(
        ([name, { journal }]) => [name, journal.entries.length] as const,
      ),
      ["ledger", ledger.journal.requests.length],
      ...sql.map(
        ({ code, members }) =>
          [code, statements.filter(({ member }) => member === members[0]?.address).length] as const,
      ),
    ]);

  return {
    ...{ url: server.url, config, world, cast, agencies, ledger, statements, assembled, token, idFor },
    proxy: (name) => proxies.get(name === "ledger" ? name : memberAt(name))!,
    ...{ secrets, placesFor },
    ...{ lines, directory, mint: issuer.mintToken, databaseUrl: urlOf, metrics },
    async reload(read = next) {
      next = read;
      await reloading.trigger();
    },
    async ask(reader, query, variables = {}, headers = {}) {
      const { issue } = reader;
      const named = typeof issue === "object" ? idFor(reader, "Case", issue.uid) : issue;
      const response = await fetch(`${server.url}/graphql`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${await token(reader)}`,
          "x-purpose": reader.purpose,
          ...(named === undefined ? {} : { "x-issue": named }),
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.text();
      const body = JSON.parse(text) as {
        data?: Reply["data"];
        errors?: Reply["errors"];
        extensions?: { withheld?: Reply["withheld"] };
      };
      return {
        status: response.status,
        ...{ text, headers: response.headers },
        data: body.data ?? null,
        errors: body.errors ?? [],
        withheld: body.extensions?.withheld ?? [],
      };
    },
    async watch(act) {
      // Journals keep the latest only: begun anew, none of what follows is lost.
      for (const { journal } of Object.values({ ...agencies.rest, ...agencies.federation })) journal.clear();
      ledger.journal.clear();
      const before = asked();
      const result = await act();
      const calls = [...asked()].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
      return {
        result,
        calls: Object.fromEntries(calls.filter(([, count]) => count > 0)),
        ledger: ledger.journal.requests.slice(before.get("ledger")),
      };
    },
    records: async () =>
      readDisclosureLog(
        join(directory, "audit"),
        await readSubjectKeys(join(directory, "audit-keys"), secrets.audit.subjects),
      ),
  };
}

/** Servers are named by their agency's code, where it has one member, or by the member's address. */
const memberAt = (name: string): string => (name.includes("/") ? name : addressOf(name as AgencyCode));

const ownUrls = ({ agencies }: Config): readonly (readonly [string, string])[] =>
  agencies.flatMap(({ members }) =>
    members.flatMap(({ address, url }) => (url === undefined ? [] : [[address, url] as const])),
  );
