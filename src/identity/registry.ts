/**
 * Whose front end a token comes from: (issuer, client) → agency and member. Built from the configuration; claims have no say.
 */
import type { AgencyCode, MemberAddress } from "../kernel/brands.ts";

export interface Client {
  readonly agency: AgencyCode;
  readonly member: MemberAddress;
  /** `staff`: readers in roles of the agency. `subjects`: persons who read their own data. */
  readonly readers: "staff" | "subjects";
}

export interface Registry {
  readonly issuers: readonly string[];
  client(issuer: string, clientId: string): Client | undefined;
}

/** The shape of the configuration that the registry needs. */
export interface RegistrySource {
  readonly agencies: readonly {
    readonly code: string;
    readonly members: readonly { readonly address: string }[];
  }[];
  readonly identity: {
    readonly issuers: readonly {
      readonly issuer: string;
      readonly clients: Readonly<
        Record<string, { readonly member: string; readonly readers: Client["readers"] }>
      >;
    }[];
  };
}

export function createRegistry({ agencies, identity }: RegistrySource): Registry {
  const agencyOf = new Map(
    agencies.flatMap(({ code, members }) => members.map(({ address }) => [address, code])),
  );
  const byIssuer = new Map<string, Map<string, Client>>();
  for (const { issuer, clients } of identity.issuers) {
    const known = new Map<string, Client>();
    for (const [id, { member, readers }] of Object.entries(clients)) {
      const agency = agencyOf.get(member);
      if (agency) known.set(id, { agency: agency as AgencyCode, member: member as MemberAddress, readers });
    }
    byIssuer.set(issuer, known);
  }
  return {
    issuers: [...byIssuer.keys()],
    client: (issuer, clientId) => byIssuer.get(issuer)?.get(clientId),
  };
}
