/**
 * What the gateway's subgraph reads access logs from: the copy of the disclosure log, the link table, and the ledger.
 *
 * Accused  police, prosecution and court know a person by a key of their own only as a suspect or defendant (`schema/keys.json`).
 * Ledger   asked as for any other fact, in the reader's name, once a case; about a person who reads her own log in nobody's.
 */
import type { AccessLogSources, CaseStanding } from "../../resolvers/gw/access-log.ts";
import type { Config } from "../config/config.ts";
import type { LinkTable } from "../connectors/link-table.ts";
import { createAccessLogs } from "../disclosures/access-log.ts";
import type { Backend, SubgraphRequest } from "../execute/backend.ts";
import type { AgencyCode, MemberAddress, SubgraphName } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { Domain } from "../policy/domain.ts";
import { herFiles } from "./her-files.ts";
import type { Lasting } from "./lasting.ts";

export interface AccessLogParts {
  readonly lasting: Pick<Lasting, "disclosures" | "clock">;
  readonly links: LinkTable;
  readonly config: Pick<Config, "agencies">;
  readonly domain: Pick<Domain, "kindOf">;
  /** Backends by subgraph; asked for when a request comes. */
  readonly backends: () => ReadonlyMap<SubgraphName, Backend>;
}

const SPINE = "epc_spine" as SubgraphName;
const REGISTER = "IGA" as AgencyCode;
const ACCUSERS = ["MOI", "PPO", "CRT"].map((code) => code as AgencyCode);

/** Null for a case that does not exist for the reader. */
const STANDING =
  "query ($id: ID!, $reader: ReaderInput!) { case(id: $id) { access(reader: $reader) { holder } } }";

export function accessLogSources({
  lasting,
  links,
  config,
  domain,
  backends,
}: AccessLogParts): AccessLogSources {
  const { disclosures, clock } = lasting;
  const isCaseGroup = (group: string) => domain.kindOf(group) === "caseData";
  return {
    pages: createAccessLogs({ ...disclosures, isCaseGroup }),
    clock,
    caseStanding: (uid, request) => standingOf(backends().get(SPINE), uid, request),
    herFiles: herFiles(backends),
    async personOf(personalNumber) {
      const address = config.agencies.find(({ code }) => code === REGISTER)?.members[0]?.address;
      const ref = { type: "Person", member: address as MemberAddress, key: personalNumber };
      const [uid] = address === undefined ? [] : await links.find(REGISTER, [ref]);
      return uid ?? null;
    },
    async isAccused(uid) {
      const session = links.session();
      const known = await Promise.all(ACCUSERS.map((agency) => session.keysOf(agency, [uid])));
      return known.some((keys) => (keys.get(uid)?.length ?? 0) > 0);
    },
  };
}

async function standingOf(
  ledger: Backend | undefined,
  uid: string,
  { reader, signal }: SubgraphRequest,
): Promise<CaseStanding | null> {
  const { agency, member: address, role, staff, purpose } = reader;
  const reply = await ledger?.fetch({
    ...{ query: STANDING, kind: "query", reader, signal },
    variables: { id: uid, reader: { agency, address, role, staff, purpose } },
  });
  if (!reply?.data || reply.errors.length > 0)
    throw new GatewayError("AGENCY_UNAVAILABLE", "the ledger did not say who holds the case");
  const { access = null } = (reply.data["case"] ?? {}) as { readonly access?: CaseStanding | null };
  return access;
}
