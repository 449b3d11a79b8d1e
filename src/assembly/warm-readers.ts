/**
 * For whom a deployment plans its persisted documents ahead: every role of the domain for every purpose it may claim.
 *
 * Without certificates, which tell people apart; what follows from them is planned when somebody who holds them asks.
 */
import type { Config } from "../config/config.ts";
import { type RoleSource, rolesOf } from "../identity/roles.ts";
import type { AgencyCode } from "../kernel/brands.ts";
import type { ProfileReader } from "../policy/policy-set.ts";

const NO_CERTIFICATES: ReadonlySet<string> = new Set();

export function warmReaders(
  config: Pick<Config, "agencies" | "identity">,
  domain: RoleSource,
): readonly ProfileReader[] {
  const ofSubjects = agenciesOfSubjects(config);
  return [...rolesOf(domain).values()].flatMap(({ id: role, agency, purposes }) =>
    (agency === null ? ofSubjects : [agency]).flatMap((of) =>
      purposes.map((purpose) => ({ agency: of, role, purpose, certificates: NO_CERTIFICATES })),
    ),
  );
}

/** Whose front ends persons use to read their own data. */
function agenciesOfSubjects({
  agencies,
  identity,
}: Pick<Config, "agencies" | "identity">): readonly AgencyCode[] {
  const clients = identity.issuers.flatMap((issuer) => Object.values(issuer.clients));
  const members = new Set(clients.flatMap(({ readers, member }) => (readers === "subjects" ? [member] : [])));
  return agencies.flatMap(({ code, members: own }) =>
    own.some(({ address }) => members.has(address)) ? [code as AgencyCode] : [],
  );
}
