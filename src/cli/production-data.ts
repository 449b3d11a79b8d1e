/**
 * The data directory of a gateway that serves production, for commands that use its keys: they must be the gateway's own, not made for the occasion.
 *
 * Errors  CONFIG_INVALID when nothing has served from it yet; those of the data directory.
 */
import type { Config } from "../config/config.ts";
import { type DataDirectory, lookIntoDataDirectory, modeOf } from "../config/data-directory.ts";
import { GatewayError } from "../kernel/errors.ts";

export async function productionData({ data }: Config): Promise<DataDirectory> {
  if ((await modeOf(data)) === null)
    throw new GatewayError("CONFIG_INVALID", `no gateway has served from \`${data}\` yet: start it first`);
  return lookIntoDataDirectory(data, "production");
}
