/** Folders of schema and policies: the ones that ship, unless the configuration names others. */
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { PACKAGE_ROOT } from "../config/package-root.ts";

export const schemaDirectory = ({ schema }: Config): string =>
  schema.directory ?? join(PACKAGE_ROOT, "schema");

/** Where policies are, and the tables that they are compiled against. */
export const policySource = (config: Config) => ({
  policiesDir: policyDirectory(config),
  schemaDir: schemaDirectory(config),
});

export const policyDirectory = ({ policy }: Config): string =>
  policy.directory ?? join(PACKAGE_ROOT, "policies");
