/**
 * One version of a deployment's gateway: what its configuration, schema, policies and persisted documents say now.
 *
 * In      where to read them, and what outlives every version. Nothing answers by it yet.
 * Out     a `Version`, checked in full, its planner started and warm with the persisted documents.
 * Errors  start-up family with the problems of all parts at once; nothing is left running. That it cannot be made warm is logged.
 */
import { join } from "node:path";
import { catalogueOf } from "../../resolvers/gw/catalogue.ts";
import { type GwSources, gwSubgraph } from "../../resolvers/gw/index.ts";
import type { PolicyStoreSource } from "../../resolvers/gw/policy-store-source.ts";
import type { BreakGlassDesk } from "../break-glass/desk.ts";
import type { Config } from "../config/config.ts";
import { PACKAGE_ROOT } from "../config/package-root.ts";
import { inProcessBackend } from "../connectors/in-process.ts";
import { type KeyKinds, loadKeyKinds } from "../connectors/key-kinds.ts";
import { createLinkTable } from "../connectors/link-table.ts";
import { withCodes } from "../connectors/with-codes.ts";
import { createGateway, type GatewayParts } from "../gateway.ts";
import { type CertificateSource, NO_CERTIFICATES } from "../identity/certificates.ts";
import type { AgencyCode } from "../kernel/brands.ts";
import type { PersistedDocument } from "../operation/document-store.ts";
import { type Planner, startPlanner } from "../plan/planner.ts";
import { compilePolicies } from "../policy/compile.ts";
import { loadDomain as loadTables } from "../policy/domain.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import { createReviewDesk } from "../policy/review/review-desk.ts";
import { ContentDesk } from "../policy-store/content-desk.ts";
import { folderContents, type PolicyContents } from "../policy-store/contents.ts";
import { type Domain, loadDomain } from "../supergraph/domain.ts";
import { loadSupergraph } from "../supergraph/load.ts";
import { supergraphInvalid } from "../supergraph/problems.ts";
import type { Supergraph } from "../supergraph/supergraph.ts";
import type { Warmed } from "../warm.ts";
import { accessLogSources } from "./access-logs.ts";
import { agencyProblems } from "./agency-problems.ts";
import { allOrProblems } from "./all-or-problems.ts";
import { type Backends, createBackends, type Places } from "./backends.ts";
import { breakGlassDesk, brokenGlassOf } from "./break-glass.ts";
import { caseOfPerson } from "./case-of-person.ts";
import { checkDocuments } from "./check-documents.ts";
import { openFileSources } from "./file-sources.ts";
import { assembleIdentity } from "./identity.ts";
import type { Lasting } from "./lasting.ts";
import type { OpenedPolicyStore } from "./policy-store.ts";
import type { Version } from "./reloadable.ts";
import { SharedClose } from "./shared-close.ts";
import { SERVED, UNSERVED } from "./unserved.ts";
import { warmReaders } from "./warm-readers.ts";

/** The gateway's own subgraph asks no network; an access review of all policies takes its time. */
const REVIEW_DEADLINE_MS = 90_000;
const TRAINING = "RTC";

export interface VersionSource {
  readonly config: Config;
  readonly places: Places;
  readonly documents: readonly PersistedDocument[];
}

interface Read {
  readonly supergraph: Supergraph;
  readonly domain: Domain;
  readonly policies: Policies;
  readonly kinds: KeyKinds;
}

/** Files have no heads: nobody publishes them. */
interface Policies {
  /** In force. */
  readonly policySet: PolicySet;
  /** The same, with a draft in its shadow where there is one. */
  readonly policies: GatewayParts["policies"];
  readonly heads: Version["heads"];
  readonly contents: PolicyContents;
}

export async function loadVersion(source: VersionSource, lasting: Lasting): Promise<Version> {
  const { config } = source;
  const read = await readParts(config, lasting);
  const planner = await startPlanner(read.supergraph.sdl, config.planner.deadlineMs, {
    onRestart: lasting.onPlannerRestart,
  });
  const closes = [() => planner.close()];
  const base = new SharedClose(async () => void (await Promise.allSettled(closes.map((end) => end()))));
  try {
    const { closeBackends, ...made } = makeParts(source, lasting, read, planner);
    closes.push(closeBackends);
    const version = versionOf(base, { ...made, source, lasting, domain: read.domain }, read.policies);
    lasting.onWarmed(await version.warm());
    return version;
  } catch (error) {
    await base.leave();
    throw error;
  }
}

