/**
 * The row facts of domain rules §1 for one member of staff, folded straight from rows of the synthetic world.
 *
 * Independent of the ledger and of `src/policy/facts.ts`: times are those of the oracle, where `now` is 1000.
 */
import type { CaseSpineRow } from "../../sandbox/synth/types.ts";
import type { World } from "../../sandbox/synth/world.ts";
import type { OracleRow } from "./rules-oracle.ts";

export interface StaffReader {
  readonly agency: string;
  readonly purpose: string;
  readonly member: string;
  readonly staff: string;
}

const LATER = 2000;
const EARLIER = 500;
const NOW = Date.now();
const inTime = (instant: string | null): number =>
  instant === null || Date.parse(instant) > NOW ? LATER : EARLIER;

export interface WorldFacts {
  /** A row that the case leads to. */
  ofCase(spine: CaseSpineRow, reader: StaffReader): OracleRow;
  /** A row that no case leads to; `person` is the one it is about, null where there is none. */
  ofRegister(person: string | null, reader: StaffReader): OracleRow;
}

export function createWorldFacts(world: World): WorldFacts {
  const spines = [...world.epc.spine];
  const children = new Set([...world.epc.persons].flatMap(({ uid, isChild }) => (isChild ? [uid] : [])));
  const holders = new Map([...world.rtc.holders].map(({ holderNo, staffId }) => [holderNo, staffId]));
  const valid = [...world.rtc.certificates].filter(({ validUntil }) => inTime(validUntil) === LATER);
  const certificates = Map.groupBy(valid, ({ holderNo }) => holders.get(holderNo));
  const certificatesOf = (staff: string): string[] =>
    (certificates.get(staff) ?? []).map(({ skill }) => skill);
  return {
    ofCase: (spine, reader) => ({ ...caseFacts(spine, reader), certificates: certificatesOf(reader.staff) }),
    ofRegister: (person, { member, staff }) => {
      const cases = spines.filter(({ parties }) => parties.some((party) => party.person === person));
      return {
        caseBound: false,
        child: person !== null && children.has(person),
        officialSuspect: cases.some(({ overlays }) => overlays.officialSuspect.includes(member)),
        staffConflict: cases.some(({ overlays }) => overlays.staffConflict.includes(staff)),
        certificates: certificatesOf(staff),
      };
    },
  };
}

function caseFacts(spine: CaseSpineRow, { agency, purpose, member, staff }: StaffReader): OracleRow {
  const { overlays, referrals, consents, assignments } = spine;
  const ofMember = assignments.filter((row) => row.member === member);
  const onCase = (side: "owner" | "receiver"): boolean =>
    ofMember.some((row) => row.side === side && row.staffId === staff);
  const received = referrals
    .filter(({ to }) => to === member)
    .map(({ status, expiresAt, purpose: of, grantedGroups, basis }) => ({
      ...{ status, expiresAt: inTime(expiresAt), purpose: of, groups: [...grantedGroups], basis },
    }));
  const read = received.findLast(
    ({ status, expiresAt, purpose: of }) => status === "ACCEPTED" && expiresAt === LATER && of === purpose,
  );
  return {
    owner: onCase("owner"),
    // "One of the staff whom the receiving agency put on the case"; true when it has said nothing.
    assigned: !ofMember.some(({ side }) => side === "receiver") || onCase("receiver"),
    referrals: received,
    consents: consents
      .filter(({ replacedBy, recipients }) => replacedBy === null && recipients.includes(member))
      .map(({ status, validUntil, fieldGroups }) => ({
        ...{ status, validUntil: inTime(validUntil), recipients: [agency], groups: [...fieldGroups] },
      })),
    ...(read ? { basis: read.basis } : {}),
    ...{ charged: overlays.charged, courtGroups: [...overlays.courtGroups] },
    ...{ child: overlays.child, sealed: overlays.sealed },
    officialSuspect: overlays.officialSuspect.includes(member),
    staffConflict: overlays.staffConflict.includes(staff),
  };
}
