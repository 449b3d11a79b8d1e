/** README.md, walked through as a newcomer does it: its commands, what they print, its picture, its client, its table. */
import { access, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askForPicture } from "../../scripts/overview-answers.ts";
import { drawOverview } from "../../scripts/overview-picture.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { type Clone, makeClone } from "../support/clone.ts";
import { openShell, type Shell } from "./shell.ts";
import { walk } from "./walk.ts";

const README = join(PACKAGE_ROOT, "README.md");
const PICTURE = join(PACKAGE_ROOT, "docs/overview.svg");

let clone: Clone;
let shell: Shell;
let readme: string;
beforeAll(async () => {
  readme = await readFile(README, "utf8");
  clone = await makeClone();
  shell = await openShell(clone.directory);
});
afterAll(async () => {
  await shell?.close();
  await clone?.remove();
});

const tokenOf = async (role: string): Promise<string> =>
  (await shell.run(`npm run -s ihala -- token --role ${role}`)).out.trim();

describe("README.md", () => {
  it("draws the sandbox's own answers, at least six agencies' in one of them", async () => {
    await shell.start();
    const picture = drawOverview(await askForPicture(shell.url, tokenOf));
    await expect(picture).toMatchFileSnapshot(PICTURE);
    expect(picture).toContain("PROSECUTION, from 7 agencies");
  });

  it("shows commands that work, and what they print", { timeout: 120_000 }, async () => {
    await expect(await walk(readme, { directory: clone.directory, shell })).toMatchFileSnapshot(README);
    const { out } = await shell.run(
      "echo '{ case(nrmNumber: \"N\") { nrmNumber victim { person { nameLatin { full } } } } }' | npm run -s ihala -- plan --role NGO.caseworker --issue",
    );
    expect(out).toContain("epc_spine (EPC)");
    expect(out).not.toContain("(IGA)");
  });

  it("has a client that tells a refusal from a case that is not there", async () => {
    const client = "npx node examples/client/overview.ts";
    const refused = await shell.run(`TOKEN=nonsense ${client}`);
    expect(refused.out).toBe("");
    expect(refused.err).toContain("UNAUTHENTICATED: ");
    const judge = "TOKEN=$(npm run -s ihala -- token --role CRT.judge)";
    const unknown = await shell.run(`${judge} ${client} ADJUDICATION NRM-2024-000000-X`);
    expect(unknown.out).toBe("no case NRM-2024-000000-X for this reader\n");
  });

  it("lists every command, and none that there is not", async () => {
    const { out } = await shell.run("npm run -s ihala -- --help");
    const offered = [...out.slice(out.indexOf("Commands:")).matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
    const listed = [...readme.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(new Set(listed)).toEqual(new Set(offered.filter((name) => name !== "help")));
  });
});

it.each(["README.md", "docs/joining.md"])("%s has no link that leads nowhere", async (file) => {
  const text = await readFile(join(PACKAGE_ROOT, file), "utf8");
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g), ...text.matchAll(/src="([^"]+)"/g)];
  expect(links.length).toBeGreaterThan(2);
  for (const [, link = ""] of links)
    await expect(access(join(PACKAGE_ROOT, dirname(file), link)), link).resolves.toBeUndefined();
});
