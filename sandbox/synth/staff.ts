/**
 * The staff directory: three members of staff for every role of the domain at every member, and as many security
 * officers.
 *
 * Id      `<member>-<role>-<1|2|3>`: `epc-caseWorker-1`, `ngo-mwps-legal-2`, `ext-ph-consul-1`.
 * Rota    the cast's cases belong to numbers 1 and 2, never to 3; drawn cases go round all three.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import type { AgencyCode, PurposeOfUse } from "./codes.ts";
import type { Context } from "./context.ts";
import { MEMBERS, type MemberRow } from "./members.ts";
import { drawName, personName } from "./names.ts";
import { type Table, table } from "./tables.ts";
import type { StaffRow } from "./types.ts";

export const STAFF_A_ROLE = 3;

interface Role {
  readonly id: string;
  readonly purposes: readonly PurposeOfUse[];
}
interface Post {
  readonly member: MemberRow;
  readonly role: string;
  readonly number: number;
}

const DOMAIN_ROLES: readonly Role[] = JSON.parse(
  readFileSync(join(PACKAGE_ROOT, "schema/domain.json"), "utf8"),
).roles;
const POSTS: readonly Post[] = MEMBERS.flatMap((member) =>
  rolesOf(member.agency).flatMap((role) =>
    Array.from({ length: STAFF_A_ROLE }, (_, k) => ({ member, role, number: k + 1 })),
  ),
);
const INDEX_BY_ID: ReadonlyMap<string, number> = new Map(
  POSTS.map((post, i) => [staffId(post.member.address, post.role, post.number), i]),
);

export function rolesOf(agency: AgencyCode): readonly string[] {
  const own = DOMAIN_ROLES.map(({ id }) => id).filter((id) => id.startsWith(`${agency}.`));
  return [...own, `${agency}.securityOfficer`];
}

/** Roles of an agency that may claim a purpose. */
export function rolesFor(agency: AgencyCode, purpose: PurposeOfUse): readonly string[] {
  return DOMAIN_ROLES.filter(
    ({ id, purposes }) => id.startsWith(`${agency}.`) && purposes.includes(purpose),
  ).map(({ id }) => id);
}

/** Staff id of the `number`-th (from 1) holder of a role at a member. */
export function staffId(member: string, role: string, number: number): string {
  return `${slug(member)}-${role.slice(role.indexOf(".") + 1)}-${number}`;
}

export function staffUid(ctx: Context, id: string): string {
  const index = INDEX_BY_ID.get(id);
  if (index === undefined) throw new RangeError(`no staff member \`${id}\``);
  return ctx.uid("Staff", index);
}

export function staffTable(ctx: Context): Table<StaffRow> {
  return table("staff", POSTS.length, (i) => {
    const { member, role, number } = POSTS[i]!;
    const draw = ctx.draws("staff", i);
    const names = drawName(
      member.nationality === null ? "BHR" : listOf(member.nationality),
      draw() < 0.5 ? "F" : "M",
      draw,
    );
    return {
      uid: ctx.uid("Staff", i),
      staffId: staffId(member.address, role, number),
      member: member.address,
      agency: member.agency,
      role,
      nameAr: ctx.text(personName(names, "ar").full, "staff", i, "nameAr"),
      nameLatin: ctx.text(personName(names, "latin").full, "staff", i, "nameLatin"),
    };
  });
}

const listOf = (nationality: string): string => (nationality === "JOR" ? "EGY" : nationality);

function slug(address: string): string {
  const [country, , organisation] = address.toLowerCase().split("/") as [string, string, string];
  const { agency } = MEMBERS.find((row) => row.address === address)!;
  if (agency === "NGO") return `ngo-${organisation}`;
  if (agency === "EXT") return `ext-${country}`;
  return agency.toLowerCase();
}
