/**
 * `ihala revoke`: the tokens of a member of staff are taken no more, by any replica, whatever the issuer says of them.
 *
 * In      agency, or member where the agency has several, and staff identifier (`sub` of their tokens); `--lift` takes it back.
 * Out     one line, when every replica that runs has heard of it or looked for it.
 * Errors  BAD_USER_INPUT for an agency or member that is none; CONFIG_INVALID without a database.
 */
import { userInfo } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config/config.ts";
import { KNOWN_EVERYWHERE_MS } from "../connectors/followed-rows.ts";
import { createRevocations } from "../connectors/revocations.ts";
import { withGatewayDatabase } from "./gateway-database.ts";
import { type AgencyName, namedMember } from "./named-member.ts";
import type { Terminal } from "./terminal.ts";

export interface RevokeOptions extends AgencyName {
  readonly staff: string;
  readonly lift?: boolean;
}

export async function runRevoke(config: Config, options: RevokeOptions, terminal: Terminal): Promise<number> {
  const { staff, lift = false } = options;
  const whom = { member: namedMember(config, options), staff };
  return withGatewayDatabase(config, async (pool) => {
    const revocations = createRevocations(pool);
    await revocations.migrate();
    const by = userInfo().username;
    const isChanged = await (lift ? revocations.lift(whom, by) : revocations.revoke(whom, by));
    if (isChanged) await sleep(KNOWN_EVERYWHERE_MS);
    terminal.out(`\`${staff}\` at \`${whom.member}\`: ${saying(lift, isChanged)}\n`);
    return 0;
  });
}

function saying(lift: boolean, isChanged: boolean): string {
  if (lift) return isChanged ? "may ask again" : "was not revoked";
  return isChanged ? "revoked" : "was revoked already";
}
