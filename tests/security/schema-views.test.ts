/**
 * What a reader may never see is in no introspection and in no suggestion, over every way to ask; and stays withheld or hidden,
 * not refused, when somebody who knows the public schema asks for it.
 */
import { getIntrospectionQuery } from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment();
});
afterAll(() => on?.close());

const researcher: Reader = { role: "RTC.researcher", purpose: "RESEARCH" };
const officer: Reader = { role: "NCC.securityOfficer", purpose: "AUDIT_OVERSIGHT" };
const caseworker: Reader = { role: "NGO.caseworker", purpose: "SHELTER_CARE" };
const investigator: Reader = { role: "MOI.investigator", purpose: "CRIMINAL_INVESTIGATION" };

interface Introspected {
  readonly __schema: {
    readonly types: readonly {
      readonly name: string;
      readonly fields: readonly { readonly name: string }[] | null;
    }[];
  };
}

async function namesFor(reader: Reader): Promise<ReadonlySet<string>> {
  const { data, errors } = await on.ask(reader, getIntrospectionQuery());
  expect(errors).toEqual([]);
  const { types } = (data as unknown as Introspected).__schema;
  return new Set(
    types.flatMap(({ name, fields }) => [name, ...(fields ?? []).map((field) => `${name}.${field.name}`)]),
  );
}

it("is told to each reader as much as they could ever see, and no agency is asked", async () => {
  const { result: seen, calls } = await on.watch(async () => ({
    researcher: await namesFor(researcher),
    officer: await namesFor(officer),
    caseworker: await namesFor(caseworker),
    investigator: await namesFor(investigator),
  }));
  expect(calls).toEqual({});
  const has = (name: string) =>
    Object.entries(seen).flatMap(([who, names]) => (names.has(name) ? [who] : []));
  expect(has("Query.agencies")).toEqual(["researcher", "officer", "caseworker", "investigator"]);
  expect(has("Query.case")).toEqual(["caseworker", "investigator"]);
  expect(has("Investigation.lines")).toEqual(["investigator"]);
  expect(has("Suspect.person")).toEqual(["investigator"]);
  expect(has("SupportPlan.type")).toEqual(["caseworker"]);
  expect(has("Trainer")).toEqual(expect.arrayContaining(["researcher"]));
});

it("is the same over GET, beside other fields and under aliases", async () => {
  const query =
    '{ a: __type(name: "RiskSignal") { name } b: __type(name: "Case") { fields { name } } agencies { code } }';
  const headers = { authorization: `Bearer ${await on.token(caseworker)}`, "x-purpose": caseworker.purpose };
  const got = await fetch(`${on.url}/graphql?query=${encodeURIComponent(query)}`, { headers });
  const { data } = (await got.json()) as {
    data: { a: null; b: { fields: { name: string }[] }; agencies: object[] };
  };
  expect(data.a).toBeNull();
  expect(data.agencies.length).toBeGreaterThan(5);
  expect(data.b.fields.map(({ name }) => name)).not.toContain("suspects");
  expect(data).toEqual((await on.ask(caseworker, query)).data);
});

it("is all that a refusal suggests, in either language", async () => {
  const asked = "{ case { investigation { line } supportPlan { type } } } fragment R on RiskSigna { scor }";
  for (const language of ["en", "ar"]) {
    const reply = async (reader: Reader) =>
      (await on.ask(reader, asked, {}, { "accept-language": language })).errors
        .map(({ message }) => message)
        .join("\n");
    expect(await reply(investigator)).toMatch(/"lines"/);
    const told = await reply(caseworker);
    expect(told).toMatch(/"supportPlans"/);
    expect(told).not.toMatch(/"lines"|"RiskSignal"/);
    expect(await reply(researcher)).not.toMatch(/"supportPlans"|"cases"|"RiskSignal"/);
  }
});

it("refuses nobody what the public schema holds: it is withheld or hidden as ever", async () => {
  const { uid } = on.cast.cases.overview;
  const query =
    "query($id: ID!) { case(id: $id) { shelterStays { facility { name } } investigation { lines } } }";
  const reply = await on.ask({ ...caseworker, issue: { uid } }, query, {
    id: on.idFor(caseworker, "Case", uid),
  });
  expect(reply.errors).toEqual([]);
  expect(reply.withheld).toEqual([{ path: ["case", "shelterStays"], reason: "R2" }]);
  expect((await on.ask(researcher, "{ cases { edges { node { stage } } } }")).errors).toEqual([]);
});
