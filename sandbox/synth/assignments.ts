/**
 * Who of each organisation's staff is on a case.
 *
 * Owner     EPC's intake officer, screener, reviewer, case worker, nurse, legal officer and, for the sheltered, the
 *           manager of the house.
 * Receivers one of each role that may claim the purpose of a referral that was answered with yes; the courts' judge
 *           and registrar once the case is charged.
 * Rota      `staff.ts`: numbers 1 and 2 for the cast, any of the three elsewhere.
 */

import type { CasePlan } from "./case-plan.ts";
import { CAST } from "./cast-script.ts";
import type { Context } from "./context.ts";
import { addressOf } from "./members.ts";
import { rolesFor, STAFF_A_ROLE, staffId } from "./staff.ts";
import { agencyOf, hasReached } from "./subjects.ts";
import type { AssignmentRow } from "./types.ts";

const OWNER_ROLES = [
  "EPC.intakeOfficer",
  "EPC.screener",
  "EPC.reviewer",
  "EPC.caseWorker",
  "EPC.nurse",
  "EPC.legalOfficer",
] as const;
const CAPACITIES: Readonly<Record<string, AssignmentRow["capacity"]>> = {
  "EPC.reviewer": "reviewer",
  "EPC.shelterManager": "supervisor",
  "MOI.supervisor": "supervisor",
  "PPO.chief": "supervisor",
};

export function assignmentsOf(ctx: Context, plan: CasePlan): AssignmentRow[] {
  const rows = [
    ...ownerRoles(plan).flatMap((role) => assign(ctx, plan, addressOf("EPC"), role, "owner")),
    ...receivers(ctx, plan).flatMap(([member, role]) => assign(ctx, plan, member, role, "receiver")),
  ];
  return [...new Map(rows.map((row) => [row.staffId, row])).values()];
}

export const caseWorkerOf = (ctx: Context, plan: CasePlan): string =>
  assigned(ctx, plan, addressOf("EPC"), "EPC.caseWorker");

/** The first of a role's staff on a case. */
export function assigned(ctx: Context, plan: CasePlan, member: string, role: string): string {
  return staffId(member, role, numbersFor(ctx, plan, role)[0]!);
}

function ownerRoles(plan: CasePlan): readonly string[] {
  return plan.shelteredAt === null ? OWNER_ROLES : [...OWNER_ROLES, "EPC.shelterManager"];
}

function receivers(ctx: Context, plan: CasePlan): (readonly [member: string, role: string])[] {
  const accepted = plan.referrals.filter(({ status }) => status === "ACCEPTED" || status === "DONE");
  const referred = accepted.flatMap(({ to, purpose }) =>
    rolesFor(agencyOf(to), purpose).map((role) => [to, role] as const),
  );
  const court = addressOf("CRT");
  return hasReached(ctx, plan, "CHARGED")
    ? [...referred, [court, "CRT.judge"], [court, "CRT.registrar"]]
    : referred;
}

function assign(
  ctx: Context,
  plan: CasePlan,
  member: string,
  role: string,
  side: AssignmentRow["side"],
): AssignmentRow[] {
  const capacity = CAPACITIES[role] ?? "worker";
  return numbersFor(ctx, plan, role).map((number) => ({
    member,
    staffId: staffId(member, role, number),
    capacity,
    side,
  }));
}

function numbersFor(ctx: Context, plan: CasePlan, role: string): readonly number[] {
  if (plan.index < CAST.length) return [1, 2];
  return [1 + Math.floor(ctx.draws(`rota:${role}`, plan.index)() * STAFF_A_ROLE)];
}
