/**
 * A4: a directive that `@link` gives another name is enforced all the same. The national supergraph, under names of another
 * composer's choice, hides, labels and serves exactly what it does under ours, and what it breaks is refused as before.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeSupergraphProblems, loadSupergraph } from "../../src/supergraph/load.ts";
import { finishedSupergraph } from "../supergraph/finished-supergraph.ts";
import { SCHEMA_DIR } from "../supergraph/schema-copy.ts";

const IMPORTS = '["@group", "@class", "@owner", "@label", "@policyInput", "@computed", "@filters"]';
const RENAMES: readonly (readonly [from: string | RegExp, to: string])[] = [
  [/join__/g, "served__"],
  ['join/v0.5"', 'join/v0.5", as: "served"'],
  [/@inaccessible/g, "@hidden"],
  ['inaccessible/v0.2"', 'inaccessible/v0.2", as: "hidden"'],
  [/@(group|class|policyInput|filters)\b/g, "@p_$1"],
  [
    IMPORTS.replace(/@(group|class|policyInput|filters)\b/g, "@p_$1"),
    IMPORTS.replace(/"@(group|class|policyInput|filters)"/g, '{ name: "@$1", as: "@p_$1" }'),
  ],
];

const renamed = (sdl: string): string =>
  RENAMES.reduce((text, [from, to]) => {
    const next = text.replace(from, to);
    if (next === text) throw new Error(`nothing to rename: ${from}`);
    return next;
  }, sdl);

it("hides, labels and serves the same under other names", async () => {
  await using finished = await finishedSupergraph(renamed);
  expect(await readFile(join(finished.dir, "supergraph.graphql"), "utf8")).not.toMatch(
    /@inaccessible|@group\(|join__/,
  );
  const [theirs, ours] = await Promise.all([loadSupergraph(finished.dir), loadSupergraph(SCHEMA_DIR)]);
  expect(theirs.publicSdl).toBe(ours.publicSdl);
  expect([...theirs.fields]).toEqual([...ours.fields]);
  expect([...theirs.filters]).toEqual([...ours.filters]);
  expect([...theirs.fields.values()].filter(({ policyInput }) => policyInput).length).toBeGreaterThan(20);
});

it.each([
  [
    "an identifier in another group",
    "cpr: PersonalNumber @p_group(name: IDENTIFIERS)",
    "cpr: PersonalNumber @p_group(name: AGGREGATES)",
    /`Person\.cpr`: `@group` is `AGGREGATES`, the manifest says `IDENTIFIERS`/,
  ],
  ["a policy input that is shown", "@p_policyInput", "", /exists to decide others; add `@policyInput`/],
  ["a uid that is shown", "uid: ID! @hidden", "uid: ID!", /`\w+\.uid` must be `@inaccessible`/],
  [
    "a field that another agency takes over",
    /(cpr: PersonalNumber .*@served__field\(graph: )IGA\)/,
    '$1EXT, override: "iga")',
    /`@override` is not allowed on `Person\.cpr` for EXT/,
  ],
  [
    "names that nothing links",
    'inaccessible/v0.2", as: "hidden"',
    'inaccessible/v0.2"',
    /must be `@inaccessible`/,
  ],
])("refuses %s under other names too", async (_, from, to, problem) => {
  await using finished = await finishedSupergraph((sdl) => renamed(sdl).replace(from, to));
  expect((await describeSupergraphProblems(finished.dir)).join("\n")).toMatch(problem);
});
