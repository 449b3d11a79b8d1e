/**
 * `ihala token`: one access token for the running sandbox.
 *
 * In      a role of the domain, `<AGENCY>.securityOfficer` or `dataSubject`; optionally member, staff, certificates, subject.
 * Out     the token. Without `--staff` the first of the role who has work; with `--certificates` somebody who holds them all,
 *         by the training centre's register: a certificate is never a claim.
 * Errors  BAD_USER_INPUT with what there is instead; CONFIG_INVALID when no sandbox was started in the data directory.
 */
import { readFile } from "node:fs/promises";
import { openIssuer } from "../../sandbox/issuer/issuer.ts";
import { createCast, defaultMember } from "../../sandbox/synth/cast.ts";
import type { Skill } from "../../sandbox/synth/codes.ts";
import type { StaffRow } from "../../sandbox/synth/types.ts";
import { createWorld } from "../../sandbox/synth/world.ts";
import type { Config } from "../config/config.ts";
import { type DataDirectory, lookIntoDataDirectory } from "../config/data-directory.ts";
import { readDomain } from "../config/domain.ts";
import { DATA_SUBJECT, type Role, type Roles, rolesOf } from "../identity/roles.ts";
import { GatewayError } from "../kernel/errors.ts";
import { schemaDirectory } from "./folders.ts";
import type { WorldSource } from "./parts.ts";
import { WORLD_FILE } from "./stores.ts";
import { suggest } from "./suggest.ts";

export interface TokenOptions {
  readonly role: string;
  readonly member?: string;
  readonly staff?: string;
  readonly certificates?: readonly string[];
  readonly subject?: string;
}

const SKILLS: readonly Skill[] = [
  "SCREENING_L1",
  "SCREENING_L2",
  "INTERVIEW_CHILD",
  "STATEMENT_TAKING",
  "SAFEGUARDING",
  "DATA_PROTECTION",
];

export async function tokenFor(config: Config, options: TokenOptions): Promise<string> {
  const role = knownRole(rolesOf(await readDomain(schemaDirectory(config))), options.role);
  const data = await lookIntoDataDirectory(config.data, "sandbox");
  const world = await startedWorld(data);
  const issuer = await openIssuer(data);
  const reader = role.id === DATA_SUBJECT ? subjectOf(options) : staffOf(config, world, role, options);
  return issuer.mintToken({ role: role.id, ...reader, assurance: role.assurance });
}

function knownRole(roles: Roles, name: string): Role {
  const role = roles.get(name);
  if (role) return role;
  throw refused(
    `there is no role \`${name}\`${suggest(name, roles.keys())}; the roles are ${[...roles.keys()].join(", ")}`,
  );
}

async function startedWorld(data: DataDirectory): Promise<WorldSource> {
  try {
    return JSON.parse(await readFile(data.file(WORLD_FILE), "utf8")) as WorldSource;
  } catch (cause) {
    const message = `no sandbox was started in \`${data.path}\`: start one with \`npm start\``;
    throw new GatewayError("CONFIG_INVALID", message, { cause });
  }
}

function subjectOf({ subject, staff, certificates, member }: TokenOptions) {
  if (subject === undefined)
    throw refused("the role `dataSubject` needs `--subject`, the person who reads their own data");
  if (staff !== undefined || certificates !== undefined || member !== undefined)
    throw refused("the role `dataSubject` takes `--subject` alone");
  return { member: "", staff: subject };
}

function staffOf(config: Config, source: WorldSource, role: Role, options: TokenOptions) {
  if (options.subject !== undefined) throw refused("`--subject` is for the role `dataSubject`");
  const member = memberOf(config, role, options.member);
  const { staffId } = pickStaff(source, role, member, options);
  return { member, staff: staffId };
}

function memberOf({ agencies }: Config, role: Role, named: string | undefined): string {
  const members =
    agencies.find(({ code }) => code === role.agency)?.members.map(({ address }) => address) ?? [];
  const member = named ?? defaultMember(role.id);
  if (members.includes(member)) return member;
  throw refused(
    `\`${member}\` is no member of ${role.agency}${suggest(member, members)}; its members are ${members.join(", ")}`,
  );
}

function pickStaff(
  source: WorldSource,
  role: Role,
  member: string,
  { staff, certificates }: TokenOptions,
): StaffRow {
  const cast = createCast(createWorld(source));
  const directory = cast.staffOf(role.id, member);
  const ids = directory.map(({ staffId }) => staffId);
  if (directory.length === 0) throw refused(`nobody has the role \`${role.id}\` at \`${member}\``);
  if (staff !== undefined && certificates !== undefined)
    throw refused("`--certificates` picks a member of staff: leave `--staff` out");
  if (staff !== undefined) {
    const named = directory.find(({ staffId }) => staffId === staff);
    if (named) return named;
    throw refused(
      `\`${staff}\` has not the role \`${role.id}\` at \`${member}\`; those who have it are ${ids.join(", ")}`,
    );
  }
  if (certificates === undefined) return cast.firstWithWork(role.id, member);
  const able = cast.staffWithCertificates(role.id, certificates.map(knownSkill), member);
  if (able) return able;
  throw refused(`nobody in the role \`${role.id}\` at \`${member}\` holds ${certificates.join(" and ")}`);
}

function knownSkill(name: string): Skill {
  const skill = SKILLS.find((one) => one === name);
  if (skill) return skill;
  throw refused(
    `there is no certificate \`${name}\`${suggest(name, SKILLS)}; the certificates are ${SKILLS.join(", ")}`,
  );
}

const refused = (message: string) => new GatewayError("BAD_USER_INPUT", message);
