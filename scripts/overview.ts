/**
 * Writes `docs/overview.svg` from the answers of the running sandbox: `npm start`, then `npx node scripts/overview.ts`.
 *
 * Env     PORT and IHALA_DATA, as the sandbox was given them.
 */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PACKAGE_ROOT } from "../src/config/package-root.ts";
import { askForPicture } from "./overview-answers.ts";
import { drawOverview } from "./overview-picture.ts";

const run = promisify(execFile);
const token = async (role: string): Promise<string> => {
  const { stdout } = await run("npm", ["run", "-s", "ihala", "--", "token", "--role", role], {
    cwd: PACKAGE_ROOT,
  });
  return stdout.trim();
};
const url = `http://127.0.0.1:${process.env["PORT"] ?? 4000}/graphql`;
await writeFile(join(PACKAGE_ROOT, "docs/overview.svg"), drawOverview(await askForPicture(url, token)));
