/**
 * A7 (CVE-2026-32621) and key spoofing: names that JavaScript, Federation or the gateway itself give a meaning are names like any
 * other in a client's aliases and variables, and nothing in an agency's JSON.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { send } from "../support/http.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment({ proxied: ["PPO", "IGA"] });
});
afterAll(() => on?.close());

const prosecution: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };
const inspector: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };

async function askCase(selection: string): Promise<Record<string, unknown>> {
  const { uid } = on.cast.cases.overview;
  const reply = await on.ask(
    { ...prosecution, issue: { uid } },
    `query($id: ID!) { case(id: $id) { ${selection} } }`,
    { id: on.idFor(prosecution, "Case", uid) },
  );
  expect(reply.errors).toEqual([]);
  return reply.data?.["case"] as Record<string, unknown>;
}

const unpolluted = (): void => {
  for (const name of ["polluted", "full", "number", "uid"])
    expect(({} as Record<string, unknown>)[name]).toBeUndefined();
};

describe("aliases", () => {
  const NAMES = [
    "uid",
    "id",
    "ref",
    "case",
    "access",
    "_p_access",
    "_p_own",
    "_a0",
    "e0",
    "_entities",
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
  ];

  it.each(NAMES)("`%s` stands for whatever field it was given", async (name) => {
    const plain = await askCase(
      "stage victim { role person { gender nameLatin { full } } } prosecution { number charges { article } }",
    );
    const renamed = await askCase(
      `${name}: stage victim { ${name}: role person { ${name}: gender nameLatin { ${name}: full } } } prosecution { ${name}: number charges { ${name}: article } }`,
    );
    const text = JSON.stringify(renamed).replaceAll(`"${name}":`, '"_":');
    const expected = JSON.stringify(plain).replaceAll(
      /"(?:stage|role|gender|full|number|article)":/g,
      '"_":',
    );
    expect(text).toBe(expected);
    unpolluted();
  });

  it("`__typename` over a field names the field, and the type is still known", async () => {
    const spoofed = await askCase(
      "__typename: stage parties { __typename: role person { __typename: gender nameLatin { full } } }",
    );
    const plain = await askCase("stage parties { role person { gender nameLatin { full } } }");
    expect(Object.values(spoofed)[0]).toBe(plain["stage"]);
    expect(JSON.stringify(spoofed["parties"]).replaceAll("__typename", "_")).toBe(
      JSON.stringify(plain["parties"]).replace(/role|gender/g, "_"),
    );
  });

  it("cannot choose the entity that is asked for", async () => {
    const other = on.cast.cases.afterCharge;
    const spoofed = await askCase(
      "uid: nrmNumber id: stage victim { person { uid: gender id: cpr nameLatin { full } } } prosecution { number }",
    );
    const plain = await askCase("victim { person { nameLatin { full } } } prosecution { number }");
    expect(spoofed["prosecution"]).toEqual(plain["prosecution"]);
    expect(spoofed).toMatchObject({
      uid: on.cast.cases.overview.nrmNumber,
      victim: plain["victim"] as object,
    });
    expect(JSON.stringify(spoofed)).not.toContain(other.victim.nameLatin);
  });
});

describe("variables", () => {
  it("named like properties of every object are variables", async () => {
    const { permitNo } = on.cast.workers.plain;
    for (const name of ["__proto__", "constructor", "toString"]) {
      const query = `query($${name}: String!) { worker(workPermitNo: $${name}) { workPermitNo } }`;
      const variables = JSON.parse(`{"${name}": ${JSON.stringify(permitNo)}}`) as object;
      const reply = await on.ask(inspector, query, { ...variables });
      // `__proto__` is dropped by the parser of every JSON library that is safe: the variable was not given.
      if (reply.errors.length > 0) expect(reply.errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
      else expect(reply.data).toEqual({ worker: { workPermitNo: permitNo } });
    }
    const absent = await on.ask(
      inspector,
      "query($constructor: String) { worker(workPermitNo: $constructor) { id } }",
    );
    expect(absent.data).toEqual({ worker: null });
    unpolluted();
  });
});

describe("an agency's JSON", () => {
  it("with `__proto__`, `constructor` and keys of ours pollutes nothing and opens nothing", async () => {
    const selection = "victim { person { nameLatin { full } } } prosecution { number charges { article } }";
    const plain = await askCase(selection);
    const poison =
      '{"__proto__":{"polluted":true,"uid":"x"},"constructor":{"prototype":{"polluted":true}},"_p_access":{"holder":true},"_p_own":true,';
    for (const name of ["PPO", "IGA"])
      on.proxy(name).tamper((answer) => ({
        ...answer,
        body: answer.body.replaceAll("{", poison).replaceAll(",}", "}"),
      }));
    const poisoned = await on.ask(
      { ...prosecution, issue: { uid: on.cast.cases.overview.uid } },
      `query($id: ID!) { case(id: $id) { ${selection} } }`,
      { id: on.idFor(prosecution, "Case", on.cast.cases.overview.uid) },
    );
    for (const name of ["PPO", "IGA"]) on.proxy(name).tamper(null);
    unpolluted();
    // Either refused as no answer, or read as if the foreign keys were not there.
    if (poisoned.errors.length === 0) expect(poisoned.data?.["case"]).toEqual(plain);
    else for (const { extensions } of poisoned.errors) expect(extensions.code).toBe("AGENCY_BAD_REPLY");
    expect(await askCase(selection)).toEqual(plain);
  });
});

it("keeps all of it over GET", async () => {
  const { uid } = on.cast.cases.overview;
  const headers = {
    authorization: `Bearer ${await on.token(prosecution)}`,
    "x-purpose": prosecution.purpose,
    "x-issue": on.idFor(prosecution, "Case", uid),
  };
  const query = "query($id: ID!) { case(id: $id) { __proto__: stage uid: nrmNumber } }";
  const variables = JSON.stringify({ id: headers["x-issue"] });
  const search = `?query=${encodeURIComponent(query)}&variables=${encodeURIComponent(variables)}`;
  const reply = await send(on, { method: "GET", search, headers });
  expect(reply.text).toMatch(/^\{"data":\{"case":\{"__proto__":"VERDICT","uid":"[^"]+"\}\},"extensions":/);
  expect(reply.text).toContain(`"uid":"${on.cast.cases.overview.nrmNumber}"`);
});
