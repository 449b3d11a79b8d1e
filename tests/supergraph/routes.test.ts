/**
 * The route audit. A shared field or a key at the wrong agency composes and plans, and then asks somebody who has no
 * such row, or who must not know of it: nothing but planning every field tells.
 */
import { expect, it } from "vitest";
import { Routes, subgraphsOf, wavesOf } from "./routes.ts";
import { SCHEMA_DIR, schemaCopy } from "./schema-copy.ts";

it("asks no foreign agency for any field, and at most three waves deep", async () => {
  await using routes = await Routes.of(SCHEMA_DIR);
  const { planned, findings } = await routes.audit();
  expect(planned).toBeGreaterThan(500);
  expect(findings).toEqual([]);
});

it("finds an agency that shares a row it need not have", async () => {
  await using schema = await schemaCopy();
  await schema.append(
    "crt.graphql",
    `type CaseParty @key(fields: "uid") {
       uid: ID! @inaccessible
       person: Person @shareable @owner(agency: EPC) @group(name: IDENTITY_CORE) @class(level: S4_VICTIM)
     }`,
  );
  await schema.replace("epc.spine.graphql", "person: Person @group", "person: Person @shareable @group");
  await schema.replace("manifest.extra.json", '"shared": {', '"shared": { "CaseParty.person": ["CRT"],');
  await schema.replace(
    "keys.json",
    '"CRT": {',
    '"CRT": { "CaseParty": { "kind": "linked", "key": "PARTY" },',
  );
  await using routes = await Routes.of(schema.dir);
  const { findings } = await routes.audit();
  expect(findings.join("\n")).toMatch(/person > deportationOrder enters crt by CaseParty\.person/);
});

it("plans a case overview over every agency in three waves", async () => {
  await using routes = await Routes.of(SCHEMA_DIR);
  const plan = await routes.plan(
    ['case(id: "c")'],
    `{
      nrmNumber identificationState justiceState owner { name { en } } caseWorker { name }
      victim {
        code traffickingStatus statusDecision { status } assistance { kind }
        person {
          nameLatin { full } cpr residence { validUntil } passports { number }
          worker { workPermitNo employer { name } }
        }
      }
      referrals { status transnational { country } to { name { en } } }
      screening { outcome } shelterStays { facility { name licence { number } } }
      investigation { policeNumber suspects { role } } prosecution { number charges { defendant { perpetratorRoles } } }
      trial { court } compensation { amount { amount } paidOn }
    }`,
  );
  expect(wavesOf(plan)).toBeLessThanOrEqual(3);
  const all = [...routes.supergraph.subgraphs.keys()].map(String);
  expect(new Set(subgraphsOf(plan))).toEqual(new Set(all.filter((name) => name !== "rtc")));
});
