/**
 * The roles of the domain with their purposes and the assurance they ask for, and the two kinds that every deployment has:
 * `<AGENCY>.securityOfficer` (policies of its agency) and `dataSubject` (own data) (domain, agencies §2).
 */
import type { AgencyCode } from "../kernel/brands.ts";
import type { Assurance } from "./principal.ts";

export const DATA_SUBJECT = "dataSubject";
const SECURITY_OFFICER = "securityOfficer";

export interface Role {
  readonly id: string;
  /** Null for `dataSubject`. */
  readonly agency: AgencyCode | null;
  /** Purposes of use that the role may claim. */
  readonly purposes: readonly string[];
  /** Least assurance of the reader's authentication. */
  readonly assurance: Assurance;
}

export type Roles = ReadonlyMap<string, Role>;

/** The shape of `schema/domain.json` that roles need. */
export interface RoleSource {
  readonly roles: readonly {
    readonly id: string;
    readonly purposes: readonly string[];
    /** `AAL1`, `AAL2` or `AAL3`. */
    readonly aal: string;
  }[];
  readonly agencies: readonly { readonly code: string }[];
}

export function rolesOf({ roles, agencies }: RoleSource): Roles {
  const all: Role[] = [
    ...roles.map(({ id, purposes, aal }) => ({
      id,
      agency: agencyOf(id),
      purposes,
      assurance: assuranceOf(aal),
    })),
    ...agencies.map(({ code }) => securityOfficer(code)),
    { id: DATA_SUBJECT, agency: null, purposes: ["SUBJECT_ACCESS"], assurance: "AAL2" },
  ];
  return new Map(all.map((role) => [role.id, role]));
}

/** What is no known assurance asks for the most. */
const assuranceOf = (aal: string): Assurance => (aal === "AAL1" || aal === "AAL2" ? aal : "AAL3");

const agencyOf = (role: string) => role.slice(0, role.indexOf(".")) as AgencyCode;

const securityOfficer = (code: string): Role => ({
  id: `${code}.${SECURITY_OFFICER}`,
  agency: code as AgencyCode,
  purposes: ["AUDIT_OVERSIGHT"],
  assurance: "AAL3",
});
