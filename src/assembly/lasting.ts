/**
 * What outlives every version of a deployment's gateway: its database, disclosure log, keys, and what it has learnt of issuers and
 * of the register of certificates.
 *
 * Errors  start-up family; what was opened before is closed again.
 */
import type pg from "pg";
import { createStaffDirectory, type StaffDirectory } from "../../resolvers/gw/staff-directory.ts";
import { certificatesOf } from "../../resolvers/rtc/index.ts";
import type { DisclosureLog } from "../audit/log.ts";
import { migrateBreakGlass } from "../break-glass/migrations.ts";
import { countOverdue } from "../break-glass/openings-by-review.ts";
import type { Config } from "../config/config.ts";
import type { Addresses } from "../connectors/addresses.ts";
import { createLinkKeys, type LinkKeys } from "../connectors/link-keys.ts";
import { createOutboundTokens, type OutboundTokens } from "../connectors/outbound-token.ts";
import { createPool } from "../connectors/pg-pool.ts";
import { createRevocations, type FollowedRevocations, followRevocations } from "../connectors/revocations.ts";
import type { Statement } from "../connectors/sql.ts";
import { createSuspensions, type FollowedSuspensions, followSuspensions } from "../connectors/suspensions.ts";
import { createLinkUses, type LinkUses } from "../files/link-uses.ts";
import { type CertificateSource, rememberCertificates } from "../identity/certificates.ts";
import type { VerifyProof } from "../identity/dpop.ts";
import type { KeySet } from "../identity/key-set.ts";
import { type Clock, systemClock } from "../kernel/clock.ts";
import { type Seals, sealed } from "../kernel/seals.ts";
import { Turns } from "../kernel/turns.ts";
import { Budgets } from "../operation/budget.ts";
import type { PlannerRestart } from "../plan/planner.ts";
import type { Log } from "../telemetry/log.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Warmed } from "../warm.ts";
import { addressesFor, CONNECT_MS } from "./addresses.ts";
import type { BackendParts } from "./backends.ts";
import { type Disclosures, openDisclosures } from "./disclosures.ts";
import { type Jwks, openKeySet, openProofs } from "./identity.ts";
import { Kept } from "./kept.ts";
import { type OpenedPolicyStore, openPolicyStore } from "./policy-store.ts";
import type { GatewaySecrets } from "./secrets.ts";

export interface LastingParts {
  readonly config: Config;
  readonly dataDirectory: { readonly path: string; folder(...names: string[]): Promise<string> };
  readonly secrets: GatewaySecrets;
  /** Connection URL of the gateway's own database, already migrated and seeded. */
  readonly databaseUrl: string;
  readonly onFault: BackendParts["onFault"];
  readonly onStatement?: (member: string, statement: Statement) => void;
  readonly clock?: Clock;
  readonly operations?: Operations;
}

/** Where operators read what happens; nowhere when left out. */
export interface Operations {
  readonly log?: Log;
  readonly metrics?: Metrics;
}

export interface Lasting {
  readonly pool: pg.Pool;
  readonly log: DisclosureLog;
  readonly disclosures: Pick<Disclosures, "pool" | "blind" | "embargoes" | "open">;
  readonly linkKeys: LinkKeys;
  /** Where agencies, their databases, issuers and the witness are reached. */
  readonly addresses: Addresses;
  readonly staff: StaffDirectory;
  readonly outbound: OutboundTokens;
  readonly seals: Seals;
  /** What clients have left to ask for. */
  readonly budgets: Budgets;
  readonly clock: Clock;
  readonly onFault: LastingParts["onFault"];
  readonly onStatement: LastingParts["onStatement"];
  readonly onPlannerRestart: (reason: PlannerRestart) => void;
  readonly onWarmed: (warmed: Warmed) => void;
  readonly verifyProof: VerifyProof;
  readonly revocations: FollowedRevocations;
  readonly suspensions: FollowedSuspensions;
  /** Links to files that were used, in any replica. */
  readonly linkUses: LinkUses;
  keySetOf(jwks: Jwks): KeySet;
  /** Where policies come from; null when they are files. */
  readonly policyStore: OpenedPolicyStore | null;
  /** Reviews of policies that nobody has published yet. */
  readonly policyReviews: Turns;
  /** The register in that database; what it has said is remembered. */
  certificatesAt(url: string): CertificateSource;
  close(): Promise<void>;
}