/** What versions that differ in their policies alone have in common. */
interface Made {
  readonly source: VersionSource;
  readonly lasting: Lasting;
  readonly parts: Omit<GatewayParts, "policies">;
  /** Of the gateway's own subgraph, which answers about the policies too. */
  readonly sources: Omit<GwSources, "policies" | "breakGlass">;
  /** By the version of the policies, which its records name. */
  readonly breakGlass: (policyVersion: string) => BreakGlassDesk;
  readonly domain: Domain;
}

/** Leaves the base when it is closed. */
function versionOf(
  base: SharedClose,
  made: Made,
  { policySet, policies, heads, contents }: Policies,
): Version & { warm(): Promise<Warmed> } {
  const { source, lasting, parts, sources, domain } = made;
  const breakGlass = made.breakGlass(policySet.version);
  const { config, documents } = source;
  const schemaDir = schemaFolder(config);
  const desk = createReviewDesk(policySet, schemaDir);
  const drafts = new ContentDesk({ contents, schemaDir, turns: lasting.policyReviews });
  const answering = gwSubgraph({ ...sources, policies: { set: policySet, desk, drafts }, breakGlass });
  const own = inProcessBackend({
    ...answering,
    schema: withCodes(answering.schema, parts.supergraph.fullSchema),
    onFault: lasting.onFault,
    timeoutMs: REVIEW_DEADLINE_MS,
  });
  const gateway = createGateway({
    ...parts,
    policies,
    brokenGlass: brokenGlassOf(breakGlass),
    backends: new Map([...parts.backends, [own.subgraph, own]]),
  });
  checkDocuments(gateway, documents);
  // A draft in the shadow is compared for requests alone: nothing is planned ahead of them.
  const isShadowed = policies.asked !== undefined;
  const warm = () => gateway.warm(isShadowed ? [] : documents, warmReaders(config, domain));
  const withPublished = async () => {
    base.join();
    try {
      const version = versionOf(base, made, await readPolicies(config, lasting, policySet.domain));
      // A publication does not wait for plans that are made ahead of questions.
      void version.warm().then(lasting.onWarmed);
      return version;
    } catch (error) {
      await base.leave();
      throw error;
    }
  };
  const close = async () => void (await Promise.allSettled([desk.close(), drafts.close(), base.leave()]));
  return {
    ...{ gateway, policies: policies.version, heads: heads ?? null, warm, close },
    ...(heads && { withPublished }),
  };
}

async function readParts(config: Config, lasting: Lasting): Promise<Read> {
  const schemaDir = schemaFolder(config);
  const [supergraph, policies, { domain, kinds }] = await allOrProblems([
    loadSupergraph(schemaDir).then((loaded) => {
      const problems = agencyProblems(config, loaded);
      if (problems.length > 0) throw supergraphInvalid(problems);
      return loaded;
    }),
    readPolicies(config, lasting),
    readTables(schemaDir),
  ]);
  return { supergraph, policies, domain, kinds };
}

/** By the tables of the version that goes on, if one does: the schema folder may hold others by now. */
async function readPolicies(
  config: Config,
  { policyStore }: Lasting,
  inForce?: PolicySet["domain"],
): Promise<Policies> {
  const schemaDir = schemaFolder(config);
  if (policyStore) return policyStore.load(inForce ?? loadTables(schemaDir));
  const policiesDir = policiesFolder(config);
  const [policySet, contents] = await Promise.all([
    compilePolicies({ policiesDir, schemaDir }),
    folderContents(policiesDir),
  ]);
  return { policySet, policies: policySet, heads: null, contents };
}

const schemaFolder = ({ schema }: Config): string => schema.directory ?? join(PACKAGE_ROOT, "schema");

const policiesFolder = ({ policy }: Config): string => policy.directory ?? join(PACKAGE_ROOT, "policies");

