/**
 * A29: personal values are in the answers of those who may read them and nowhere else: in no log line, no record of the
 * disclosure log, no file of the data directory, no health page, and in no error, whatever goes wrong.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { filesOf } from "../support/canaries.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { canaries } from "../support/http.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment({ env: { IHALA_LIMITS_AGENCY_TIMEOUT_MS: "1500" } });
});
afterAll(() => on?.close());

const READERS: readonly Reader[] = [
  { role: "EPC.caseWorker", purpose: "SHELTER_CARE" },
  { role: "NGO.caseworker", purpose: "SHELTER_CARE" },
  { role: "PPO.prosecutor", purpose: "PROSECUTION" },
  { role: "MOI.investigator", purpose: "CRIMINAL_INVESTIGATION" },
  { role: "CRT.judge", purpose: "ADJUDICATION" },
];
const CASE = `query($id: ID!) { case(id: $id) {
  nrmNumber victim { person { nameLatin { full } cpr mobilePhone passports { number } } }
  report { summary } screening { rationale } supportPlans { type objectives } notes { text }
  investigation { policeNumber suspects { person { nameLatin { full } } } } prosecution { number } trial { courtNumber }
} }`;

async function askAll(): Promise<string> {
  const texts: string[] = [];
  for (const reader of READERS) {
    const { uid } = on.cast.cases.overview;
    const id = on.idFor(reader, "Case", uid);
    const reply = await on.ask({ ...reader, issue: id }, CASE, { id });
    texts.push(reply.text);
    expect(canaries(JSON.stringify(reply.errors))).toEqual([]);
  }
  return texts.join("");
}

it("in good days and bad ones", async () => {
  expect(canaries(await askAll()).length).toBeGreaterThan(5);

  const faults = Object.values({ ...on.agencies.rest, ...on.agencies.federation }).map(
    ({ faults: its }) => its,
  );
  for (const break_ of ["down", "garbage"] as const) {
    for (const its of faults) its[break_]();
    await askAll();
    for (const its of faults) its.heal();
  }
  for (const its of faults) its.lying("records");
  await askAll();
  for (const its of faults) its.heal();

  const secret = "cnr-secret.words-1-variable";
  const reader = READERS[2]!;
  // A value in the document itself, in a variable, in a name, and in what cannot be read.
  await on.ask(reader, `{ case(nrmNumber: "${secret}") { id } }`);
  await on.ask(reader, "query($id: ID!) { case(id: $id) { id } }", { id: secret });
  await on.ask(reader, "query($id: Int!) { case(id: $id) { id } }", { id: secret });
  await on.ask(reader, `query ${secret.replaceAll(/\W/g, "_")} { agencies { code } }`);
  await on.ask(reader, `{ case(id: "${secret}" { id }`);
  await on.ask(reader, "{ agencies { code } }", {}, { "x-issue": secret, "x-purpose": secret });

  const lines = on.lines.join("");
  expect(lines).toContain('"event":"request"');
  expect(canaries(lines)).toEqual([]);
  expect(lines).not.toMatch(/cnr_secret|NRM-20\d\d|Bearer|eyJ/);

  const records = await on.records();
  expect(records.length).toBeGreaterThan(READERS.length);
  expect(canaries(JSON.stringify(records))).toEqual([]);
  const files = await filesOf(on.directory);
  expect(files.size).toBeGreaterThan(3);
  expect(canaries([...files.values()].join("\n"))).toEqual([]);

  for (const path of ["/livez", "/readyz", "/", "/metrics", `/${secret}`, `/readyz?x=${secret}`]) {
    const response = await fetch(`${on.url}${path}`);
    expect(canaries(await response.text())).toEqual([]);
  }
});