/** Each takes some seconds of a processor. */
const MOST_REVIEWS_WAITING = 8;

export async function openLasting(parts: LastingParts): Promise<Lasting> {
  const { config, secrets, dataDirectory, clock = systemClock } = parts;
  const addresses = addressesFor(config, parts.operations?.log);
  const ask = addresses.fetcher(CONNECT_MS);
  const pool = createPool({ url: parts.databaseUrl });
  const following: { stop(): Promise<void> }[] = [];
  const followed = async <Rows extends { stop(): Promise<void> }>(rows: Promise<Rows>): Promise<Rows> => {
    following.push(await rows);
    return rows;
  };
  const stopFollowing = () => Promise.all(following.map((rows) => rows.stop()));
  try {
    await createRevocations(pool).migrate();
    await createSuspensions(pool).migrate();
    await migrateBreakGlass(pool);
    parts.operations?.metrics?.watchOverdueReviews(() => countOverdue(pool, clock.now()));
    const linkUses = createLinkUses(pool);
    await linkUses.migrate();
    const revocations = await followed(followRevocations(pool));
    const suspensions = await followed(followSuspensions(pool));
    const { pseudonymRoot: root } = secrets;
    const verifyProof = await openProofs({ rules: config.identity.dpop, pool, root, clock });
    const disclosures = await openDisclosures({ ...parts, ask });
    const { log } = disclosures;
    const registers = new Kept((url) => {
      const register = certificatesOf({ url, addresses });
      return { of: rememberCertificates(register.of, clock), close: register.close };
    });
    const policyStore = await openPolicyStore(parts, pool);
    const keySets = new Kept((jwks) =>
      openKeySet(JSON.parse(jwks) as Jwks, { dataDirectory: dataDirectory.path, ask }, clock),
    );
    return {
      ...{
        pool,
        log,
        disclosures,
        clock,
        addresses,
        verifyProof,
        revocations,
        suspensions,
        linkUses,
        onFault: parts.onFault,
        onStatement: parts.onStatement,
      },
      ...plannerReports(parts.operations),
      policyStore,
      policyReviews: new Turns(MOST_REVIEWS_WAITING),
      linkKeys: createLinkKeys(secrets.links),
      staff: createStaffDirectory(pool),
      outbound: createOutboundTokens({
        gateway: config.deployment.name,
        ...secrets.outbound,
        pseudonymRoot: secrets.pseudonymRoot,
      }),
      seals: sealed(secrets.ids),
      budgets: new Budgets(clock),
      keySetOf: (jwks) => keySets.of(JSON.stringify(jwks)),
      certificatesAt: (url) => registers.of(url).of,
      close: async () =>
        void (await Promise.allSettled([
          ...registers.all.map((register) => register.close()),
          policyStore?.close(),
          disclosures.close(),
          stopFollowing().then(() => pool.end()),
        ])),
    };
  } catch (error) {
    await stopFollowing();
    await pool.end();
    throw error;
  }
}

/** What becomes of planners, to log and metrics. */
export function plannerReports({
  log,
  metrics,
}: Operations = {}): Pick<Lasting, "onPlannerRestart" | "onWarmed"> {
  return {
    onPlannerRestart(reason) {
      metrics?.plannerRestart(reason);
      log?.warn("planner.restarted", { reason });
    },
    onWarmed({ plans, failures }) {
      if (plans > 0) log?.info("planner.warmed", { count: plans });
      if (failures.length > 0)
        log?.warn("planner.not_warmed", { count: failures.length, fault: failures[0] });
    },
  };
}
