/**
 * Where the files of agencies are, by the configuration: at the ledger's server, and at `files` of each member that says so.
 *
 * In      what backends are made of. Which server a field's value is for is told by the subgraph that serves the field and, but for
 *         the ledger, by the member that the link boundary has written before it. Whoever is suspended is asked nothing.
 * Out     `FileSources`; and `fileProblems` of a schema and a configuration, told before a version answers.
 */
import type { Config } from "../config/config.ts";
import { addressedFile } from "../connectors/addressed-file.ts";
import { createFileExchange, type FileExchange } from "../connectors/file-exchange.ts";
import type { FollowedSuspensions } from "../connectors/suspensions.ts";
import type { FileSources } from "../files/file-desk.ts";
import type { AgencyCode, Coordinate, MemberAddress } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { FILE_SCALAR } from "../kernel/file-scalar.ts";
import type { FieldInfo, Supergraph } from "../supergraph/supergraph.ts";
import { audienceOf, type BackendParts, exchangeOf } from "./backends.ts";

type SourceParts = Pick<BackendParts, "config" | "supergraph" | "places" | "outbound" | "addresses"> & {
  readonly suspensions: Pick<FollowedSuspensions, "isSuspended">;
};

export interface OpenedFileSources extends FileSources {
  close(): Promise<void>;
}

export function openFileSources(parts: SourceParts): OpenedFileSources {
  const ledgers = new Map<AgencyCode, FileExchange>();
  const members = new Map<MemberAddress, { readonly agency: AgencyCode; readonly exchange: FileExchange }>();
  for (const agency of parts.config.agencies) {
    const code = agency.code as AgencyCode;
    for (const member of agency.members) {
      const exchange = exchangeFor(parts, agency, member);
      if (exchange === null) continue;
      if (agency.kind === "ledger") ledgers.set(code, exchange);
      else members.set(member.address as MemberAddress, { agency: code, exchange });
    }
  }

  const located = (agency: AgencyCode, value: string) => {
    const ledger = ledgers.get(agency);
    if (ledger) return { exchange: ledger, reference: value };
    const addressed = addressedFile(value);
    const server = addressed && members.get(addressed.member);
    if (!server || server.agency !== agency) return null;
    return { exchange: server.exchange, reference: addressed.reference };
  };

  return {
    locate(coordinate: Coordinate, value) {
      const agency = servingAgency(parts.supergraph, parts.supergraph.fields.get(coordinate));
      const found = agency && located(agency, value);
      if (!found) return null;
      const { exchange, reference } = found;
      return { reference, open: (reader, signal) => exchange.open(reference, reader, signal) };
    },
    close: async () => {
      const all = [...ledgers.values(), ...[...members.values()].map(({ exchange }) => exchange)];
      await Promise.allSettled(all.map((exchange) => exchange.close()));
    },
  };
}

type Agency = Config["agencies"][number];

function exchangeFor(
  parts: SourceParts,
  agency: Agency,
  member: Agency["members"][number],
): FileExchange | null {
  const { outbound, places, config, suspensions } = parts;
  const isLedger = agency.kind === "ledger";
  const baseUrl = isLedger ? places.ledger.filesUrl : member.files;
  if (baseUrl === undefined) return null;
  const audience = audienceOf(agency, member);
  const exchange = createFileExchange({
    ...exchangeOf(parts, agency, baseUrl),
    maxBytes: config.limits.fileMaxBytes,
    tell: (reader) =>
      isLedger ? outbound.tell(audience, reader, { kind: "ledger" }) : outbound.tell(audience, reader),
  });
  return {
    ...exchange,
    async open(...asked) {
      if (suspensions.isSuspended(audience.agency, audience.member))
        throw new GatewayError("AGENCY_SUSPENDED", "the agency is suspended", { agency: agency.code });
      return exchange.open(...asked);
    },
  };
}

const servingAgency = ({ subgraphs }: Supergraph, info: FieldInfo | undefined): AgencyCode | null =>
  subgraphs.get(info?.servedBy[0] as FieldInfo["servedBy"][number])?.agency ?? null;

/** A file is decided by a group of its own, comes from one subgraph, and is somewhere. */
export function fileProblems(config: Pick<Config, "agencies">, supergraph: Supergraph): readonly string[] {
  const files = [...supergraph.fields.values()].filter(
    ({ returns, policyInput }) => returns === FILE_SCALAR && !policyInput,
  );
  return files.flatMap((info) => [
    ...(info.group === null ? [`\`${info.coordinate}\` names files: give it a group of its own`] : []),
    ...(info.servedBy.length === 1 ? [] : [`\`${info.coordinate}\` names files: one subgraph must serve it`]),
    ...withoutPlace(config, supergraph, info),
  ]);
}

function withoutPlace(
  { agencies }: Pick<Config, "agencies">,
  supergraph: Supergraph,
  info: FieldInfo,
): readonly string[] {
  const code = servingAgency(supergraph, info);
  const agency = agencies.find((each) => each.code === code);
  if (agency?.kind === "ledger") return [];
  return (agency?.members ?? [])
    .filter(({ files }) => files === undefined)
    .map(
      ({ address }) => `agencies: \`${address}\` serves \`${info.coordinate}\`; say where its \`files\` are`,
    );
}
