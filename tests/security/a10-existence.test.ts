/**
 * A10, A11: an id that is absent, that is hidden, that was sealed for another member or as another type, and that is no
 * id at all: the same body, the same headers, and the same questions to the same agencies in the same order.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AMAN, INDIAN_EMBASSY, MWPS, PHILIPPINE_EMBASSY } from "../../sandbox/synth/members.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { send } from "../support/http.ts";
import { ONE_READER_A_ROLE } from "../support/roles.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment();
});
afterAll(() => on?.close());

const care: Reader = { role: "NGO.caseworker", purpose: "SHELTER_CARE" };
const judge: Reader = { role: "CRT.judge", purpose: "ADJUDICATION" };
const police: Reader = { role: "MOI.investigator", purpose: "CRIMINAL_INVESTIGATION" };
const consul: Reader = {
  role: "EXT.consul",
  purpose: "CONSULAR_ASSISTANCE",
  member: PHILIPPINE_EMBASSY,
};

const ABSENT = "0b9f6c1e-0000-7000-8000-00000000dead";
const CASE = `query($id: ID!) { case(id: $id) {
  id nrmNumber stage victim { role person { id nameLatin { full } passports { number } } } screening { outcome }
  supportPlans { type } investigation { policeNumber suspects { role } } prosecution { number } trial { courtNumber }
  report { summary } shelterStays { admittedOn } returnPlan { wish } compensation { amount { amount } }
} }`;

/** Everything that leaves the gateway for a question, and everything that it asked meanwhile; the id itself aside. */
async function trace(reader: Reader, query: string, id: string, issue: string | null) {
  const headers = {
    authorization: `Bearer ${await on.token(reader)}`,
    "x-purpose": reader.purpose,
    ...(issue === null ? {} : { "x-issue": issue }),
  };
  const body = JSON.stringify({ query, variables: { id } });
  const { result, calls } = await on.watch(() => send(on, { headers, body }));
  const { RTC: _certificates, ...agencies } = calls;
  const ledger = on.ledger.journal.requests.map(({ subgraph, query: asked, variables, reader: told }) => ({
    ...{ subgraph, asked, told },
    variables: Object.keys(variables),
  }));
  const others = Object.entries({ ...on.agencies.rest, ...on.agencies.federation }).flatMap(
    ([name, { journal }]) =>
      journal.entries.map(({ method, path, body: sent }) => [name, method, path, sent]),
  );
  const { status, headers: replied, text } = result;
  return { status, replied, text, agencies, ledger, statements: [...on.ledger.journal.statements], others };
}

const sealed = (reader: Reader, uid: string, type = "Case"): string => on.idFor(reader, type, uid);

describe("a case", () => {
  const hidden: readonly (readonly [string, Reader, keyof Deployment["cast"]["cases"]])[] = [
    ["of another society", { ...care, member: MWPS }, "ngoOther"],
    ["before it is charged", judge, "beforeCharge"],
    ["of another embassy's national", consul, "indianNational"],
    ["that no referral opens", police, "ngoGiven"],
    ["under an overlay", police, "overlays"],
  ];

  it.each(hidden)("%s", async (_, reader, name) => {
    const { uid } = on.cast.cases[name];
    const elsewhere =
      reader.role === "EXT.consul" ? { ...reader, member: INDIAN_EMBASSY } : { ...care, member: AMAN };
    const ids = {
      hidden: sealed(reader, uid),
      absent: sealed(reader, ABSENT),
      "sealed for another": sealed(elsewhere, uid),
      "of another type": sealed(reader, uid, "Person"),
      garbage: "not-an-id",
      empty: "",
      "a uid itself": uid,
      "edited by a letter": `${sealed(reader, uid).slice(0, -1)}${sealed(reader, uid).endsWith("A") ? "B" : "A"}`,
    };
    for (const underIssue of [true, false]) {
      const query = underIssue ? CASE : "query($id: ID!) { case(id: $id) { id nrmNumber stage riskLevel } }";
      const ask = (id: string) => trace(reader, query, id, underIssue ? id || "x" : null);
      const expected = await ask(ids.absent);
      expect(expected.text).toBe('{"data":{"case":null}}');
      expect(expected.agencies).toEqual({ ledger: 1 });
      for (const [kind, id] of Object.entries(ids))
        expect({ kind, ...(await ask(id)) }).toEqual({ kind, ...expected });
    }
  });

  it.each(ONE_READER_A_ROLE)("for $role of $purpose: shown, or as absent", async (reader) => {
    const query = "query($id: ID!) { case(id: $id) { id nrmNumber stage openedAt } }";
    const absent = await trace(reader, query, sealed(reader, ABSENT), null);
    for (const { uid } of Object.values(on.cast.cases).filter((_, i) => i % 4 === 0)) {
      const found = await trace(reader, query, sealed(reader, uid), null);
      if (!/"id":"/.test(found.text)) expect(found).toEqual(absent);
    }
  });

  it("of another issue than the one named", async () => {
    const reader: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };
    const issue = sealed(reader, on.cast.cases.overview.uid);
    const other = await trace(reader, CASE, sealed(reader, on.cast.cases.afterCharge.uid), issue);
    const absent = await trace(reader, CASE, sealed(reader, ABSENT), issue);
    // The reader may know of it, under its own issue: the ledger's own statements may differ, the calls do not.
    expect({ ...other, statements: [] }).toEqual({ ...absent, statements: [] });
    const shown = await trace(reader, CASE, issue, issue);
    expect(shown.text).toContain('"case":{"id":"');
    for (const bad of ["", "x", sealed(reader, ABSENT), sealed(reader, on.cast.cases.overview.uid, "Person")])
      expect((await trace(reader, CASE, issue, bad || "x")).text).toBe('{"data":{"case":null}}');
  });
});

describe("a person", () => {
  const query = `query($id: ID!) { person(id: $id) { id nameLatin { full } cpr passports { number } protectionHold caseParties { role } } }`;

  it.each(ONE_READER_A_ROLE)("for $role of $purpose: shown, or as absent", async (reader) => {
    const absent = await trace(reader, query, sealed(reader, ABSENT, "Person"), null);
    for (const { uid } of [
      on.cast.cases.overview.victim,
      on.cast.cases.ngoOther.victim,
      on.cast.workers.plain,
    ]) {
      const found = await trace(reader, query, sealed(reader, uid, "Person"), null);
      if (found.text.includes('"person":null')) expect(found).toEqual(absent);
      const foreign = on.idFor(
        { role: "NGO.caseworker", member: reader.role.startsWith("NGO") ? AMAN : MWPS },
        "Person",
        uid,
      );
      expect(await trace(reader, query, foreign, null)).toEqual(absent);
    }
  });
});
