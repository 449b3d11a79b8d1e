/**
 * `ihala schema`: the schema as SDL; the public one, or what a reader could ever be shown of it.
 *
 * In      a role with, where it does not say so itself, its agency; a purpose, else all that the role may claim; certificates; the
 *         language of descriptions, else both.
 * Out     SDL on standard output.
 * Errors  BAD_USER_INPUT for a role, agency or purpose that there is not; PURPOSE_NOT_HELD.
 */

import type { Config } from "../config/config.ts";
import { readDomain } from "../config/domain.ts";
import { type Roles, rolesOf } from "../identity/roles.ts";
import type { AgencyCode } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { compilePolicies } from "../policy/compile.ts";
import { loadSupergraph } from "../supergraph/load.ts";
import { type DescriptionLanguage, schemaText } from "../view/schema-text.ts";
import { Views } from "../view/views.ts";
import { policySource, schemaDirectory } from "./folders.ts";
import { gateMaker } from "./gate-maker.ts";
import { suggest } from "./suggest.ts";
import type { Terminal } from "./terminal.ts";

export interface SchemaOptions {
  readonly role?: string;
  readonly agency?: string;
  readonly purpose?: string;
  readonly certificates?: readonly string[];
  readonly lang?: DescriptionLanguage;
}

export async function runSchema(config: Config, options: SchemaOptions, terminal: Terminal): Promise<number> {
  const { role, agency, purpose, certificates = [], lang = null } = options;
  const supergraph = await loadSupergraph(schemaDirectory(config));
  if (role === undefined) {
    if (agency !== undefined || purpose !== undefined || certificates.length > 0)
      throw refused("`--agency`, `--purpose` and `--certificates` are about a reader: name the `--role`");
    terminal.out(schemaText(supergraph.publicSchema, lang));
    return 0;
  }
  const policies = await compilePolicies(policySource(config));
  const known = knownRole(config, rolesOf(await readDomain(schemaDirectory(config))), role, agency);
  const reader = { ...known, certificates: new Set(certificates) };
  const profiles =
    purpose === undefined ? policies.profiles(reader) : [policies.profile({ ...reader, purpose })];
  if (profiles.length === 0) throw refused(`the policies let \`${reader.role}\` ask for no purpose`);
  const gates = profiles.map((profile) => gateMaker(config, supergraph, reader.agency, profile));
  terminal.out(schemaText(new Views(supergraph).schemaFor(gates), lang));
  return 0;
}

/** `NGO.caseworker`; or `securityOfficer` and `dataSubject`, who need an agency. */
function knownRole({ agencies }: Config, roles: Roles, name: string, named: string | undefined) {
  const codes = agencies.map(({ code }) => code);
  if (named !== undefined && !codes.includes(named))
    throw refused(
      `there is no agency \`${named}\`${suggest(named, codes)}; the agencies are ${codes.join(", ")}`,
    );
  const role = roles.get(name) ?? roles.get(`${named}.${name}`);
  if (!role) throw refused(`there is no role \`${name}\`${suggest(name, roles.keys())}`);
  const agency = role.agency ?? named;
  if (agency === undefined) throw refused(`the role \`${name}\` needs \`--agency\`, whose front end is used`);
  if (named !== undefined && agency !== named)
    throw refused(`\`${name}\` is not one of the roles of ${named}`);
  return { role: role.id, agency: agency as AgencyCode };
}

const refused = (message: string) => new GatewayError("BAD_USER_INPUT", message);
