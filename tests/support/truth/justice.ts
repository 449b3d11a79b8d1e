/** Police, prosecution, courts and what was awarded. */
import type * as R from "../../../sandbox/synth/types.ts";
import type { Tree } from "./tree.ts";
import { type Fields, object, objects, pick, pickOrNull, type TrueObject } from "./true-object.ts";

export function justice(tree: Tree) {
  const suspectOf = (agencyCode: string, ref: string, personRef: string, fields: Fields): TrueObject => {
    const uid = tree.keys.uidOf("Suspect", agencyCode, ref);
    const police = tree.rows.suspects.get(tree.keys.at("Suspect", uid, "MOI") ?? "");
    return object(
      "Suspect",
      {
        ...pickOrNull(police, ["perpetratorRoles", "perpetratorDetails"]),
        person: () => tree.person(tree.keys.uidOf("Person", agencyCode, personRef)),
        ...fields,
      },
      { uid },
    );
  };

  const defendant = (agencyCode: string, { ref, personRef, role }: R.DefendantRow): TrueObject =>
    suspectOf(agencyCode, ref, personRef, { role });

  const investigation = (number: string): TrueObject | null => {
    const row = tree.rows.investigations.get(number);
    if (!row) return null;
    return object("Investigation", {
      ...row,
      suspects: () =>
        objects(row.suspects, ({ ref, personRef, role }) => suspectOf("MOI", ref, personRef, { role })),
    });
  };

  const prosecution = (number: string): TrueObject | null => {
    const row = tree.rows.prosecutions.get(number);
    if (!row) return null;
    return object("Prosecution", {
      ...row,
      charges: () =>
        objects(row.charges, (one) =>
          object("Charge", { article: one.article, defendant: () => defendant("PPO", one.defendant) }),
        ),
    });
  };

  const trial = (number: string): TrueObject | null => {
    const row = tree.rows.trials.get(number);
    if (!row) return null;
    return object("Trial", {
      ...row,
      verdicts: () =>
        objects(row.verdicts, (one) =>
          object("Verdict", { ...one, defendant: () => defendant("CRT", one.defendant) }),
        ),
    });
  };

  const award = ({ ref, source, amount }: R.CrtCompensationRow): TrueObject => {
    const uid = tree.keys.uidOf("Compensation", "CRT", ref);
    const paidOn = tree.rows.fund.get(tree.keys.at("Compensation", uid, "NCC") ?? "")?.paidOn ?? null;
    return object("Compensation", { source, amount, paidOn }, { uid });
  };

  const fundGrants = (caseRef: string): readonly TrueObject[] =>
    [...tree.world.ncc.fund]
      .filter((row) => row.caseRef === caseRef && row.kind === "grant")
      .map((row) =>
        object("Compensation", pick(row, ["source", "amount", "paidOn"]), {
          uid: tree.keys.uidOf("Compensation", "NCC", row.ref),
        }),
      );

  return { award, fundGrants, investigation, prosecution, trial };
}
