/** The world's rows by the keys under which agencies hold them, each generated once. */
import type * as R from "../../../sandbox/synth/types.ts";
import type { World } from "../../../sandbox/synth/world.ts";

/** Link rows both ways. */
export function keysOf(world: World) {
  const links = [...world.links()];
  const byUid = Map.groupBy(links, ({ type, uid, agency }) => `${type}|${uid}|${agency}`);
  const byKey = new Map(links.map(({ type, agency, key, uid }) => [`${type}|${agency}|${key}`, uid]));
  return {
    at: (type: string, uid: string, agency: string): string | undefined =>
      byUid.get(`${type}|${uid}|${agency}`)?.[0]?.key,
    allAt: (type: string, uid: string, agency: string): readonly R.LinkRow[] =>
      byUid.get(`${type}|${uid}|${agency}`) ?? [],
    uidOf: (type: string, agency: string, key: string): string => {
      const uid = byKey.get(`${type}|${agency}|${key}`);
      if (uid === undefined) throw new Error(`no link row: ${type} ${key} at ${agency}`);
      return uid;
    },
  };
}

function by<Row, Key>(rows: Iterable<Row>, keyOf: (row: Row) => Key): ReadonlyMap<Key, Row> {
  return new Map([...rows].map((row) => [keyOf(row), row]));
}

export function indexOf({ iga, lmra, npra, epc, moi, ppo, crt, mosd, ngo, ext, ncc, rtc, staff }: World) {
  const investigations = by(moi.investigations, ({ policeNumber }) => policeNumber);
  return {
    iga: by(iga.persons, ({ cpr }) => cpr),
    npra: by(npra.persons, ({ key }) => key),
    returns: by(npra.returns, ({ key }) => key),
    epcPersons: by(epc.persons, ({ uid }) => uid),
    workersByCpr: by(lmra.workers, ({ cpr }) => cpr),
    contracts: [...lmra.contracts],
    wages: [...lmra.wageMonths],
    employments: [...lmra.employments],
    complaints: [...lmra.complaints],
    leftWork: [...lmra.leftWork],
    inspections: [...lmra.inspections],
    riskSignals: [...lmra.riskSignals],
    employers: by(lmra.employers, ({ employerNo }) => employerNo),
    moiCases: by(moi.cases, ({ ref }) => ref),
    investigations,
    suspects: by(
      [...investigations.values()].flatMap(({ suspects }) => suspects),
      ({ ref }) => ref,
    ),
    ppoCases: by(ppo.cases, ({ ref }) => ref),
    prosecutions: by(ppo.prosecutions, ({ number }) => number),
    ppoPersons: by(ppo.persons, ({ ref }) => ref),
    crtCases: by(crt.cases, ({ ref }) => ref),
    trials: by(crt.trials, ({ courtNumber }) => courtNumber),
    crtPersons: by(crt.persons, ({ ref }) => ref),
    crtEmployers: by(crt.employers, ({ ref }) => ref),
    statusDecisions: by(mosd.statusDecisions, ({ careNo }) => careNo),
    licences: by(mosd.licences, ({ licenceNo }) => licenceNo),
    transnational: by(ext.transnational, ({ ref }) => ref),
    care: [...mosd.care],
    assistance: [...ngo.assistance],
    certificates: [...rtc.certificates],
    spines: [...epc.spine],
    fund: by(ncc.fund, ({ ref }) => ref),
    staff: by(staff, ({ uid }) => uid),
  };
}
