/** Everybody who can ask: each role of the domain for each of its purposes, at each organisation that has work for it. */
import { AMAN, MWPS, PHILIPPINE_EMBASSY } from "../../sandbox/synth/members.ts";
import type { StaffRow } from "../../sandbox/synth/types.ts";
import type { Deployment } from "./deployment.ts";
import type { ViewReader } from "./expected-view.ts";
import { oracleTables } from "./rules-oracle.ts";
import type { StaffReader, WorldFacts } from "./world-facts.ts";

export interface Asking {
  readonly role: string;
  readonly purpose: string;
  readonly member?: string;
}

export const EVERY_READER: readonly Asking[] = oracleTables.roles.flatMap(({ id: role, purposes }) =>
  purposes.flatMap((purpose) => membersFor(role).map((member) => ({ role, purpose, ...member }))),
);

function membersFor(role: string): readonly { readonly member?: string }[] {
  if (role.startsWith("NGO.")) return [{ member: MWPS }, { member: AMAN }];
  return role === "EXT.consul" ? [{}, { member: PHILIPPINE_EMBASSY }] : [{}];
}

/** The first of a role's three; the cast's cases are his, and the second's. */
export const firstStaff = ({ cast }: Deployment, { role, member }: Asking): StaffRow =>
  cast.staffOf(role, member)[0] as StaffRow;

export function viewReader(
  on: Deployment,
  facts: WorldFacts,
  asking: Asking,
  staff: string,
): ViewReader & StaffReader {
  const [agency = ""] = asking.role.split(".");
  const { member } = firstStaff(on, asking);
  const reader: StaffReader = { agency, member, staff, purpose: asking.purpose };
  return {
    ...reader,
    role: asking.role,
    sealId: (type, uid) => on.idFor(asking, type, uid),
    registerFacts: (person) => facts.ofRegister(person, reader),
  };
}
