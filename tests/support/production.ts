/**
 * What a production deployment of the gateway finds around it, all real and all named by address: PostgreSQL, the ledger, the
 * agencies (those of the sandbox, with synthetic people), an agency's issuer over TLS; and the configuration that names them.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { startLedger } from "../../ledger/start.ts";
import { readerUrl } from "../../sandbox/database/agency-database.ts";
import { SANDBOX_DATABASES, seedSandbox } from "../../sandbox/seed.ts";
import { type Agencies, startAgencies } from "../../sandbox/start.ts";
import { addressOf } from "../../sandbox/synth/members.ts";
import { createWorld, SEED, type World } from "../../sandbox/synth/world.ts";
import { loadSecrets } from "../../src/assembly/secrets.ts";
import { openDataDirectory } from "../../src/config/data-directory.ts";
import { SANDBOX_AGENCIES } from "../../src/config/defaults.ts";
import type { PostgresServer } from "../../src/connectors/embedded-postgres.ts";
import { loadKeyKinds } from "../../src/connectors/key-kinds.ts";
import { createLinkKeys } from "../../src/connectors/link-keys.ts";
import { createOutboundVerifier } from "../../src/connectors/outbound-verifier.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { silentLog } from "../../src/telemetry/log.ts";
import { SCHEMA_DIR } from "../supergraph/schema-copy.ts";
import { type Authority, authority, type Certificate } from "./certificates.ts";
import { type IssuerClient, type OidcIssuer, signingKey, startOidcIssuer } from "./oidc-issuer.ts";
import { testPostgres } from "./postgres.ts";
import { tlsFiles } from "./tls-files.ts";

export const MWPS = "BH/NGO/MWPS/assist";
export const AUDIENCE = "https://gateway.ihala.test/graphql";
const NAME = "bh-production-test";

export interface Production {
  /** The configuration, as it is written to `file`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly file: string;
  /** Environment of a process that trusts the test's authorities. */
  readonly env: NodeJS.ProcessEnv;
  readonly world: World;
  /** Connection URL of the gateway's own. */
  readonly databaseUrl: string;
  /** Connection URL of another database, empty, of the same server. */
  emptyDatabase(name: string): Promise<string>;
  readonly agencies: Agencies;
  readonly issuer: OidcIssuer;
  /** Of servers: the gateway's and the issuer's. */
  readonly ca: Authority;
  /** Of clients. */
  readonly clientCa: Authority;
  /** Writes another configuration in the place of the first. */
  write(config: object): Promise<void>;
  /** Renews the gateway's certificate. */
  renew(certificate: Certificate): Promise<void>;
  close(): Promise<void>;
}

/** `postgres`: the server that all its databases are on. */
export async function startProduction(
  port: number,
  clients: readonly IssuerClient[],
  { postgres: given }: { readonly postgres?: PostgresServer } = {},
): Promise<Production> {
  const folder = await mkdtemp(join(tmpdir(), "ihala-production-"));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const data = await openDataDirectory(join(folder, "data"), "production");
  const secrets = await loadSecrets(data);
  await data.release();

  const world = createWorld({ seed: SEED, scale: "tiny", canary: false });
  const postgres = given ?? (await testPostgres());
  for (const database of SANDBOX_DATABASES) await postgres.ensureDatabase(database);
  const pool = createPool({ url: postgres.url("gateway") });
  const gateway = { pool, keys: createLinkKeys(secrets.links), kinds: await loadKeyKinds() };
  await seedSandbox({ world, urlOf: postgres.url, gateway });
  await pool.end();

  const { publicKey } = secrets.outbound;
  const verify = (audience: string) => createOutboundVerifier({ gateway: NAME, audience, publicKey });
  const agencies = await startAgencies({ world, verify, igaPerSecond: 10_000 });
  closing.push(() => agencies.close());
  const tokens = { gateway: NAME, audience: addressOf("EPC"), publicKey };
  const databaseUrl = postgres.url("ledger");
  const ledger = await startLedger({ databaseUrl, schemaDir: SCHEMA_DIR, tokens, log: silentLog });
  closing.push(() => ledger.close());

  const ca = authority("Servers' authority");
  const clientCa = authority("Clients' authority");
  const issuer = await startOidcIssuer({
    ...{ tls: ca.issue("localhost"), clientCa: clientCa.certificate, audience: AUDIENCE, clients },
    keys: [await signingKey("first")],
  });
  closing.push(() => issuer.stop());

  const secret = async (name: string, text: string) => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return { file: join(folder, name) };
  };
  const tls = await tlsFiles(ca.issue("localhost"), clientCa);
  const config = {
    data: data.path,
    deployment: { name: NAME },
    server: { port, publicUrl: `https://localhost:${port}/graphql`, tls },
    identity: {
      ...{ audience: AUDIENCE, maxTokenSeconds: 600 },
      issuers: [
        {
          ...{ issuer: issuer.url, jwks: { url: issuer.jwksUrl } },
          clients: Object.fromEntries(
            clients.map(({ id, binding, member = MWPS }) => [id, { member, binding }]),
          ),
        },
      ],
    },
    database: { url: await secret("database.url", postgres.url("gateway")) },
    ledger: { url: ledger.spineUrl.replace(/\/spine$/, "") },
    audit: { keyEncryptionKey: await secret("kek", Buffer.alloc(32, 7).toString("base64")) },
    limits: { agencyTimeoutMs: 20_000 },
    telemetry: { level: "info" },
    agencies: await Promise.all(
      SANDBOX_AGENCIES.map(async ({ code, kind, members }) => ({
        ...{ code, kind },
        members: await Promise.all(
          members.map(async (member) => ({
            ...member,
            ...(agencies.urls.has(member.address) && { url: agencies.urls.get(member.address) }),
            ...(kind === "sql" && {
              database: await secret(`${code}.url`, readerUrl(postgres.url(code.toLowerCase()))),
            }),
          })),
        ),
      })),
    ),
  };
  const file = join(folder, "ihala.yaml");
  const write = (next: object): Promise<void> => writeFile(file, stringify(next));
  await write(config);
  const authorities = join(folder, "authorities.pem");
  await writeFile(authorities, ca.certificate);
  return {
    databaseUrl: postgres.url("gateway"),
    ...{ config, file, world, agencies, issuer, ca, clientCa, write },
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], NODE_EXTRA_CA_CERTS: authorities },
    async emptyDatabase(name) {
      await postgres.ensureDatabase(name);
      return postgres.url(name);
    },
    async renew({ certificate, key }) {
      await writeFile(tls.key, key);
      await writeFile(tls.certificate, certificate);
    },
    async close() {
      for (const end of closing.reverse()) await end();
    },
  };
}
