/** Rewrites every policy file in the form of Cedar's formatter. A test in `tests/policies/` fails when one is not. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/config/package-root.ts";
import { formatPolicies, readPolicyFiles } from "../src/policy/compile.ts";

const folder = join(PACKAGE_ROOT, "policies");
const files = await readPolicyFiles(folder);
const formatted = await formatPolicies(files.map(({ text }) => text));
for (const [index, { file }] of files.entries()) writeFileSync(join(folder, file), formatted[index] ?? "");
