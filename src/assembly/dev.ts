/**
 * A gateway over any supergraph for development and measurement: permit-all, one anonymous reader, ids as they are.
 *
 * In      a finished supergraph, a folder for the disclosure log; backends by subgraph, or none: then HTTP by the SDL's URLs.
 * Out     the same pipeline as a deployment's, disclosure log included, without identity, policies, seals and link table.
 * Errors  SUPERGRAPH_INVALID, also for a subgraph that has neither URL nor backend; AUDIT_UNAVAILABLE.
 */
import { type DisclosureLog, openDisclosureLog } from "../audit/log.ts";
import { graphqlHttp, type SubscriptionProtocol } from "../connectors/graphql-http.ts";
import type { ExchangeOptions } from "../connectors/http-exchange.ts";
import type { Backend } from "../execute/backend.ts";
import { createGateway } from "../gateway.ts";
import { ANONYMOUS, authenticateAnonymous } from "../identity/anonymous.ts";
import type { AgencyCode, SubgraphName } from "../kernel/brands.ts";
import { systemClock } from "../kernel/clock.ts";
import * as bounds from "../kernel/limits.ts";
import { unsealed } from "../kernel/seals.ts";
import type { OperationLimits } from "../operation/bounds.ts";
import type { PersistedDocument } from "../operation/document-store.ts";
import { startPlanner } from "../plan/planner.ts";
import { permitAll } from "../policy/permit-all.ts";
import { plainSupergraph, subgraphUrls } from "../supergraph/plain-supergraph.ts";
import { supergraphInvalid } from "../supergraph/problems.ts";
import type { Backends } from "./backends.ts";
import { checkDocuments } from "./check-documents.ts";
import { type Assembled, assembled, closing } from "./gateway.ts";
import { type Operations, plannerReports } from "./lasting.ts";
import type { Version } from "./reloadable.ts";

/** What may be replaced while it answers. */
export interface DevSource {
  readonly supergraphSdl: string;
  readonly documents?: readonly PersistedDocument[];
  /** Identical queries under way at the same time are worked out once; on when left out. */
  readonly shareIdentical?: boolean;
}

export interface DevOptions extends DevSource {
  /** Folder of the disclosure log. */
  readonly dataDirectory: string;
  readonly backends?: ReadonlyMap<SubgraphName, Backend>;
  readonly limits?: Partial<OperationLimits>;
  readonly plannerDeadlineMs?: number;
  readonly exchange?: Pick<ExchangeOptions, "timeoutMs" | "maxReplyBytes">;
  /** How every subgraph is asked for subscriptions, at its own URL; by SSE when left out. */
  readonly subscriptions?: SubscriptionProtocol["protocol"] | undefined;
  readonly operations?: Operations;
}

/** Wider than a deployment's: what others bring here was written for gateways without bounds. */
const DEV_LIMITS: OperationLimits = {
  maxTokens: bounds.DEFAULT_MAX_TOKENS,
  maxDepth: 50,
  maxAliases: 1_000,
  maxSelections: 10_000,
};

export async function assembleDev(options: DevOptions): Promise<Assembled<DevSource>> {
  const log = await openDisclosureLog(options.dataDirectory);
  const load = (source: DevSource): Promise<Version> => loadDevVersion({ ...options, ...source }, log);
  const first = await load(options).catch(closing(log));
  return assembled(first, { load, failed: log.failed, close: () => log.close() });
}

async function loadDevVersion(options: DevOptions, log: DisclosureLog): Promise<Version> {
  const { documents = [] } = options;
  const { onPlannerRestart, onWarmed } = plannerReports(options.operations);
  const supergraph = plainSupergraph(options.supergraphSdl);
  const backends = options.backends
    ? { all: options.backends, close: async () => {} }
    : httpBackends(options);
  const planner = await startPlanner(supergraph.sdl, options.plannerDeadlineMs, {
    onRestart: onPlannerRestart,
  });
  const close = async () => void (await Promise.all([planner.close(), backends.close()]));
  try {
    const gateway = createGateway({
      name: "dev",
      ...{ supergraph, planner, log, backends: backends.all },
      policies: permitAll,
      shareIdentical: options.shareIdentical ?? true,
      authenticate: authenticateAnonymous,
      seals: unsealed,
      manyMembered: new Set(),
      limits: { ...DEV_LIMITS, ...options.limits },
      unserved: new Set(),
      clock: systemClock,
    });
    checkDocuments(gateway, documents);
    onWarmed(await gateway.warm(documents, [ANONYMOUS]));
    return { gateway, policies: permitAll.version, close };
  } catch (error) {
    return closing({ close })(error);
  }
}

function httpBackends({ supergraphSdl, exchange, subscriptions: protocol }: DevOptions): Backends {
  const urls = [...subgraphUrls(supergraphSdl)];
  const problems = urls.flatMap(([name, url]) =>
    URL.canParse(url) ? [] : [`supergraph: the subgraph \`${name}\` has no URL in \`join__Graph\``],
  );
  if (problems.length > 0) throw supergraphInvalid(problems);
  const all = urls.map(([subgraph, baseUrl]) => {
    const agency = subgraph as string as AgencyCode;
    const subscriptions = protocol && { protocol };
    return graphqlHttp({ ...exchange, agency, subgraph, baseUrl, subscriptions, tell: tellNothing });
  });
  return {
    all: new Map(all.map((backend) => [backend.subgraph, backend])),
    close: async () => void (await Promise.allSettled(all.map((backend) => backend.close()))),
  };
}

/** Nobody asks, so nothing is told, and everybody may be given the same answer. */
const TOLD = { identity: "", headers: {} };
const tellNothing = async () => TOLD;
