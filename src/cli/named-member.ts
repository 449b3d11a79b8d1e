/** An agency, or a member of it, as a command names them. Errors: BAD_USER_INPUT for one that the configuration does not have. */
import type { Config } from "../config/config.ts";
import { GatewayError } from "../kernel/errors.ts";
import { suggest } from "./suggest.ts";

export interface AgencyName {
  readonly agency: string;
  readonly member?: string;
}

type Agency = Config["agencies"][number];

export function namedAgency({ agencies }: Config, code: string): Agency {
  const found = agencies.find((agency) => agency.code === code);
  if (found) return found;
  const codes = agencies.map((agency) => agency.code);
  throw refused(`there is no agency \`${code}\`${suggest(code, codes)}`);
}

/** Address of the member; one must be named where the agency has several. */
export function namedMember(config: Config, { agency, member }: AgencyName): string {
  const members = namedAgency(config, agency).members.map(({ address }) => address);
  if (member === undefined && members.length > 1)
    throw refused(`${agency} has several members: say which by \`--member\`: ${members.join(", ")}`);
  const named = member ?? members[0] ?? "";
  if (members.includes(named)) return named;
  throw refused(`\`${named}\` is no member of ${agency}${suggest(named, members)}`);
}

const refused = (message: string): GatewayError => new GatewayError("BAD_USER_INPUT", message);
