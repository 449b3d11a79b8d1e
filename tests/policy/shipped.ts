/** The policies that ship, compiled once per test file. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { compilePolicies } from "../../src/policy/compile.ts";
import { type Domain, loadDomain } from "../../src/policy/domain.ts";
import type { PolicySet } from "../../src/policy/policy-set.ts";
import { SCHEMA_DIR } from "../supergraph/schema-copy.ts";

export const POLICIES_DIR = join(PACKAGE_ROOT, "policies");

export const DOMAIN: Domain = loadDomain(SCHEMA_DIR);

export const SCHEMA_TEXT = readFileSync(join(POLICIES_DIR, "schema.cedarschema"), "utf8");

let compiled: Promise<PolicySet> | undefined;

export function shippedPolicies(): Promise<PolicySet> {
  compiled ??= compilePolicies({ policiesDir: POLICIES_DIR, schemaDir: SCHEMA_DIR });
  return compiled;
}