/** Acts are done by the folders that this version was read from. */
function storeSource(config: Config, { store, perform, differences }: OpenedPolicyStore): PolicyStoreSource {
  const startingFolder = policiesFolder(config);
  const folders = { startingFolder, schemaDir: schemaFolder(config) };
  return {
    ...{ store, startingFolder, differences },
    perform: (officer, act, signal) => perform({ officer, act, ...folders }, signal),
  };
}

async function readTables(schemaDir: string): Promise<Pick<Read, "domain" | "kinds">> {
  const [domain, kinds] = await Promise.all([
    loadDomain(schemaDir),
    loadKeyKinds(join(schemaDir, "keys.json")),
  ]);
  return { domain, kinds };
}

function makeParts(
  { config, places }: VersionSource,
  lasting: Lasting,
  { supergraph, domain, kinds, policies }: Read,
  planner: Planner,
): Pick<Made, "parts" | "sources" | "breakGlass"> & { closeBackends(): Promise<void> } {
  const { pool, clock, onFault, onStatement } = lasting;
  lasting.addresses.forgetAll();
  const links = createLinkTable({ pool, keys: lasting.linkKeys, kinds });
  const backends: Backends = createBackends({
    ...{ config, supergraph, places, links, onFault },
    ...(onStatement ? { onStatement } : {}),
    ...{ outbound: lasting.outbound, addresses: lasting.addresses, suspensions: lasting.suspensions },
  });
  const sourcesOfFiles = openFileSources({
    ...{ config, supergraph, places, outbound: lasting.outbound },
    ...{ addresses: lasting.addresses, suspensions: lasting.suspensions },
  });
  const parts = {
    name: config.deployment.name,
    ...{ supergraph, planner, clock },
    log: lasting.log,
    backends: backends.all,
    authenticate: assembleIdentity({
      ...{ config, domain, clock, keySetOf: lasting.keySetOf, verifyProof: lasting.verifyProof },
      isRevoked: lasting.revocations.isRevoked,
      isSuspended: lasting.suspensions.isSuspended,
      certificatesOf: certificatesOf(config, places, lasting),
    }),
    seals: lasting.seals,
    manyMembered: new Set(
      config.agencies.flatMap(({ code, members }) => (members.length > 1 ? [code as AgencyCode] : [])),
    ),
    limits: config.limits,
    budget: { budgets: lasting.budgets, limits: config.limits },
    unserved: UNSERVED,
    served: SERVED,
    shareIdentical: config.server.shareIdentical,
    files: { sources: sourcesOfFiles, uses: lasting.linkUses, path: pathOfFiles(config) },
  };
  const sources = {
    members: config.agencies.flatMap(({ code, members }) =>
      members.map(({ address, name }) => ({ address, code, name })),
    ),
    staff: lasting.staff,
    knowsPerson: (uid: string) => links.knows("Person", uid),
    catalogue: catalogueOf(supergraph),
    policyStore: lasting.policyStore && storeSource(config, lasting.policyStore),
    accessLogs: accessLogSources({
      ...{ lasting, links, config, domain: policies.policySet.domain },
      backends: () => backends.all,
    }),
  };
  const breakGlass = breakGlassDesk({
    ...{ config, lasting, backends: backends.all },
    caseOfPerson: caseOfPerson({ links, config, backends: backends.all }),
  });
  const closeBackends = async () => void (await Promise.all([backends.close(), sourcesOfFiles.close()]));
  return { parts, sources, breakGlass, closeBackends };
}

/** Beside `/graphql`, wherever callers reach that. */
const pathOfFiles = ({ server: { publicUrl } }: Config): string =>
  publicUrl === undefined ? "/files/" : new URL("files/", publicUrl).pathname;

/** From the training centre's register. While it is suspended it is not asked, and nobody holds any. */
function certificatesOf(
  { agencies }: Config,
  { databases }: Places,
  { certificatesAt, suspensions }: Lasting,
): CertificateSource {
  const address = agencies.find(({ code }) => code === TRAINING)?.members[0]?.address ?? "";
  const register = certificatesAt(databases.get(address) ?? "");
  return async (...whom) =>
    suspensions.isSuspended(TRAINING, address) ? NO_CERTIFICATES : register(...whom);
}
