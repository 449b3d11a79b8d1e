/**
 * One version of a deployment's gateway: what its configuration, schema, policies and persisted documents say now.
 *
 * In      where to read them, and what outlives every version. Nothing answers by it yet.
 * Out     a `Version`, checked in full, its planner started and warm with the persisted documents.
 * Errors  start-up family with the problems of all parts at once; nothing is left running. That it cannot be made warm is logged.
 */
import { join } from "node:path";
import { catalogueOf } from "../../resolvers/gw/catalogue.ts";
import { gwSubgraph } from "../../resolvers/gw/index.ts";
import type { Config } from "../config/config.ts";
import { PACKAGE_ROOT } from "../config/package-root.ts";
import { inProcessBackend } from "../connectors/in-process.ts";
import { type KeyKinds, loadKeyKinds } from "../connectors/key-kinds.ts";
import { createLinkTable } from "../connectors/link-table.ts";
import { createGateway, type Gateway } from "../gateway.ts";
import type { AgencyCode } from "../kernel/brands.ts";
import type { PersistedDocument } from "../operation/document-store.ts";
import { type Planner, startPlanner } from "../plan/planner.ts";
import { compilePolicies } from "../policy/compile.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import { createReviewDesk } from "../policy/review/review-desk.ts";
import { type Domain, loadDomain } from "../supergraph/domain.ts";
import { loadSupergraph } from "../supergraph/load.ts";
import { supergraphInvalid } from "../supergraph/problems.ts";
import type { Supergraph } from "../supergraph/supergraph.ts";
import { accessLogSources } from "./access-logs.ts";
import { agencyProblems } from "./agency-problems.ts";
import { allOrProblems } from "./all-or-problems.ts";
import { type Backends, createBackends, type Places } from "./backends.ts";
import { checkDocuments } from "./check-documents.ts";
import { assembleIdentity } from "./identity.ts";
import type { Lasting } from "./lasting.ts";
import type { Version } from "./reloadable.ts";
import { UNSERVED } from "./unserved.ts";
import { warmReaders } from "./warm-readers.ts";

/** The gateway's own subgraph asks no network; an access review of all policies takes its time. */
const REVIEW_DEADLINE_MS = 90_000;

export interface VersionSource {
  readonly config: Config;
  readonly places: Places;
  readonly documents: readonly PersistedDocument[];
}

interface Read {
  readonly supergraph: Supergraph;
  readonly domain: Domain;
  readonly policies: PolicySet;
  readonly kinds: KeyKinds;
}

export async function loadVersion(source: VersionSource, lasting: Lasting): Promise<Version> {
  const { config, documents } = source;
  const read = await readParts(config);
  const { supergraph, policies } = read;
  const planner = await startPlanner(supergraph.sdl, config.planner.deadlineMs, {
    onRestart: lasting.onPlannerRestart,
  });
  const closes = [() => planner.close()];
  const close = async () => void (await Promise.allSettled(closes.map((end) => end())));
  try {
    const { gateway, closeBackends } = makeGateway(source, lasting, read, planner);
    closes.push(closeBackends);
    checkDocuments(gateway, documents);
    lasting.onWarmed(await gateway.warm(documents, warmReaders(config, read.domain)));
    return { gateway, policies: policies.version, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const schemaDirectory = ({ schema }: Config): string => schema.directory ?? join(PACKAGE_ROOT, "schema");

async function readParts(config: Config): Promise<Read> {
  const schemaDir = schemaDirectory(config);
  const policiesDir = config.policy.directory ?? join(PACKAGE_ROOT, "policies");
  const [supergraph, policies, { domain, kinds }] = await allOrProblems([
    loadSupergraph(schemaDir).then((loaded) => {
      const problems = agencyProblems(config, loaded);
      if (problems.length > 0) throw supergraphInvalid(problems);
      return loaded;
    }),
    compilePolicies({ policiesDir, schemaDir }),
    readTables(schemaDir),
  ]);
  return { supergraph, policies, domain, kinds };
}

async function readTables(schemaDir: string): Promise<Pick<Read, "domain" | "kinds">> {
  const [domain, kinds] = await Promise.all([
    loadDomain(schemaDir),
    loadKeyKinds(join(schemaDir, "keys.json")),
  ]);
  return { domain, kinds };
}

function makeGateway(
  { config, places }: VersionSource,
  lasting: Lasting,
  { supergraph, domain, policies, kinds }: Read,
  planner: Planner,
): { readonly gateway: Gateway; closeBackends(): Promise<void> } {
  const { pool, clock, onFault, onStatement } = lasting;
  const links = createLinkTable({ pool, keys: lasting.linkKeys, kinds });
  const desk = createReviewDesk(policies, schemaDirectory(config));
  const own = gwSubgraph({
    members: config.agencies.flatMap(({ code, members }) =>
      members.map(({ address, name }) => ({ address, code, name })),
    ),
    staff: lasting.staff,
    knowsPerson: (uid) => links.knows("Person", uid),
    catalogue: catalogueOf(supergraph),
    policies: { set: policies, desk },
    accessLogs: accessLogSources({ lasting, links, config, backends: () => backends.all }),
  });
  const backends: Backends = createBackends({
    ...{ config, supergraph, places, links, onFault },
    ...(onStatement ? { onStatement } : {}),
    outbound: lasting.outbound,
    gateway: inProcessBackend({ ...own, onFault, timeoutMs: REVIEW_DEADLINE_MS }),
  });
  const gateway = createGateway({
    name: config.deployment.name,
    ...{ supergraph, policies, planner, clock },
    log: lasting.log,
    backends: backends.all,
    authenticate: assembleIdentity({
      ...{ config, domain, clock, keySetOf: lasting.keySetOf, verifyProof: lasting.verifyProof },
      isRevoked: lasting.revocations.isRevoked,
      certificatesOf: lasting.certificatesAt(placeOfTraining(config, places)),
    }),
    seals: lasting.seals,
    manyMembered: new Set(
      config.agencies.flatMap(({ code, members }) => (members.length > 1 ? [code as AgencyCode] : [])),
    ),
    limits: config.limits,
    unserved: UNSERVED,
    shareIdentical: config.server.shareIdentical,
  });
  const closeBackends = async () => void (await Promise.all([backends.close(), desk.close()]));
  return { gateway, closeBackends };
}

function placeOfTraining({ agencies }: Config, { databases }: Places): string {
  const [member] = agencies.find(({ code }) => code === "RTC")?.members ?? [];
  return databases.get(member?.address ?? "") ?? "";
}
