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
import { lookIntoDataDirectory } from "../config/data-directory.ts";
import { readSecret } from "../config/secret.ts";
import { createPool } from "../connectors/pg-pool.ts";
import { createRevocations, REVOCATION_POLL_MS } from "../connectors/revocations.ts";
import { GatewayError } from "../kernel/errors.ts";
import { suggest } from "./suggest.ts";
import type { Terminal } from "./terminal.ts";

export interface RevokeOptions {
  readonly agency: string;
  readonly member?: string;
  readonly staff: string;
  readonly lift?: boolean;
}

/** A replica looks within one poll; the second is for its reading. */
const EVERYWHERE_MS = REVOCATION_POLL_MS * 2;

export async function runRevoke(config: Config, options: RevokeOptions, terminal: Terminal): Promise<number> {
  const { staff, lift = false } = options;
  const whom = { member: memberOf(config, options), staff };
  // The sandbox's database goes with its process: it is refused here, by its directory.
  await lookIntoDataDirectory(config.data, "production");
  const { url } = config.database;
  if (url === undefined) throw new GatewayError("CONFIG_INVALID", "`database.url` is not configured");
  const pool = createPool({ url: await readSecret(url) });
  try {
    const revocations = createRevocations(pool);
    await revocations.migrate();
    const by = userInfo().username;
    const isChanged = await (lift ? revocations.lift(whom, by) : revocations.revoke(whom, by));
    if (isChanged) await sleep(EVERYWHERE_MS);
    terminal.out(`\`${staff}\` at \`${whom.member}\`: ${saying(lift, isChanged)}\n`);
    return 0;
  } finally {
    await pool.end();
  }
}

function saying(lift: boolean, isChanged: boolean): string {
  if (lift) return isChanged ? "may ask again" : "was not revoked";
  return isChanged ? "revoked" : "was revoked already";
}

function memberOf({ agencies }: Config, { agency, member }: RevokeOptions): string {
  const found = agencies.find(({ code }) => code === agency);
  const codes = agencies.map(({ code }) => code);
  if (!found) throw refused(`there is no agency \`${agency}\`${suggest(agency, codes)}`);
  const members = found.members.map(({ address }) => address);
  if (member === undefined && members.length > 1)
    throw refused(`${agency} has several members: say which by \`--member\`: ${members.join(", ")}`);
  const named = member ?? members[0] ?? "";
  if (members.includes(named)) return named;
  throw refused(`\`${named}\` is no member of ${agency}${suggest(named, members)}`);
}

const refused = (message: string): GatewayError => new GatewayError("BAD_USER_INPUT", message);
