/** `docs/joining.md`, walked through once for each of the three ways in which an agency joins. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, it } from "vitest";
import { askCase } from "../../examples/client/client.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { type Clone, makeClone } from "../support/clone.ts";
import { openShell } from "./shell.ts";
import { walk } from "./walk.ts";

const GUIDE = join(PACKAGE_ROOT, "docs/joining.md");
const QUESTION = `query($nrmNumber: CaseNumber!) {
  case(nrmNumber: $nrmNumber) { victim { person { nameLatin { full } insuredUntil } } }
}`;
const WALK_MS = 180_000;

let built: Clone;
beforeAll(async () => {
  built = await makeClone();
});
afterAll(() => built?.remove());

it.concurrent.for(["federation", "rest", "sql"])(
  "docs/joining.md is true to the letter, by %s, and policy holds for the new field as for its group",
  { timeout: WALK_MS },
  async (way, { expect }) => {
    const { directory, remove } = await built.copy();
    const shell = await openShell(directory);
    try {
      await expect(await walk(await readFile(GUIDE, "utf8"), { directory, shell, way })).toMatchFileSnapshot(
        GUIDE,
      );
      const asked = async (role: string, purpose: string) => {
        const { out } = await shell.run(`npm run -s ihala -- token --role ${role}`);
        return askCase(shell.url, { token: out.trim(), purpose }, QUESTION, "NRM-2024-251070-N");
      };
      const withDate = (insuredUntil: string | null) => ({
        case: { victim: { person: { nameLatin: { full: "Mary Vijay Reddy" }, insuredUntil } } },
      });
      const shown = await asked("PPO.prosecutor", "PROSECUTION");
      expect(shown).toMatchObject({ data: withDate("2027-03-31") });
      expect(shown?.extensions).toEqual({ obligations: expect.anything() });
      expect(await asked("NGO.caseworker", "SHELTER_CARE")).toMatchObject({
        data: withDate(null),
        extensions: { withheld: [{ path: ["case", "victim", "person", "insuredUntil"], reason: "R3" }] },
      });
      await shell.endBackground();
      expect(await asked("PPO.prosecutor", "PROSECUTION")).toMatchObject({
        data: withDate(null),
        errors: [{ extensions: { code: "AGENCY_UNAVAILABLE", agency: "HLT" } }],
      });
    } finally {
      await shell.close();
      await remove();
    }
  },
);
