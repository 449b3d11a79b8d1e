/** Who must agree when policies are links of a template: they count like policies that are written out. */
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
