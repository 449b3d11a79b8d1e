/** `policy check`: every problem of a folder at once, each at the character that makes it, and silence when all is well. */
import { cp, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkPolicies } from "../../src/policy/check.ts";
import { placeText, problemText } from "../../src/policy/problem.ts";
import { SCHEMA_DIR } from "../supergraph/schema-copy.ts";
import { POLICIES_DIR } from "./shipped.ts";

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ihala-policies-"));
  await cp(POLICIES_DIR, folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  return folder;
}

const places = (problems: Awaited<ReturnType<typeof checkPolicies>>["problems"]) =>
  Object.fromEntries(problems.map(({ place, message }) => [place ? placeText(place) : "", message]));

it("finds nothing in what ships", async () => {
  const { problems, policies, tests, invariants } = await checkPolicies({
    policiesDir: POLICIES_DIR,
    schemaDir: SCHEMA_DIR,
  });
  expect(problems.map(problemText)).toEqual([]);
  expect([policies, tests]).toEqual([200, 12]);
  expect(invariants).toBeGreaterThanOrEqual(17);
});

it("finds everything at once, at its line and column, also behind Arabic words", async () => {
  const policiesDir = await folderWith({
    "ngo/new.cedar": [
      '@id("NGO.new") @title("الوثائق") @legalBasis("R3") @owner("NGO") @mask("year")',
      'permit (principal in Agency::"NGO", action in Action::"SCREENING", resource);',
      '@id("NGO.wage") @title("أجور") @legalBasis("R3") @owner("NGO") permit (principal in Agency::"NGOO", action, resource);',
      '@id("NGO.own") @title("مرتان") @legalBasis("R3") @owner("MOI")',
      'forbid (principal, action == Action::"Case.id", resource) when { resource.access.chld };',
    ].join("\n"),
    "ngo/half.cedar": 'permit (principal, action,\n  resource) when { "سياسة" == };',
    "ngo/new.test.yaml": "title: مرة\nreaders: {}\ncases: {}\nfields: [Case.id, Case.nmber]\nexpect: []\n",
    "ngo/bad.test.yaml": "title: t\nreader: {}\n",
    "invariants.yaml":
      "- { id: a, title: ملجأ, because: R2, never: ALLOW, agencies: [NGOO], fields: [SHELTER_PLACEMENT], when: { chld: true } }\n- { id: b, title: t, because: R2, never: ALLOW, fields: [SHELTER] }\n",
  });
  const { problems } = await checkPolicies({ policiesDir, schemaDir: SCHEMA_DIR });
  expect(places(problems)).toMatchObject({
    "ngo/new.cedar:1:66": "the annotation `@mask` is not known",
    "ngo/new.cedar:2:47": "a permit on the group `SCREENING` opens every form of it",
    "ngo/new.cedar:3:85": expect.stringContaining("NGOO"),
    "ngo/new.cedar:3:101": "a permit must name its actions",
    "ngo/new.cedar:4:1": expect.stringMatching(/`NGO.own` is already used at ngo\/case.cedar:\d+:1/),
    "ngo/new.cedar:4:50": "a policy owned by MOI stands in the folder of `ngo`",
    "ngo/new.cedar:5:66": expect.stringContaining("access.chld"),
    "ngo/half.cedar:2:31": expect.stringContaining("unexpected token"),
    "ngo/new.test.yaml:4:19": "`Case.nmber` is neither a field nor a group",
    "invariants.yaml:1:105": expect.stringContaining("chld"),
    "ngo/bad.test.yaml:1:1": expect.stringContaining("reader"),
  });
  const order = problems.map(({ place }) => place?.file);
  expect(order).toEqual(order.toSorted());
});

it("finds break-glass on a single field of a group that is never broken", async () => {
  const when = "when { resource.access.breakGlassUntil > context.now };";
  const policy = (id: string, field: string) =>
    `@id("${id}") @title("t") @legalBasis("R2 R3 R8") @owner("NGO")\npermit (principal in Agency::"NGO", action == Action::"${field}", resource) ${when}\n`;
  const policiesDir = await folderWith({
    "ngo/new.cedar": policy("NGO.a", "HealthAssessment.physical") + policy("NGO.b", "SupportPlan.type"),
  });
  const { problems } = await checkPolicies({ policiesDir, schemaDir: SCHEMA_DIR });
  expect(problems.map(problemText)).toEqual([
    "ngo/new.cedar:2:47: break-glass must not open `HealthAssessment.physical`",
  ]);
});
