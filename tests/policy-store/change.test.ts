/** Who must agree: when policies are links of a template, which count like policies that are written out, and when less is owed. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { changeOf } from "../../src/policy-store/change.ts";
import { compileContent } from "../../src/policy-store/compiled.ts";
import { readContent } from "../../src/policy-store/content.ts";
import { ownersOf } from "../../src/policy-store/owners.ts";
import { DOMAIN } from "../policy/shipped.ts";
import { folderWith, officer } from "./tools.ts";

const SCHEMA = join(PACKAGE_ROOT, "schema");
const TEMPLATE = `@id("no-arabic-name")
@title("Known by code")
@legalBasis("R1")
@owner("NGO")
forbid (
  principal in ?principal,
  action == Action::"Person.nameAr",
  resource
);
`;
const linksOwnedBy = (owner: string) =>
  `- id: NGO.linked\n  template: no-arabic-name\n  principal: Agency::"NGO"\n  owner: ${owner}\n`;

const compiledWith = async (links: string | null) =>
  compileContent(
    await readContent(
      await folderWith({ "names.cedar": TEMPLATE, ...(links && { "names.links.yaml": links }) }),
    ),
    DOMAIN,
  );

it("compares what links make, and asks the owner whom a link names before it is passed to another", async () => {
  const owners = await ownersOf(SCHEMA, DOMAIN);
  const [without, mine, theirs] = await Promise.all([
    compiledWith(null),
    compiledWith(linksOwnedBy("NGO")),
    compiledWith(linksOwnedBy("PPO")),
  ]);
  expect(mine.policySet.policies.map(({ id }) => id)).toContain("NGO.linked");
  const ngo = officer("NGO");
  const linked = await changeOf(without, mine, owners, ngo);
  expect([linked.widens, linked.needs, linked.diff.added]).toEqual([false, [], ["NGO.linked"]]);
  const unlinked = await changeOf(mine, without, owners, ngo);
  expect([unlinked.widens, unlinked.needs]).toEqual([true, ["IGA"]]);
  const taken = await changeOf(theirs, mine, owners, ngo);
  expect([taken.diff.changes, taken.widens, taken.needs]).toEqual([[], false, ["PPO"]]);
}, 180_000);

it("asks the owners of fields before less is owed for what is shown of them, and nobody before more is", async () => {
  const owners = await ownersOf(SCHEMA, DOMAIN);
  const contentOwing = async (obligations: string | null) => {
    const folder = await folderWith({});
    const file = join(folder, "ngo", "person.cedar");
    const line = '@obligations("NO_REDISCLOSURE DELETE_AFTER(30d)")\n';
    const text = await readFile(file, "utf8");
    expect(text).toContain(line);
    await writeFile(file, text.replace(line, obligations === null ? "" : `@obligations("${obligations}")\n`));
    return compileContent(await readContent(folder), DOMAIN);
  };
  const [shipped, less, more] = await Promise.all(
    [
      "NO_REDISCLOSURE DELETE_AFTER(30d)",
      "DELETE_AFTER(30d)",
      "NO_REDISCLOSURE NO_EXPORT DELETE_AFTER(7d)",
    ].map(contentOwing),
  );
  const ngo = officer("NGO");
  const lighter = await changeOf(shipped!, less!, owners, ngo);
  expect(lighter.widens).toBe(true);
  expect(lighter.needs).toEqual(expect.arrayContaining(["IGA", "LMRA", "NPRA"]));
  const heavier = await changeOf(shipped!, more!, owners, ngo);
  expect([heavier.widens, heavier.needs]).toEqual([false, []]);
}, 180_000);
