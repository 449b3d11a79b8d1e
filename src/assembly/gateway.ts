/**
 * Puts a deployment's gateway together: schema, policies, planner, link table, backends, disclosure log.
 *
 * In      the configuration, an open data directory, where everything is. Nothing listens yet.
 * Out     the gateway, and `close`, which ends the planner and every pool.
 * Errors  start-up family, from whichever part cannot be used; what was opened before is closed again.
 */
import { join } from "node:path";
import { catalogueOf } from "../../resolvers/gw/catalogue.ts";
import { gwSubgraph } from "../../resolvers/gw/index.ts";
import { createStaffDirectory } from "../../resolvers/gw/staff-directory.ts";
import { certificatesOf } from "../../resolvers/rtc/index.ts";
import { openDisclosureLog } from "../audit/log.ts";
import type { Config } from "../config/config.ts";
import { PACKAGE_ROOT } from "../config/package-root.ts";
import { inProcessBackend } from "../connectors/in-process.ts";
import { loadKeyKinds } from "../connectors/key-kinds.ts";
import { createLinkKeys } from "../connectors/link-keys.ts";
import { createLinkTable } from "../connectors/link-table.ts";
import { createOutboundTokens } from "../connectors/outbound-token.ts";
import { createPool } from "../connectors/pg-pool.ts";
import type { Statement } from "../connectors/sql.ts";
import { createGateway, type Gateway } from "../gateway.ts";
import type { AgencyCode } from "../kernel/brands.ts";
import { type Clock, systemClock } from "../kernel/clock.ts";
import { sealed } from "../kernel/seals.ts";
import { startPlanner } from "../plan/planner.ts";
import { compilePolicies } from "../policy/compile.ts";
import { loadDomain } from "../supergraph/domain.ts";
import { loadSupergraph } from "../supergraph/load.ts";
import { auditPlace } from "./audit.ts";
import { type BackendParts, createBackends, type Places } from "./backends.ts";
import { assembleIdentity } from "./identity.ts";
import type { GatewaySecrets } from "./secrets.ts";

/** Kinds of operation, and root fields of the schema, that later versions serve. */
export const UNSERVED: ReadonlySet<string> = new Set([
  "mutation",
  "subscription",
  "accessLog",
  "intakeQueue",
  "knowledge",
  "outcomeReviews",
  "policyDecision",
  "recommendations",
  "resolveIdentity",
  "riskSignals",
  "screeningWorklist",
  "trainerCoverage",
]);

export interface AssemblyParts {
  readonly config: Config;
  readonly dataDirectory: { readonly path: string; folder(...names: string[]): Promise<string> };
  readonly secrets: GatewaySecrets;
  /** Connection URL of the gateway's own database, already migrated and seeded. */
  readonly databaseUrl: string;
  readonly places: Places;
  readonly onFault: BackendParts["onFault"];
  readonly onStatement?: (member: string, statement: Statement) => void;
  readonly clock?: Clock;
}

export interface AssembledGateway {
  readonly gateway: Gateway;
  /** Resolves, with the cause, when the disclosure log can no longer be written: the process must end. */
  readonly failed: Promise<unknown>;
  close(): Promise<void>;
}

export async function assembleGateway(parts: AssemblyParts): Promise<AssembledGateway> {
  const { config, secrets, places, dataDirectory, clock = systemClock } = parts;
  const schemaDir = config.schema.directory ?? join(PACKAGE_ROOT, "schema");
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> =>
    void (await Promise.allSettled(closing.reverse().map((end) => end())));
  try {
    const [supergraph, domain, policies, kinds, audit] = await Promise.all([
      loadSupergraph(schemaDir),
      loadDomain(schemaDir),
      compilePolicies({
        policiesDir: config.policy.directory ?? join(PACKAGE_ROOT, "policies"),
        schemaDir,
      }),
      loadKeyKinds(join(schemaDir, "keys.json")),
      auditPlace(config, dataDirectory, secrets),
    ]);
    const planner = await startPlanner(supergraph.sdl, config.planner.deadlineMs);
    closing.push(() => planner.close());
    const pool = createPool({ url: parts.databaseUrl });
    closing.push(() => pool.end());
    const links = createLinkTable({ pool, keys: createLinkKeys(secrets.links), kinds });
    const log = await openDisclosureLog(audit.directory, {
      protection: audit.protection,
      segmentBytes: config.audit.segmentBytes,
    });
    closing.push(() => log.close());
    const own = gwSubgraph({
      members: config.agencies.flatMap(({ code, members }) =>
        members.map(({ address, name }) => ({ address, code, name })),
      ),
      staff: createStaffDirectory(pool),
      knowsPerson: (uid) => links.knows("Person", uid),
      catalogue: catalogueOf(supergraph),
    });
    const backends = createBackends({
      ...{ config, supergraph, places, links, onFault: parts.onFault },
      ...(parts.onStatement ? { onStatement: parts.onStatement } : {}),
      outbound: createOutboundTokens({
        gateway: config.deployment.name,
        ...secrets.outbound,
        pseudonymRoot: secrets.pseudonymRoot,
      }),
      gateway: inProcessBackend({ ...own, onFault: parts.onFault }),
    });
    closing.push(() => backends.close());
    const registerOfCertificates = certificatesOf({ url: placeOfTraining(config, places) });
    closing.push(() => registerOfCertificates.close());
    const gateway = createGateway({
      name: config.deployment.name,
      ...{ supergraph, policies, planner, log, clock },
      backends: backends.all,
      authenticate: assembleIdentity({
        ...{ config, domain, clock, dataDirectory: dataDirectory.path },
        certificatesOf: registerOfCertificates.of,
      }),
      seals: sealed(secrets.ids),
      manyMembered: new Set(
        config.agencies.flatMap(({ code, members }) => (members.length > 1 ? [code as AgencyCode] : [])),
      ),
      limits: config.limits,
      unserved: UNSERVED,
      shareIdentical: config.server.shareIdentical,
    });
    return { gateway, failed: log.failed, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function placeOfTraining({ agencies }: Config, { databases }: Places): string {
  const [member] = agencies.find(({ code }) => code === "RTC")?.members ?? [];
  return databases.get(member?.address ?? "") ?? "";
}
