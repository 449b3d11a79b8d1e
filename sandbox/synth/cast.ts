/**
 * Finds the cast in a world: the scripted cases by name, and the staff to ask with.
 *
 * In     a world of any scale; the cast is the same in each (`cast-script.ts` says who sees what).
 * Out    `cases[name]` (index, uid, number, victim), `workers` without a case, and staff by role.
 * Note   an agency that can see no case has no work: its first member of staff stands in.
 * Errors a RangeError for a role or member that the directory does not have.
 */
import { CAST_WORKERS } from "./cast-people.ts";
import { CAST, type CastName } from "./cast-script.ts";
import type { AgencyCode, Skill } from "./codes.ts";
import { createContext } from "./context.ts";
import { permitNo } from "./labour.ts";
import { addressOf, INDIAN_EMBASSY, JORDAN_NRM, MEMBERS } from "./members.ts";
import { personName } from "./names.ts";
import { person, residenceKey } from "./people.ts";
import { planOf } from "./plan.ts";
import { placeOf } from "./population.ts";
import { personUid, victimOfCase } from "./subjects.ts";
import type { CaseSpineRow, StaffRow } from "./types.ts";
import type { World } from "./world.ts";

export interface CastCase {
  readonly name: CastName;
  readonly scenarios: readonly string[];
  /** Who sees what, in words. */
  readonly sees: string;
  readonly index: number;
  readonly uid: string;
  readonly nrmNumber: string;
  readonly victim: CastPersonKeys;
  readonly spine: CaseSpineRow;
}
export interface CastPersonKeys {
  readonly n: number;
  readonly uid: string;
  readonly cpr: string | null;
  readonly residenceKey: string;
  readonly passport: string;
  readonly nationality: string;
  readonly nameLatin: string;
  /** Of workers; null for visitors. */
  readonly permitNo: string | null;
}
export interface Cast {
  readonly cases: Readonly<Record<CastName, CastCase>>;
  /** Workers beside the victim of `presumedWorker`, same shape, no case. `disputed`: hold on for a labour dispute. */
  readonly workers: { readonly disputed: CastPersonKeys; readonly plain: CastPersonKeys };
  /** Staff of a role at a member (default: `defaultMember`), in order. */
  staffOf(role: string, member?: string): readonly StaffRow[];
  /** The first of them who is on a case that the role can see; else the first. */
  firstWithWork(role: string, member?: string): StaffRow;
  /** One of them who holds all of these validly, one with work if there is; undefined if nobody does. */
  staffWithCertificates(role: string, certificates: readonly Skill[], member?: string): StaffRow | undefined;
}

/** The member that a role is asked for when none is named. */
export function defaultMember(role: string): string {
  const foreign: Readonly<Record<string, string>> = {
    "EXT.foreignNrm": JORDAN_NRM,
    "EXT.intlObserver": "UN/EXT/UNODC/stats",
  };
  const agency = role.slice(0, role.indexOf(".")) as AgencyCode;
  if (!MEMBERS.some((member) => member.agency === agency))
    throw new RangeError(`no agency has the role \`${role}\``);
  return agency === "EXT" ? (foreign[role] ?? INDIAN_EMBASSY) : addressOf(agency);
}

export function createCast(world: World): Cast {
  const directory = [...world.staff];
  const busyAt = new Map<string, ReadonlySet<string>>();
  const staffOf = (role: string, member = defaultMember(role)): readonly StaffRow[] =>
    directory.filter((row) => row.role === role && row.member === member);
  const working = (role: string, member?: string): readonly StaffRow[] => {
    const staff = staffOf(role, member);
    const first = staff[0];
    if (!first)
      throw new RangeError(`nobody has the role \`${role}\` at \`${member ?? defaultMember(role)}\``);
    const busy = busyAt.get(first.member) ?? onCases(world, first.member);
    busyAt.set(first.member, busy);
    const withWork = staff.filter(({ staffId }) => busy.has(staffId));
    return withWork.length > 0 ? withWork : [first];
  };
  return {
    cases: Object.fromEntries(
      CAST.map((entry, index) => [entry.name, castCase(world, index)]),
    ) as Cast["cases"],
    workers: { disputed: keysOf(world, CAST_WORKERS.disputed), plain: keysOf(world, CAST_WORKERS.plain) },
    staffOf,
    firstWithWork: (role, member) => working(role, member)[0]!,
    staffWithCertificates: (role, certificates, member) => {
      const able = [...working(role, member), ...staffOf(role, member)];
      return able.find((row) => certificates.every((skill) => holds(world, directory.indexOf(row), skill)));
    },
  };
}

function castCase(world: World, index: number): CastCase {
  const { name, scenarios, sees } = CAST[index]!;
  const spine = world.epc.spine.row(index);
  const { n } = victimOfCase(contextOf(world), planOf(contextOf(world), index));
  return {
    name,
    scenarios,
    sees,
    index,
    uid: spine.uid,
    nrmNumber: spine.nrmNumber,
    victim: keysOf(world, n),
    spine,
  };
}

function keysOf(world: World, n: number): CastPersonKeys {
  const ctx = contextOf(world);
  const who = person(ctx, n);
  const worker = placeOf(n).kind === "worker";
  return {
    n,
    uid: personUid(ctx, n),
    cpr: who.cpr,
    residenceKey: residenceKey(who),
    passport: who.passport,
    nationality: who.nationality,
    nameLatin: personName(who.names, "latin").full,
    permitNo: worker ? permitNo(n) : null,
  };
}

/** Staff of a member who are on a case that no overlay closes to them. */
function onCases(world: World, member: string): ReadonlySet<string> {
  const open = [...world.epc.spine].filter(({ overlays }) => !overlays.officialSuspect.includes(member));
  return new Set(
    open.flatMap(({ assignments, overlays }) =>
      assignments
        .filter((row) => row.member === member && !overlays.staffConflict.includes(row.staffId))
        .map(({ staffId }) => staffId),
    ),
  );
}

function holds(world: World, staff: number, skill: Skill): boolean {
  const { holderNo } = world.rtc.holders.row(staff);
  return [...world.rtc.certificates].some(
    (row) => row.holderNo === holderNo && row.skill === skill && row.validUntil > "2099",
  );
}

const contextOf = ({ seed, scale }: World) => createContext(seed, scale, false);
