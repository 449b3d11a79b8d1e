/**
 * Another country's tables, real and small: the schema and policies that ship, with one more agency, the Ministry of Health (`HLT`), and
 * one more group of fields, `INSURANCE`, which holds the one field that it serves.
 *
 * Rules   the ministry reads its own register; a society reads it of a case that was referred to it with that group. To the ministry a
 *         case is known by its own cell of the header, like to a society.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cedarSchema } from "../../src/policy/cedar-schema.ts";
import { SCHEMA_FILE } from "../../src/policy/compile.ts";
import { loadDomain } from "../../src/policy/domain.ts";
import { POLICIES_DIR } from "../policy/shipped.ts";
import { schemaCopy } from "../supergraph/schema-copy.ts";

export const MINISTRY = "BH/GOV/HLT/insurance";

const DOCUMENT = `type Person @key(fields: "uid") {
  uid: ID! @inaccessible
  """
  Last day for which health insurance is paid.
  آخر يوم في التأمين الصحي
  """
  insuredUntil: Date @group(name: INSURANCE) @class(level: S2_PERSONAL) @label(ar: "نهاية التأمين الصحي")
}
`;

const policy = (id: string, rest: string): string => {
  const [owner] = id.split(".");
  return `@id("${id}") @title("${id}") @legalBasis("R3 R7 R12") @owner("${owner}")\npermit (principal in ${rest};\n`;
};
const POLICIES: Readonly<Record<string, string>> = {
  "hlt/claims.cedar": policy(
    "HLT.nurse",
    'Role::"HLT.nurse", action == Action::"claim", resource == Purpose::"SHELTER_CARE")',
  ),
  "hlt/register.cedar": policy(
    "HLT.register",
    'Agency::"HLT", action in Action::"INSURANCE:clear", resource)',
  ),
  "hlt/case.cedar": [
    policy(
      "HLT.case",
      'Agency::"HLT", action == Action::"Case.id", resource) when { resource.access.party }',
    ),
    policy(
      "HLT.person",
      'Agency::"HLT", action in [Action::"CASE_HEADER:clear", Action::"IDENTITY_CORE:clear"], resource) when { action in resource.access.granted }',
    ),
    policy("HLT.told", 'Agency::"HLT", action in Action::"told", resource) when { resource.access.known }'),
  ].join("\n"),
  "ngo/insurance.cedar": policy(
    "NGO.insurance",
    'Agency::"NGO", action in Action::"INSURANCE:clear", resource) when { action in resource.access.granted }',
  ),
};

export interface HealthDomain {
  readonly schemaDir: string;
  readonly policiesDir: string;
  remove(): Promise<void>;
}

interface Model {
  readonly order: string[];
  readonly agencies: object[];
  readonly groups: object[];
  readonly roles: object[];
  readonly matrix: Record<string, Record<string, object>>;
}
interface Extra {
  readonly fields: Record<string, object>;
  readonly kinds: Record<string, string[]>;
}

export async function healthDomain(): Promise<HealthDomain> {
  const schema = await schemaCopy();
  const policiesDir = await mkdtemp(join(tmpdir(), "ihala-policies-"));
  await cp(POLICIES_DIR, policiesDir, { recursive: true });
  const edit = async <Table>(file: string, change: (table: Table) => void): Promise<void> => {
    const table = JSON.parse(await readFile(join(schema.dir, file), "utf8"));
    change(table);
    await writeFile(join(schema.dir, file), JSON.stringify(table, null, 2));
  };
  await edit<Model>("domain.json", ({ order, agencies, groups, roles, matrix }) => {
    order.push("HLT");
    agencies.push({ code: "HLT", xroad: MINISTRY, en: "Health", ar: "الصحة", backend: "Federation" });
    groups.push({ code: "INSURANCE", cls: "S2", en: "Health insurance", ar: "التأمين الصحي" });
    roles.push({ id: "HLT.nurse", en: "Nurse", ar: "ممرض", purposes: ["SHELTER_CARE"], aal: "AAL2" });
    matrix["INSURANCE"] = { HLT: { effect: "O", reason: "R12" }, NGO: { effect: "P", reason: "R3" } };
    for (const group of ["CASE_HEADER", "IDENTITY_CORE"])
      matrix[group] = { ...matrix[group], HLT: { effect: "P", reason: "R7" } };
  });
  await edit<Extra>("manifest.extra.json", ({ fields, kinds }) => {
    fields["Person.insuredUntil"] = { owner: "HLT", group: "INSURANCE", class: "S2" };
    kinds["personData"]?.push("INSURANCE");
  });
  await edit<Record<string, object>>("keys.json", (keys) => {
    keys["HLT"] = { Person: { kind: "linked", key: "INSURANCE_NUMBER" } };
  });
  const value = (code: string, ar: string) => `"${code} · ${ar}"\n  ${code} @label(ar: "${ar}")`;
  await schema.replace("vocabulary.graphql", "enum AgencyCode {", `$&\n  ${value("HLT", "وزارة الصحة")}`);
  await schema.replace("vocabulary.graphql", "enum FieldGroup {", `$&\n  ${value("INSURANCE", "التأمين")}`);
  await writeFile(join(schema.dir, "hlt.graphql"), DOCUMENT);
  await mkdir(join(policiesDir, "hlt"));
  for (const [file, text] of Object.entries(POLICIES)) await writeFile(join(policiesDir, file), text);
  await writeFile(join(policiesDir, SCHEMA_FILE), cedarSchema(loadDomain(schema.dir)));
  return {
    ...{ schemaDir: schema.dir, policiesDir },
    remove: async () => {
      await schema[Symbol.asyncDispose]();
      await rm(policiesDir, { recursive: true });
    },
  };
}
