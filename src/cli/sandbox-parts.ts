/** The real parts of the sandbox: the PostgreSQL that ships, ledger and agencies as forked children, the gateway in this process. */

import { join } from "node:path";
import { exportJWK } from "jose";
import { SANDBOX_DATABASES, seedSandbox } from "../../sandbox/seed.ts";
import { createWorld } from "../../sandbox/synth/world.ts";
import { assembleGateway } from "../assembly/gateway.ts";
import { loadSecrets } from "../assembly/secrets.ts";
import { startPostgres } from "../connectors/embedded-postgres.ts";
import { loadKeyKinds } from "../connectors/key-kinds.ts";
import { createLinkKeys } from "../connectors/link-keys.ts";
import { createPool } from "../connectors/pg-pool.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { AgenciesChildOptions, LedgerChildOptions, OutboundTrust } from "./children.ts";
import { schemaDirectory } from "./folders.ts";
import type { AgencyPlaces, LedgerPlaces, PartContext, SandboxParts } from "./parts.ts";
import { startChild } from "./supervise.ts";

const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const LEDGER = new URL(`../../ledger/main${EXTENSION}`, import.meta.url);
const AGENCIES = new URL(`../../sandbox/main${EXTENSION}`, import.meta.url);

export const sandboxParts: SandboxParts = {
  databases: SANDBOX_DATABASES,
  startPostgres,

  async seed({ config, world, data, databaseUrl }) {
    const { links } = await loadSecrets(data);
    const pool = createPool({ url: databaseUrl("gateway") });
    try {
      const kinds = await loadKeyKinds(join(schemaDirectory(config), "keys.json"));
      const gateway = { pool, keys: createLinkKeys(links), kinds };
      await seedSandbox({ world: createWorld(world), urlOf: databaseUrl, gateway });
    } finally {
      await pool.end();
    }
  },

  async startLedger(context) {
    const options: LedgerChildOptions = {
      databaseUrl: context.databaseUrl("ledger"),
      schemaDir: schemaDirectory(context.config),
      trust: await trustOf(context),
      member: memberOfLedger(context),
    };
    return startChild<LedgerPlaces>({ name: "the ledger", module: LEDGER, options });
  },

  async startAgencies(context) {
    const options: AgenciesChildOptions = { world: context.world, trust: await trustOf(context) };
    return startChild<AgencyPlaces>({ name: "the agencies", module: AGENCIES, options });
  },

  async createGateway({ config, data, databaseUrl, log, metrics, documents }, places) {
    return assembleGateway({
      ...{ config, places, documents },
      dataDirectory: data,
      secrets: await loadSecrets(data),
      databaseUrl: databaseUrl("gateway"),
      onFault: (fault) => log.error("resolver.failed", { fault }),
      operations: { log, metrics },
    });
  },
};

export async function trustOf({ config, data }: PartContext): Promise<OutboundTrust> {
  const { outbound } = await loadSecrets(data);
  return { gateway: config.deployment.name, publicKey: await exportJWK(outbound.publicKey) };
}

function memberOfLedger({ config }: PartContext): string {
  const member = config.agencies.find(({ kind }) => kind === "ledger")?.members[0];
  if (member) return member.address;
  throw new GatewayError("CONFIG_INVALID", "no agency is of kind `ledger`");
}
