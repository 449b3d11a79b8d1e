/** However a selection is written (aliases, duplicates, fragments, conditions), the same is answered and the same is asked. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment();
});
afterAll(() => on?.close());

const society: Reader = { role: "NGO.caseworker", purpose: "SHELTER_CARE" };
const prosecution: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };

const PLAIN = `query($id: ID!) { case(id: $id) {
  nrmNumber stage victim { role person { nameLatin { full } gender } } screening { outcome } supportPlans { type }
  prosecution { number charges { article } }
} }`;
const SAME: Readonly<Record<string, string>> = {
  duplicates: `query($id: ID!) { case(id: $id) { nrmNumber nrmNumber stage victim { role } victim { role person { nameLatin { full } } }
    victim { person { nameLatin { full } gender } } screening { outcome outcome } supportPlans { type } prosecution { number } prosecution { charges { article } } } }`,
  "two of the root": `query($id: ID!) { case(id: $id) { nrmNumber stage victim { role person { nameLatin { full } gender } } }
    case(id: $id) { screening { outcome } supportPlans { type } prosecution { number charges { article } } } }`,
  fragments: `query($id: ID!) { ...root }
    fragment root on Query { case(id: $id) { ...head ... on Case { victim { ...party } } screening { outcome } ...rest } }
    fragment head on Case { nrmNumber stage } fragment party on CaseParty { role person { ...who } }
    fragment who on Person { nameLatin { full } ... { gender } } fragment rest on Case { supportPlans { type } prosecution { number charges { article } } }`,
  "the same fragment twice": `query($id: ID!) { case(id: $id) { ...all ...all } }
    fragment all on Case { nrmNumber stage victim { role person { nameLatin { full } gender } } screening { outcome } supportPlans { type } prosecution { number charges { article } } }`,
  "conditions that hold": `query($id: ID!, $yes: Boolean = true, $no: Boolean!) { case(id: $id) { nrmNumber @include(if: $yes) stage @skip(if: $no)
    victim @include(if: true) { role person { nameLatin { full } gender } } ... @include(if: $yes) { screening { outcome } supportPlans @skip(if: $no) { type } }
    ... on Case @skip(if: false) { prosecution { number charges { article } } } closedAt @include(if: $no) riskLevel @skip(if: $yes) } }`,
};

describe.each([society, prosecution])("for $role", (reader) => {
  const ask = (query: string, variables: object = {}) => {
    const { uid } = on.cast.cases.overview;
    const id = on.idFor(reader, "Case", uid);
    return on.watch(() => on.ask({ ...reader, issue: id }, query, { id, ...variables }));
  };

  it.each(Object.entries(SAME))("%s read as the plain question, and ask as it does", async (_, query) => {
    const plain = await ask(PLAIN);
    expect(plain.result.errors).toEqual([]);
    const same = await ask(query, { no: false });
    expect(same.result.text).toBe(plain.result.text);
    expect(same.calls).toEqual(plain.calls);
  });

  it("aliases rename and change nothing else", async () => {
    const { result, calls } = await ask(PLAIN);
    const renamed = await ask(
      PLAIN.replace("case(", "k: case(").replace(
        /\b(nrmNumber|stage|victim|person|outcome|type|article)\b/g,
        "x_$1: $1",
      ),
    );
    // What is withheld is named by the reader's own names.
    expect(renamed.result.text.replaceAll("x_", "").replaceAll('"k"', '"case"')).toBe(result.text);
    expect(renamed.calls).toEqual(calls);
  });

  it("a condition that does not hold leaves the field out, and nobody is asked for it", async () => {
    const query = `query($id: ID!, $with: Boolean!) { case(id: $id) { nrmNumber
      victim @include(if: $with) { person { nameLatin { full } } } prosecution @skip(if: $with) { number } } }`;
    const without = await ask(query, { with: false });
    const using = await ask(query, { with: true });
    expect(without.calls).not.toHaveProperty("IGA");
    expect(using.calls).toHaveProperty("IGA");
    expect(Object.keys(without.result.data?.["case"] as object)).toEqual(["nrmNumber", "prosecution"]);
    expect(Object.keys(using.result.data?.["case"] as object)).toEqual(["nrmNumber", "victim"]);
    expect((await ask(query, { with: false })).result.text).toBe(without.result.text);
  });

  it("fields conflict as GraphQL says", async () => {
    const { result, calls } = await ask("query($id: ID!) { case(id: $id) { a: nrmNumber a: stage } }");
    expect(result.errors[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
    expect(calls).not.toHaveProperty("ledger");
  });
});
