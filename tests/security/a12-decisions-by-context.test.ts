/**
 * A12: what was decided once is kept by the policy version and everything that a decision reads; whoever differs in one of these is
 * decided anew. Readers who differ in nothing else than agency, role, purpose or certificates ask the same in the same words, mixed.
 */
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import type { AgencyCode, Coordinate } from "../../src/kernel/brands.ts";
import type { PolicySet, ProfileReader } from "../../src/policy/policy-set.ts";
import { shippedPolicies } from "../policy/shipped.ts";
import { policyText, variantPolicies } from "../policy/variant.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { ONE_READER_A_ROLE, READERS } from "../support/roles.ts";

const CERTIFICATES = [[], ["SAFEGUARDING"], ["INTERVIEW_CHILD"], ["INTERVIEW_CHILD", "SAFEGUARDING"]];

const profileReader = ({ role, purpose }: Reader, certificates: readonly string[]): ProfileReader => ({
  agency: (role === "dataSubject" ? "GW" : (role.split(".")[0] ?? "")) as AgencyCode,
  ...{ role, purpose, certificates: new Set(certificates) },
});

describe("a profile", () => {
  let shipped: PolicySet;
  beforeAll(async () => {
    shipped = await shippedPolicies();
  });
  const staff = READERS.filter(({ role }) => role !== "dataSubject");

  it("is another for every agency, role, purpose and set of certificates", () => {
    const keys = new Map<string, string>();
    for (const reader of staff)
      for (const certificates of CERTIFICATES) {
        const { key } = shipped.profile(profileReader(reader, certificates));
        const who = JSON.stringify([reader, certificates]);
        expect({ who, as: keys.get(key) }).toEqual({ who, as: undefined });
        keys.set(key, who);
      }
    expect(keys.size).toBeGreaterThan(100);
  });

  it("is the same for the same, in whatever order and with certificates that no policy knows", () => {
    const [reader] = staff as [Reader];
    const profile = shipped.profile(profileReader(reader, ["SAFEGUARDING", "INTERVIEW_CHILD"]));
    for (const certificates of [
      ["INTERVIEW_CHILD", "SAFEGUARDING"],
      ["FIRST_AID", "INTERVIEW_CHILD", "SAFEGUARDING"],
      ["INTERVIEW_CHILD", "INTERVIEW_CHILD|SAFEGUARDING", "SAFEGUARDING"],
    ])
      expect(shipped.profile(profileReader(reader, certificates))).toBe(profile);
  });

  it("is another under another version of the policies, which decide otherwise", async () => {
    const { policies: other } = { policies: await variantPolicies({ add: FORBID }) };
    const [inspector] = staff.filter(({ role }) => role === "LMRA.inspector") as [Reader];
    const ask = (policies: PolicySet) => {
      const profile = policies.profile(profileReader(inspector, []));
      const question = { coordinate: "Worker.employer" as Coordinate, caseBound: false };
      return { key: profile.key, verdict: profile.verdict(question) };
    };
    const [before, after] = [ask(shipped), ask(other)];
    expect(after.key).not.toBe(before.key);
    expect(before.verdict).toMatchObject({ outcome: { effect: "ALLOW" } });
    expect(after.verdict).toMatchObject({ outcome: { effect: "DENY" } });
  });
});

const FORBID = policyText(
  "LMRA.tested",
  'forbid (principal, action == Action::"Worker.employer", resource);',
  "R7",
  "LMRA",
);

describe("the gateway", () => {
  let on: Deployment;
  let policies: string;
  beforeAll(async () => {
    policies = await mkdtemp(join(tmpdir(), "ihala-policies-"));
    await cp(join(PACKAGE_ROOT, "policies"), policies, { recursive: true });
    on = await startDeployment({ env: { IHALA_POLICY_DIRECTORY: policies } });
  });
  afterAll(async () => {
    await on?.close();
    await rm(policies, { recursive: true, force: true });
  });

  const CASE = `query($id: ID!) { case(id: $id) { nrmNumber stage riskLevel
    victim { role person { nameLatin { full } cpr mobilePhone passports { number } } }
    screening { outcome rationale } supportPlans { type objectives } health { urgentNeed } investigation { policeNumber }
    prosecution { number } trial { courtNumber } report { summary } notes { text } compensation { amount { amount } } } }`;

  it("gives a role for one purpose nothing of what it gives the same staff for another", async () => {
    const several = ONE_READER_A_ROLE.map(({ role }) => READERS.filter((one) => one.role === role)).filter(
      ({ length }) => length > 1,
    );
    let differing = 0;
    for (const readers of several) {
      const ask = (reader: Reader, query: string) => {
        const id = on.idFor(reader, "Case", on.cast.cases.overview.uid);
        return on.ask({ ...reader, issue: id }, query, { id });
      };
      const alone: string[] = [];
      for (const [i, reader] of readers.entries())
        alone.push((await ask(reader, CASE.replace("query(", `query Alone${i}(`))).text);
      differing += new Set(alone).size > 1 ? 1 : 0;
      const mixed = [...readers.keys(), ...[...readers.keys()].toReversed(), ...readers.keys()];
      const together = await Promise.all(
        mixed.map(async (i) => (await ask(readers[i] as Reader, CASE)).text),
      );
      expect(together).toEqual(mixed.map((i) => alone[i]));
    }
    expect(differing).toBeGreaterThan(0);
  });

  it("decides anew under another version of the policies, and as before when it is taken back", {
    timeout: 120_000,
  }, async () => {
    const inspector: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };
    const ask = async () => {
      const reply = await on.ask(
        inspector,
        "{ workers(first: 3) { edges { node { workPermitNo employer { name } } } } }",
      );
      return reply.text;
    };
    const shown = await ask();
    expect(shown).toContain('"employer":{"name":');
    await writeFile(join(policies, "lmra/tested.cedar"), `${FORBID}\n`);
    await on.reload();
    const denied = await ask();
    expect(denied).not.toContain('"employer":{"name":');
    expect(denied).toContain("workPermitNo");
    await rm(join(policies, "lmra/tested.cedar"));
    await on.reload();
    expect(await ask()).toBe(shown);
  });
});
