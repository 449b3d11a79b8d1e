/** Runs every `policies/**` `*.test.yaml`, and holds the policy texts to their form. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cedarSchema } from "../../src/policy/cedar-schema.ts";
import { isRegister } from "../../src/policy/domain.ts";
import { formatPolicies } from "../../src/policy/format.ts";
import { readPolicyFiles } from "../../src/policy/policy-files.ts";
import { runPolicyTests } from "../../src/policy/test-run.ts";
import { DOMAIN, POLICIES_DIR, shippedPolicies } from "../policy/shipped.ts";

const policySet = await shippedPolicies();
const reports = await runPolicyTests(policySet, POLICIES_DIR);

describe("the officers' tests", () => {
  it.each(reports)("$file: $title ($cells questions)", ({ failures, cells }) => {
    expect(failures).toEqual([]);
    expect(cells).toBeGreaterThan(0);
  });

  it("cover every agency", () => {
    const folders = new Set(reports.map(({ file }) => file.split("/")[0]));
    expect(folders).toEqual(new Set(DOMAIN.agencies.map((agency) => agency.toLowerCase())));
  });
});

it("keeps every policy file in the form of Cedar's formatter", async () => {
  for (const { file, text, formatted } of await formatPolicies(await readPolicyFiles(POLICIES_DIR)))
    expect(formatted, file).toBe(text);
});

it("keeps the schema equal to what the manifest generates (npm run compose)", () => {
  expect(readFileSync(join(POLICIES_DIR, "schema.cedarschema"), "utf8")).toBe(cedarSchema(DOMAIN));
});

it("gives every role of the model exactly the purposes that it holds", () => {
  const { roles, purposes } = DOMAIN;
  for (const [role, held] of roles) {
    for (const purpose of purposes) {
      const ask = () =>
        policySet.profile({ agency: role.split(".")[0]!, role, purpose, certificates: new Set() } as never);
      if (held.has(purpose)) expect(ask, `${role} ${purpose}`).not.toThrow();
      else expect(ask, `${role} ${purpose}`).toThrow("does not hold the purpose");
    }
  }
});

it("opens every register to the agency that keeps it", () => {
  const { agencies, groups, fields, cell } = DOMAIN;
  const opensTo = (agency: string, field: string) =>
    policySet.actions.policiesOf(field).some(({ json: { effect, principal } }) => {
      const named = (principal.entity as { id: string } | undefined)?.id;
      return effect === "permit" && (principal.op === "All" || named === agency);
    });
  for (const agency of agencies) {
    for (const group of [...groups.keys()].filter((code) => isRegister(cell(code, agency)))) {
      const field = [...fields.values()].find((each) => each.group === group);
      expect(opensTo(agency, field?.coordinate ?? ""), `${group} of ${agency}`).toBe(true);
    }
  }
});
