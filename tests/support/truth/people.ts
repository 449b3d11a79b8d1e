/** Parties of a case, and people as every register knows them. */
import type * as R from "../../../sandbox/synth/types.ts";
import type { Tree } from "./tree.ts";
import { type Fields, object, pick, pickOrNull, type TrueObject, value } from "./true-object.ts";

export function people(tree: Tree) {
  const party = (spine: R.CaseSpineRow, row: R.CasePartyRow): TrueObject =>
    object(
      "CaseParty",
      {
        ...pick(row, ["role", "code", "from", "until", "documentsHeldBy", "traffickingStatus"]),
        ...pick(row, ["statusDecidedBy", "ageWhenTrafficked", "relationshipToTrafficker", "isChild"]),
        person: () => person(row.person),
        case: () => tree.caseAt(spine.index),
        ...careOf(row.uid),
      },
      { uid: row.uid },
    );

  const careOf = (uid: string): Fields => {
    const careNo = tree.keys.at("CaseParty", uid, "MOSD");
    const decision = careNo === undefined ? undefined : tree.rows.statusDecisions.get(careNo);
    const societies = tree.keys.allAt("CaseParty", uid, "NGO");
    const records = tree.rows.assistance.filter((row) =>
      societies.some(({ member, key }) => member === row.member && key === row.code),
    );
    return {
      statusDecision: () =>
        value("StatusDecision", decision && pick(decision, ["status", "decidedOn", "reasons"])),
      careRecords:
        careNo === undefined
          ? null
          : tree.rows.care
              .filter((row) => row.careNo === careNo)
              .map((row) => pick(row, ["kind", "on", "summary"])),
      assistance: societies.length === 0 ? null : records.map((row) => pick(row, ["kind", "on", "summary"])),
    };
  };

  const person = (uid: string): TrueObject => {
    const cpr = tree.keys.at("Person", uid, "IGA");
    const atIga = cpr === undefined ? undefined : tree.rows.iga.get(cpr);
    const atNpra = tree.rows.npra.get(tree.keys.at("Person", uid, "NPRA") ?? "");
    const atEpc = tree.rows.epcPersons.get(uid);
    const atLmra = tree.rows.workersByCpr.get(tree.keys.at("Person", uid, "LMRA") ?? "");
    const travel = tree.rows.ppoPersons.get(tree.keys.at("Person", uid, "PPO") ?? "")?.travelOrder;
    const deportation = tree.rows.crtPersons.get(tree.keys.at("Person", uid, "CRT") ?? "")?.deportationOrder;
    const names = [
      "cpr",
      "nameAr",
      "nameLatin",
      "birthDate",
      "ageBand",
      "isChild",
      "gender",
      "citizenships",
    ] as const;
    return object(
      "Person",
      {
        ...pickOrNull(atIga, [...names, "maritalStatus", "deceased", "address"]),
        ...pickOrNull(atEpc, [
          "aliases",
          "primaryLanguage",
          "otherLanguages",
          "numberOfChildren",
          "education",
        ]),
        safeContact: atEpc?.safeContact ?? null,
        mobilePhone: atLmra?.mobilePhone ?? null,
        worker: () => (atLmra ? tree.worker(atLmra) : null),
        passports: () =>
          atNpra?.passports.map((row) => value("Passport", pick(row, ["country", "number", "expiresOn"]))) ??
          null,
        residence: atNpra?.residence ?? null,
        arrivals: atNpra?.movements ?? null,
        protectionHold: atNpra?.protectionHold ?? null,
        travelOrder: () => tree.order(travel),
        deportationOrder: () => tree.order(deportation),
        caseParties: () => partiesOf(uid),
      },
      { uid },
    );
  };

  const partiesOf = (uid: string): readonly TrueObject[] =>
    tree.rows.spines
      .filter((spine) => tree.issue === null || spine.index === tree.issue)
      .flatMap((spine) => spine.parties.filter((row) => row.person === uid).map((row) => party(spine, row)));

  return { party, person };
}
