/**
 * `ihala agency suspend` and `ihala agency resume`: an agency, or one member of it, is asked no more and may not ask, on any replica,
 * from the next request on; and is again.
 *
 * In      code; the member, where not the whole agency is meant; why, for those who look later.
 * Out     one line, when every replica that runs has heard of it or looked for it; and one for each suspension of a member that
 *         stays when its agency is resumed, or of the agency when a member is.
 * Errors  BAD_USER_INPUT for an agency or member that is none, or a reason that is none; CONFIG_INVALID without a database.
 */
import { userInfo } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config/config.ts";
import { KNOWN_EVERYWHERE_MS } from "../connectors/followed-rows.ts";
import { createSuspensions, type Suspended } from "../connectors/suspensions.ts";
import { GatewayError } from "../kernel/errors.ts";
import { withGatewayDatabase } from "./gateway-database.ts";
import { namedAgency, namedMember } from "./named-member.ts";
import type { Terminal } from "./terminal.ts";

export interface SuspendOptions {
  readonly member?: string;
  readonly reason?: string;
}

/** One line of a terminal, without what moves its cursor. */
const REASON = /^[^\p{C}\p{Zl}\p{Zp}]{1,300}$/u;

export async function runSuspend(
  config: Config,
  code: string,
  { reason, ...options }: SuspendOptions,
  terminal: Terminal,
): Promise<number> {
  if (reason !== undefined && !REASON.test(reason))
    throw new GatewayError("BAD_USER_INPUT", "`--reason` is one line of 1 to 300 characters");
  const whom = suspendedOf(config, code, options);
  return changing(config, terminal, async (suspensions) => {
    const isChanged = await suspensions.suspend(whom, userInfo().username, reason ?? null);
    return { isChanged, line: `${nameOf(whom)}: ${isChanged ? "suspended" : "was suspended already"}` };
  });
}

export async function runResume(
  config: Config,
  code: string,
  options: Pick<SuspendOptions, "member">,
  terminal: Terminal,
): Promise<number> {
  const whom = suspendedOf(config, code, options);
  return changing(config, terminal, async (suspensions) => {
    const isChanged = await suspensions.resume(whom, userInfo().username);
    const left = (await suspensions.inForce()).filter(
      ({ agency, member }) => agency === code && (whom.member === null || member === null),
    );
    const lines = [
      `${nameOf(whom)}: ${isChanged ? "resumed" : "was not suspended"}`,
      ...left.map((other) => `${nameOf(other)} is suspended still`),
    ];
    return { isChanged, line: lines.join("\n") };
  });
}

async function changing(
  config: Config,
  terminal: Terminal,
  change: (
    suspensions: ReturnType<typeof createSuspensions>,
  ) => Promise<{ readonly isChanged: boolean; readonly line: string }>,
): Promise<number> {
  return withGatewayDatabase(config, async (pool) => {
    const suspensions = createSuspensions(pool);
    await suspensions.migrate();
    const { isChanged, line } = await change(suspensions);
    if (isChanged) await sleep(KNOWN_EVERYWHERE_MS);
    terminal.out(`${line}\n`);
    return 0;
  });
}

function suspendedOf(config: Config, code: string, { member }: Pick<SuspendOptions, "member">): Suspended {
  const { members } = namedAgency(config, code);
  if (member === undefined) return { agency: code, member: null };
  const address = namedMember(config, { agency: code, member });
  // The only member is the agency: one row, whichever way it is said.
  return { agency: code, member: members.length === 1 ? null : address };
}

const nameOf = ({ agency, member }: Suspended): string => (member === null ? agency : `\`${member}\``);
