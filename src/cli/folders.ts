/** Folders of schema and policies: the ones that ship, unless the configuration names others. */
import { join } from "node:path";
import { besideConfig, type LoadedConfig } from "../config/load.ts";
import { PACKAGE_ROOT } from "../config/package-root.ts";

export function schemaDirectory({ config, file }: LoadedConfig): string {
  const { directory } = config.schema;
  return directory === undefined ? join(PACKAGE_ROOT, "schema") : besideConfig(file, directory);
}

export function policyDirectory({ config, file }: LoadedConfig): string {
  const { directory } = config.policy;
  return directory === undefined ? join(PACKAGE_ROOT, "policies") : besideConfig(file, directory);
}
