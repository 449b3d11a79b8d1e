/** Organisations, staff and orders that name an authority. */
import { MEMBERS } from "../../../sandbox/synth/members.ts";
import type * as R from "../../../sandbox/synth/types.ts";
import type { Tree } from "./tree.ts";
import { object, type TrueObject } from "./true-object.ts";

export function directory(tree: Tree) {
  const agency = (address: string): TrueObject => {
    const row = MEMBERS.find((member) => member.address === address) as (typeof MEMBERS)[number];
    return object("Agency", { address, code: row.agency });
  };

  const order = (row: R.TravelOrderRow | null | undefined): TrueObject | null =>
    row ? object("TravelOrder", { ...row, authority: () => agency(row.authority.address) }) : null;

  const staff = (uid: string | null): TrueObject | null => {
    const row = uid === null ? undefined : tree.rows.staff.get(uid);
    if (!row) return null;
    const holderNo = tree.keys.at("Staff", row.uid, "RTC");
    return object(
      "Staff",
      {
        name: row.nameLatin,
        role: row.role,
        agency: () => agency(row.member),
        certifications: () =>
          tree.rows.certificates
            .filter((one) => one.holderNo === holderNo)
            .map((one) =>
              object(
                "Certification",
                { skill: one.skill, validUntil: one.validUntil, holder: () => staff(uid) },
                { ownedBy: [one.member] },
              ),
            ),
      },
      { uid: row.uid },
    );
  };

  return { agency, order, staff };
}
