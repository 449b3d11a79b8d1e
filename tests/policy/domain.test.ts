/** The domain tables are those of the folder as it is, also after they were changed under a process that runs. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { cedarSchema } from "../../src/policy/cedar-schema.ts";
import { compilePolicies } from "../../src/policy/compile.ts";
import { loadDomain } from "../../src/policy/domain.ts";
import { describeSupergraphProblems } from "../../src/supergraph/load.ts";
import { schemaCopy } from "../supergraph/schema-copy.ts";
import { POLICIES_DIR } from "./shipped.ts";

const folder = await mkdtemp(join(tmpdir(), "ihala-domain-"));
afterAll(() => rm(folder, { recursive: true }));
for (const file of ["domain.json", "manifest.extra.json"])
  await cp(join(PACKAGE_ROOT, "schema", file), join(folder, file));

it("says what the tables lack, in the words in which the schema's own check says it", async () => {
  await using schema = await schemaCopy();
  await schema.replace("manifest.extra.json", '"neverBroken": [', '"neverBroke": [');
  const problem = `${schema.dir}/manifest.extra.json: \`neverBroken\`: Invalid input: expected array, received undefined`;
  expect(() => loadDomain(schema.dir)).toThrow(
    expect.objectContaining({ code: "SUPERGRAPH_INVALID", detail: { problems: [problem] } }),
  );
  expect(await describeSupergraphProblems(schema.dir)).toContain(problem);
});

it("is read anew when a field has come, and policies are compiled for it", async () => {
  const before = loadDomain(folder);
  expect(loadDomain(folder)).toBe(before);
  const compile = () =>
    compilePolicies({
      ...{ policiesDir: POLICIES_DIR, schemaDir: folder },
      schemaText: cedarSchema(loadDomain(folder)),
    });
  const first = await compile();
  expect(await compile()).toBe(first);

  const file = join(folder, "manifest.extra.json");
  const extra = JSON.parse(await readFile(file, "utf8"));
  extra.fields["Person.insuredUntil"] = { owner: "LMRA", group: "EMPLOYMENT", class: "S2" };
  await writeFile(file, JSON.stringify(extra));
  expect(before.fields.has("Person.insuredUntil")).toBe(false);
  expect(loadDomain(folder).fields.get("Person.insuredUntil")).toMatchObject({ group: "EMPLOYMENT" });
  const next = await compile();
  expect(next.domain.fields.has("Person.insuredUntil")).toBe(true);
  expect(next.version).not.toBe(first.version);
});
