/** Random questions of the decision procedure, as anybody might ask them. */
import type { DecideQuestion } from "../../src/policy/decide.ts";
import type { Domain } from "../../src/policy/domain.ts";
import type { Seeded } from "../support/seeded.ts";

const BASES = [null, "NONE", "CONSENT", "LEGAL_DUTY", "VITAL_INTEREST", "COURT_ORDER", "CHILD_INTEREST"];
const UNTIL = [0, 999, 1000, 1001, 2000];

export function randomQuestion(dice: Seeded, domain: Domain): DecideQuestion {
  const { pick, chance } = dice;
  const [role, purposes] = pick([...domain.roles]);
  const field = pick([...domain.fields.values()]);
  const purpose = pick([...purposes]);
  const agency = role.split(".")[0] ?? "";
  return {
    agency,
    role,
    purpose,
    field: field.coordinate,
    row: randomRow(dice, { agency, purpose, group: field.group, domain }),
  };

  function randomRow(
    { some }: Seeded,
    about: { agency: string; purpose: string; group: string; domain: Domain },
  ): NonNullable<DecideQuestion["row"]> {
    const groups = () => [...(chance(0.7) ? [about.group] : []), ...some([...about.domain.groups.keys()], 1)];
    return {
      caseBound: chance(0.85),
      own: chance(0.3),
      owner: chance(0.2),
      assigned: chance(0.7),
      referrals: some([0, 1, 2], 2).map(() => ({
        status: pick(["ACCEPTED", "ACCEPTED", "DONE"]),
        expiresAt: pick(UNTIL),
        purpose: chance(0.8) ? about.purpose : pick(about.domain.purposes),
        groups: groups(),
      })),
      consents: some([0, 1, 2], 2).map(() => ({
        status: pick(["GIVEN", "GIVEN", "REFUSED", "WITHDRAWN"]),
        validUntil: pick(UNTIL),
        recipients: [about.agency],
        groups: groups(),
      })),
      basis: pick(BASES),
      charged: chance(0.4),
      courtGroups: chance(0.5) ? groups() : [],
      child: chance(0.2),
      sealed: chance(0.2),
      officialSuspect: chance(0.08),
      staffConflict: chance(0.08),
      certificates: chance(0.3) ? ["INTERVIEW_CHILD"] : [],
      breakGlass: chance(0.3) ? { until: pick(UNTIL) } : null,
    };
  }
}
