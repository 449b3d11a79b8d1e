/**
 * Everybody who can ask: each role for each purpose that the policies let it claim, with every certificate that a policy names.
 *
 * Out     readers in the order of agencies and roles; a data subject asks through the front end of any agency.
 * Rule    claims are read from the policies, not from the domain: a draft may let a role claim more.
 */
import type { AgencyCode } from "../../kernel/brands.ts";
import { GatewayError } from "../../kernel/errors.ts";
import type { PolicySet, ProfileReader } from "../policy-set.ts";
import type { ReaderResiduals } from "../residuals.ts";

export interface AskingReader extends ProfileReader {
  readonly residuals: ReaderResiduals;
}

export function everyReader(policySet: PolicySet): readonly AskingReader[] {
  const { domain, schema } = policySet;
  const certificates = subsets(namedCertificates(policySet));
  const purposes = schema.enums.get("Purpose") ?? [];
  return domain.agencies.flatMap((agency) =>
    rolesOf(policySet, agency).flatMap((role) =>
      purposes.flatMap((purpose) =>
        certificates.flatMap((held) => {
          const reader = { agency: agency as AgencyCode, role, purpose, certificates: new Set(held) };
          const residuals = tryResiduals(policySet, reader);
          return residuals ? [{ ...reader, residuals }] : [];
        }),
      ),
    ),
  );
}

function rolesOf({ schema }: PolicySet, agency: string): readonly string[] {
  return (schema.enums.get("Role") ?? []).flatMap((role) => {
    if (role === "securityOfficer") return [`${agency}.securityOfficer`];
    return role === "dataSubject" || role.startsWith(`${agency}.`) ? [role] : [];
  });
}

function tryResiduals(policySet: PolicySet, reader: ProfileReader): ReaderResiduals | null {
  try {
    return policySet.residuals(reader);
  } catch (error) {
    if (error instanceof GatewayError && error.code === "PURPOSE_NOT_HELD") return null;
    throw error;
  }
}

/** Certificates that some policy asks for: the others change nothing. */
function namedCertificates({ policies }: PolicySet): readonly string[] {
  const named = new Set<string>();
  for (const { json } of policies) {
    JSON.stringify(json.conditions, (_, value) => {
      if (value?.__entity?.type === "Certificate") named.add(value.__entity.id);
      return value;
    });
  }
  return [...named];
}

function subsets([first, ...rest]: readonly string[]): readonly (readonly string[])[] {
  if (first === undefined) return [[]];
  const without = subsets(rest);
  return [...without, ...without.map((set) => [first, ...set])];
}
