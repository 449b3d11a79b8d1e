/**
 * `ihala agency list`: the agencies of the configuration with their members, how each is reached, and who is suspended.
 *
 * Out     one line a member, `code kind address`, then `suspended` with when, by whom and why.
 * Errors  CONFIG_INVALID without a database.
 */
import type { Config } from "../config/config.ts";
import { createSuspensions } from "../connectors/suspensions.ts";
import { withGatewayDatabase } from "./gateway-database.ts";
import type { Terminal } from "./terminal.ts";

export async function runAgencyList(config: Config, terminal: Terminal): Promise<number> {
  return withGatewayDatabase(config, async (pool) => {
    const suspensions = createSuspensions(pool);
    await suspensions.migrate();
    const inForce = await suspensions.inForce();
    for (const { code, kind, members } of config.agencies)
      for (const { address } of members) {
        const its = inForce.find(
          ({ agency, member }) => agency === code && (member === null || member === address),
        );
        const why = its && ["suspended", its.at.toISOString(), `by ${its.by}`, its.reason ?? ""];
        terminal.out(`${[code, kind, address, ...(why ?? [])].filter((word) => word !== "").join("  ")}\n`);
      }
    return 0;
  });
}
