/**
 * Whose front end a token comes from: (issuer, client) → agency and member. Built from the configuration; claims have no say.
 */
import type { AgencyCode, MemberAddress } from "../kernel/brands.ts";
import type { Assurance } from "./principal.ts";

export interface Client {
  readonly agency: AgencyCode;
  readonly member: MemberAddress;
  /** `staff`: readers in roles of the agency. `subjects`: persons who read their own data. */
  readonly readers: "staff" | "subjects";
  readonly binding: Binding;
}

/** What a client's tokens must be bound to: a key of its own, a certificate of its own, or nothing. */
export type Binding = "dpop" | "mtls" | "bearer";

export interface Registry {
  /** Those that some client has. */
  readonly bindings: ReadonlySet<Binding>;
  client(issuer: string, clientId: string): Client | undefined;
  /** What an issuer's `acr` stands for; undefined for one that it has not been given. */
  assurance(issuer: string, acr: unknown): Assurance | undefined;
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
      readonly assurance?: Readonly<Record<string, Assurance>> | undefined;
      readonly clients: Readonly<
        Record<string, Pick<Client, "readers" | "binding"> & { readonly member: string }>
      >;
    }[];
  };
}

/** How an issuer says it when the configuration does not say otherwise. */
const BY_NAME: Readonly<Record<string, Assurance>> = { AAL1: "AAL1", AAL2: "AAL2", AAL3: "AAL3" };

export function createRegistry({ agencies, identity }: RegistrySource): Registry {
  const agencyOf = new Map(
    agencies.flatMap(({ code, members }) => members.map(({ address }) => [address, code])),
  );
  const levels = new Map(
    identity.issuers.map(({ issuer, assurance = BY_NAME }) => [issuer, new Map(Object.entries(assurance))]),
  );
  const byIssuer = new Map<string, Map<string, Client>>();
  for (const { issuer, clients } of identity.issuers) {
    const known = new Map<string, Client>();
    for (const [id, { member, readers, binding }] of Object.entries(clients)) {
      const agency = agencyOf.get(member) as AgencyCode | undefined;
      if (agency !== undefined) known.set(id, { agency, member: member as MemberAddress, readers, binding });
    }
    byIssuer.set(issuer, known);
  }
  return {
    bindings: new Set(
      [...byIssuer.values()].flatMap((known) => [...known.values()].map(({ binding }) => binding)),
    ),
    client: (issuer, clientId) => byIssuer.get(issuer)?.get(clientId),
    assurance: (issuer, acr) => (typeof acr === "string" ? levels.get(issuer)?.get(acr) : undefined),
  };
}
