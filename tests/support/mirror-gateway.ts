/** The whole pipeline over the mirror world: one profile for everybody, readers by header, disclosures kept in a list. */
import { join } from "node:path";
import type { DisclosureLog } from "../../src/audit/log.ts";
import type { Disclosure } from "../../src/audit/record.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import type { SubgraphReply } from "../../src/execute/backend.ts";
import { createGateway, type Gateway, type GatewayParts, type GatewayRequest } from "../../src/gateway.ts";
import type { AgencyCode, MemberAddress, SubgraphName, Uid } from "../../src/kernel/brands.ts";
import { sealed, unsealed } from "../../src/kernel/seals.ts";
import { startPlanner } from "../../src/plan/planner.ts";
import type { Profile } from "../../src/policy/verdict.ts";
import { loadSupergraph } from "../../src/supergraph/load.ts";
import { subgraphSdl } from "../../src/supergraph/subgraph-documents.ts";
import { DOMAIN } from "../policy/shipped.ts";
import { mirrorBackend } from "./mirror-world.ts";

const SCHEMA_DIR = join(PACKAGE_ROOT, "schema");

const { fileLinks: FILE_LINKS } = sealed({ current: new Uint8Array(32).fill(7) });

export interface MirrorGateway {
  readonly gateway: Gateway;
  readonly backends: ReadonlyMap<string, ReturnType<typeof mirrorBackend>>;
  readonly disclosures: Disclosure[];
  /** As this member of staff, at this instant. */
  request(query: string, more?: Partial<GatewayRequest> & { readonly staff?: string }): GatewayRequest;
  /** Milliseconds since the epoch that the gateway believes it is. */
  now: number;
  close(): Promise<void>;
}

export interface MirrorOptions {
  readonly profile: Profile;
  /** Events of the ledger's subscriptions. */
  readonly events?: () => AsyncIterableIterator<SubgraphReply>;
  readonly tokenEndsAtMs?: number;
  /** Uid of a case, of every reader. */
  readonly issue?: string;
  readonly brokenGlass?: GatewayParts["brokenGlass"];
  /** Where links lead to; without it references are shown as they are. */
  readonly files?: GatewayParts["files"];
  /** Stands in for the log that takes everything. */
  readonly append?: DisclosureLog["append"];
}

export async function startMirrorGateway(options: MirrorOptions): Promise<MirrorGateway> {
  const supergraph = await loadSupergraph(SCHEMA_DIR);
  const planner = await startPlanner(supergraph.sdl);
  const disclosures: Disclosure[] = [];
  const log: DisclosureLog = {
    append: options.append ?? (async (disclosure) => ({ sequence: disclosures.push(disclosure) })),
    close: async () => {},
    keys: null,
    failed: new Promise(() => {}),
  };
  const backends = new Map<SubgraphName, ReturnType<typeof mirrorBackend>>();
  for (const name of supergraph.subgraphs.keys()) {
    const backend = mirrorBackend(name, await subgraphSdl(SCHEMA_DIR, name), supergraph.entities);
    const { events } = options;
    backends.set(name, name === "epc_spine" && events ? { ...backend, subscribe: events } : backend);
  }
  const mirror: MirrorGateway = {
    now: 0,
    ...{ backends, disclosures },
    gateway: createGateway({
      name: "mirror",
      ...{ supergraph, planner, backends, log },
      policies: {
        version: "v1",
        domain: DOMAIN,
        profile: () => options.profile,
        profiles: () => [options.profile],
      },
      seals: {
        ...unsealed,
        ...(options.files && { fileLinks: FILE_LINKS }),
        openId: (_member, given) => ({ type: "Case", uid: given as Uid }),
      },
      authenticate: async (headers) => ({
        agency: "EPC" as AgencyCode,
        member: "BH/GOV/LMRA/epc" as MemberAddress,
        client: "mirror",
        staff: headers.get("x-staff") ?? "somebody",
        role: "EPC.caseWorker",
        purpose: "SHELTER_CARE",
        certificates: new Set(),
        assurance: "AAL1",
        authenticatedAtMs: null,
        issue: options.issue ?? null,
        expiresAtMs: options.tokenEndsAtMs ?? Number.POSITIVE_INFINITY,
      }),
      manyMembered: new Set(),
      limits: { maxTokens: 2_000, maxDepth: 10, maxAliases: 30, maxSelections: 1_000 },
      unserved: new Set(),
      ...(options.files && { files: options.files }),
      ...(options.brokenGlass && { brokenGlass: options.brokenGlass }),
      clock: { now: () => mirror.now },
    }),
    request: (query, { staff = "somebody", ...more } = {}) => ({
      headers: { get: (name) => (name === "x-staff" ? staff : undefined) },
      ...{ query, operationName: undefined, variables: {}, locale: "en" },
      signal: new AbortController().signal,
      carries: { events: true, incremental: false },
      ...more,
    }),
    close: () => planner.close(),
  };
  return mirror;
}
