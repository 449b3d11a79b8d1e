/** Writes `policies/schema.cedarschema` from the domain tables. A test in `tests/policy/` fails when it drifts. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/config/package-root.ts";
import { cedarSchema } from "../src/policy/cedar-schema.ts";
import { loadDomain } from "../src/policy/domain.ts";

writeFileSync(join(PACKAGE_ROOT, "policies/schema.cedarschema"), cedarSchema(loadDomain()));
