/**
 * A gateway over any supergraph for development and measurement: permit-all, one anonymous reader, ids as they are.
 *
 * In      a finished supergraph, a folder for the disclosure log; backends by subgraph, or none: then HTTP by the SDL's URLs.
 * Out     the same pipeline as a deployment's, disclosure log included, without identity, policies, seals and link table.
 * Errors  SUPERGRAPH_INVALID, also for a subgraph that has neither URL nor backend; AUDIT_UNAVAILABLE.
 */
import { openDisclosureLog } from "../audit/log.ts";
import { graphqlHttp, type SubscriptionProtocol } from "../connectors/graphql-http.ts";
import type { ExchangeOptions } from "../connectors/http-exchange.ts";
import type { Backend } from "../execute/backend.ts";
import { createGateway } from "../gateway.ts";
import { authenticateAnonymous } from "../identity/anonymous.ts";
import type { AgencyCode, SubgraphName } from "../kernel/brands.ts";
import { systemClock } from "../kernel/clock.ts";
import * as bounds from "../kernel/limits.ts";
import { unsealed } from "../kernel/seals.ts";
import type { OperationLimits } from "../operation/bounds.ts";
import { startPlanner } from "../plan/planner.ts";
import { permitAll } from "../policy/permit-all.ts";
import { plainSupergraph, subgraphUrls } from "../supergraph/plain-supergraph.ts";
import { supergraphInvalid } from "../supergraph/problems.ts";
import type { AssembledGateway } from "./gateway.ts";

export interface DevOptions {
  readonly supergraphSdl: string;
  /** Folder of the disclosure log. */
  readonly dataDirectory: string;
  readonly backends?: ReadonlyMap<SubgraphName, Backend>;
  readonly limits?: Partial<OperationLimits>;
  readonly plannerDeadlineMs?: number;
  /** Identical queries under way at the same time are worked out once; on when left out. */
  readonly shareIdentical?: boolean;
  readonly exchange?: Pick<ExchangeOptions, "timeoutMs" | "maxReplyBytes">;
  /** How every subgraph is asked for subscriptions, at its own URL; by SSE when left out. */
  readonly subscriptions?: SubscriptionProtocol["protocol"] | undefined;
}

/** Wider than a deployment's: what others bring here was written for gateways without bounds. */
const DEV_LIMITS: OperationLimits = {
  maxTokens: bounds.DEFAULT_MAX_TOKENS,
  maxDepth: 50,
  maxAliases: 1_000,
  maxSelections: 10_000,
};

export async function assembleDev(options: DevOptions): Promise<AssembledGateway> {
  const supergraph = plainSupergraph(options.supergraphSdl);
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> =>
    void (await Promise.allSettled(closing.reverse().map((end) => end())));
  try {
    const backends = options.backends ?? httpBackends(options, closing);
    const planner = await startPlanner(supergraph.sdl, options.plannerDeadlineMs);
    closing.push(() => planner.close());
    const log = await openDisclosureLog(options.dataDirectory);
    closing.push(() => log.close());
    const gateway = createGateway({
      name: "dev",
      ...{ supergraph, planner, backends, log },
      policies: permitAll,
      shareIdentical: options.shareIdentical ?? true,
      authenticate: authenticateAnonymous,
      seals: unsealed,
      manyMembered: new Set(),
      limits: { ...DEV_LIMITS, ...options.limits },
      unserved: new Set(),
      clock: systemClock,
    });
    return { gateway, failed: log.failed, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function httpBackends(
  { supergraphSdl, exchange, subscriptions: protocol }: DevOptions,
  closing: (() => Promise<unknown>)[],
): ReadonlyMap<SubgraphName, Backend> {
  const urls = [...subgraphUrls(supergraphSdl)];
  const problems = urls.flatMap(([name, url]) =>
    URL.canParse(url) ? [] : [`supergraph: the subgraph \`${name}\` has no URL in \`join__Graph\``],
  );
  if (problems.length > 0) throw supergraphInvalid(problems);
  return new Map(
    urls.map(([subgraph, baseUrl]) => {
      const agency = subgraph as string as AgencyCode;
      const subscriptions = protocol && { protocol };
      const backend = graphqlHttp({
        ...exchange,
        ...{ agency, subgraph, baseUrl, subscriptions, tell: tellNothing },
      });
      closing.push(backend.close);
      return [subgraph, backend];
    }),
  );
}

/** Nobody asks, so nothing is told, and everybody may be given the same answer. */
const TOLD = { identity: "", headers: {} };
const tellNothing = async () => TOLD;
