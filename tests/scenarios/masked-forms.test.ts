/**
 * A masked form, asked for over HTTP: the clearest that policies permit on each row, and nothing of the value beyond it, in the
 * answer, the log or the record. Under the policies that ship, but for what these readers get of a date of birth.
 */
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { filesOf } from "../support/canaries.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";

const CENTRE: Reader = { role: "EPC.caseWorker", purpose: "SHELTER_CARE" };
const POLICE: Reader = { role: "MOI.investigator", purpose: "CRIMINAL_INVESTIGATION" };

const policy = (id: string, text: string): string =>
  `@id("MOI.${id}") @title("t") @legalBasis("R7") @owner("MOI")\n${text}\n`;
const NOT_CLEAR = policy(
  "not-clear",
  'forbid (principal in Agency::"MOI", action == Action::"Person.birthDate", resource);',
);
const permit = (form: string, when = ""): string =>
  policy(
    `birth-${form}`,
    `permit (principal in Agency::"MOI", action == Action::"Person.birthDate:${form}", resource)${when};`,
  );

let policies: string;
let on: Deployment;
beforeAll(async () => {
  policies = await mkdtemp(join(tmpdir(), "ihala-policies-"));
  await cp(join(PACKAGE_ROOT, "policies"), policies, { recursive: true });
  on = await startDeployment({ env: { IHALA_POLICY_DIRECTORY: policies } });
});
afterAll(async () => {
  await on?.close();
  await rm(policies, { recursive: true });
});

async function under(...texts: readonly string[]): Promise<void> {
  await writeFile(join(policies, "moi", "birth-date.cedar"), [NOT_CLEAR, ...texts].join("\n"));
  await on.reload();
  expect(on.lines.at(-1)).toContain('"reload.taken"');
}

async function askBirthDate(reader: Reader, name: "overview" | "beforeCharge") {
  const { uid } = on.cast.cases[name];
  const reply = await on.ask(
    { ...reader, issue: { uid } },
    "query($id: ID!) { case(id: $id) { victim { person { born: birthDate gender } } } }",
    { id: on.idFor(reader, "Case", uid) },
  );
  const found = reply.data?.["case"] as {
    victim: { person: { born: string | null; gender: string } };
  } | null;
  expect(found?.victim?.person?.gender, reply.text).toEqual(expect.any(String));
  return { ...reply, born: found?.victim.person.born ?? null };
}

/** Whether anything that was said or kept while `act` ran holds the date. */
async function told(date: string, act: () => Promise<{ readonly text: string }>): Promise<readonly string[]> {
  const lines = on.lines.length;
  const { text } = await act();
  const files = [...(await filesOf(on.directory)).entries()].filter(([, held]) => held.includes(date));
  return [
    ...(text.includes(date) ? ["the answer"] : []),
    ...(on.lines.slice(lines).join("\n").includes(date) ? ["the log"] : []),
    ...files.map(([file]) => file),
  ];
}

it("shows the year where a policy permits the year, and the date appears nowhere", async () => {
  const { born: date } = await askBirthDate(CENTRE, "overview");
  expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
  await under(permit("year"));
  let born: string | null = null;
  const leaks = await told(date!, async () => {
    const reply = await askBirthDate(POLICE, "overview");
    born = reply.born;
    expect(reply.withheld.map(({ path }) => path.at(-1))).not.toContain("born");
    return reply;
  });
  expect(born).toBe(date?.slice(0, 4));
  expect(leaks).toEqual([]);
});

it("gives each row the clearest form that it may have", async () => {
  const open = await askBirthDate(CENTRE, "beforeCharge");
  const charged = await askBirthDate(CENTRE, "overview");
  await under(permit("ageBand"), permit("year", "\nunless { resource.access.charged }"));
  expect((await askBirthDate(POLICE, "beforeCharge")).born).toBe(open.born?.slice(0, 4));
  const reply = await askBirthDate(POLICE, "overview");
  expect(reply.born).toMatch(/^AGE_\d\d_/);
  expect(reply.text).not.toContain(charged.born!.slice(0, 4));
  await under(permit("ageBand"));
  expect((await askBirthDate(POLICE, "overview")).born).toMatch(/^AGE_\d\d_/);
});

it("withholds the field where no form is permitted", async () => {
  const { born: date } = await askBirthDate(CENTRE, "overview");
  await under();
  const leaks = await told(date!, async () => {
    const reply = await askBirthDate(POLICE, "overview");
    expect(reply.born).toBeNull();
    expect(reply.withheld).toContainEqual({ path: ["case", "victim", "person", "born"], reason: "R7" });
    return reply;
  });
  expect(leaks).toEqual([]);
  const { calls } = await on.watch(async () => {
    const { uid } = on.cast.cases.overview;
    return on.ask(
      { ...POLICE, issue: { uid } },
      "query($id: ID!) { case(id: $id) { victim { person { birthDate } } } }",
      { id: on.idFor(POLICE, "Case", uid) },
    );
  });
  expect(calls["IGA"] ?? 0).toBe(0);
});

it("refuses policies that name no form of the field, and says which there are", async () => {
  await writeFile(join(policies, "moi", "birth-date.cedar"), permit("yeer"));
  await on.reload();
  expect(on.lines.at(-1)).toContain('"reload.refused"');
  expect(on.lines.at(-1)).toContain(
    "moi/birth-date.cedar:2:47: `Person.birthDate` has no such form; its masked forms: `year`, `ageBand`",
  );
});
