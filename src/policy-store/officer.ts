/**
 * Which reader acts as a security officer: by role and purpose, both verified by the identity stage before.
 *
 * Errors  OPERATION_FORBIDDEN, naming the role.
 */
import { GatewayError } from "../kernel/errors.ts";
import type { Officer } from "./statements.ts";

export const OFFICER_PURPOSE = "AUDIT_OVERSIGHT";

interface Reader extends Officer {
  readonly role: string;
  readonly purpose: string;
}

export function officerOf({ agency, member, staff, role, purpose }: Reader): Officer {
  if (role === `${agency}.securityOfficer` && purpose === OFFICER_PURPOSE) return { agency, member, staff };
  throw new GatewayError("OPERATION_FORBIDDEN", `\`${role}\` is no security officer`);
}
