/**
 * `ihala serve`: production, against the agencies, the ledger and the database that the configuration names.
 *
 * Errors  PRODUCTION_REFUSED with every reason at once; those of a start. A configuration that is read again is held to the same:
 *         one that must not serve production is refused, and what is in force stays.
 */
import type { Config } from "../config/config.ts";
import type { ConfigSource } from "../config/load.ts";
import { GatewayError } from "../kernel/errors.ts";
import { readPolicyFiles } from "../policy/policy-files.ts";
import type { Log } from "../telemetry/log.ts";
import { policyDirectory } from "./folders.ts";
import { productionProblems } from "./production.ts";
import { startProductionGateway } from "./production-gateway.ts";
import { type Serving, startServing } from "./serving.ts";

export async function startServe(config: Config, source: ConfigSource, log: Log): Promise<Serving> {
  await checkProduction(config);
  return startServing({
    ...{ config, log, mode: "production" },
    source: { ...source, read: async () => checkProduction(await source.read()) },
    start: (parts) => startProductionGateway(config, parts),
  });
}

/** The configuration itself, when there is nothing against it. */
async function checkProduction(config: Config): Promise<Config> {
  const problems = await productionProblems(config, await readPolicyFiles(policyDirectory(config)));
  if (problems.length === 0) return config;
  throw new GatewayError("PRODUCTION_REFUSED", "this configuration must not serve production", { problems });
}
