/** Cases: header, consents, referrals, events. */
import type * as R from "../../../sandbox/synth/types.ts";
import type { Tree } from "./tree.ts";
import { object, pick, SOME_TEXT, type TrueObject } from "./true-object.ts";

export function cases(tree: Tree) {
  const caseAt = (i: number): TrueObject => {
    const spine = tree.rows.spines[i] as R.CaseSpineRow;
    const content = tree.world.epc.content.row(i);
    const { uid, tracks } = spine;
    const atPolice = tree.rows.moiCases.get(tree.keys.at("Case", uid, "MOI") ?? "");
    const atProsecution = tree.rows.ppoCases.get(tree.keys.at("Case", uid, "PPO") ?? "");
    const atCourt = tree.rows.crtCases.get(tree.keys.at("Case", uid, "CRT") ?? "");
    const atFund = tree.keys.at("Case", uid, "NCC");
    const parties = (): readonly TrueObject[] => spine.parties.map((row) => tree.party(spine, row));
    return object(
      "Case",
      {
        ...pick(spine, ["nrmNumber", "openedAt", "closedAt", "closureReason", "riskLevel"]),
        identificationState: tracks.IDENTIFICATION,
        protectionState: tracks.PROTECTION,
        justiceState: tracks.JUSTICE,
        labourState: tracks.LABOUR,
        redressState: tracks.REDRESS,
        stage: SOME_TEXT,
        owner: () => tree.agency(spine.owner),
        caseWorker: () => tree.staff(spine.caseWorker),
        parties,
        victim: () => parties().find(({ fields }) => fields["role"]?.() === "VICTIM") ?? null,
        consents: () => spine.consents.map(consent),
        referrals: () => spine.referrals.map((row) => referral(spine, row)),
        timeline: () => spine.events.map(event),
        trackVersions: Object.entries(spine.trackVersions).map(([track, version]) => ({ track, version })),
        relatedCases: [],
        ...tree.contentOf(content),
        sheltered: content.sheltered,
        suspectProximity: atPolice?.suspectProximity ?? null,
        investigation: () => (atPolice ? tree.investigation(atPolice.policeNumber) : null),
        prosecution: () => (atProsecution ? tree.prosecution(atProsecution.number) : null),
        trial: () => (atCourt ? tree.trial(atCourt.courtNumber) : null),
        compensation: () => (atCourt ? atCourt.compensation.map(tree.award) : null),
        fundGrants: () => (atFund === undefined ? null : tree.fundGrants(atFund)),
      },
      { uid },
    );
  };

  const consent = (row: R.ConsentRow): TrueObject =>
    object(
      "Consent",
      { ...row, recipients: () => row.recipients.map(tree.agency) },
      { uid: row.uid, inRowsOf: row.recipients },
    );

  const referral = (spine: R.CaseSpineRow, row: R.ReferralRow): TrueObject => {
    const abroad = tree.rows.transnational.get(tree.keys.at("Referral", row.uid, "EXT") ?? "");
    return object(
      "Referral",
      {
        ...row,
        from: () => tree.agency(row.from),
        to: () => tree.agency(row.to),
        case: () => caseAt(spine.index),
        transnational: abroad
          ? pick(abroad, ["country", "mechanism", "foreignNumber", "acknowledgedAt"])
          : null,
      },
      { uid: row.uid, ownedBy: [row.from, row.to] },
    );
  };

  const event = (row: R.CaseEventRow): TrueObject =>
    object("CaseEvent", { ...row, by: () => tree.agency(row.by) });

  return { caseAt };
}
