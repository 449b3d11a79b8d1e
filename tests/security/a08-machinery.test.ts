/**
 * A8: what joins agencies (`_entities`, `_service`, keys, policy inputs, an agency's own address) is unknown from outside: in no
 * document, in no introspection, in no suggestion, behind no path.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { expectNothingInside } from "../support/http.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment();
});
afterAll(() => on?.close());

const prosecution: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };

describe("machinery", () => {
  it.each([
    '{ _entities(representations: [{ __typename: "Case" }]) { __typename } }',
    "{ _service { sdl } }",
    "{ cases { edges { node { uid } } } }",
    "{ cases { edges { node { access(reader: {}) { child } } } } }",
    "{ cases { edges { node { holders } } } }",
    "{ referralInbox { edges { node { own(reader: {}) } } } }",
    "query($reader: ReaderInput!) { cases { edges { node { id } } } }",
    "{ cases { edges { node { ... on _Entity { __typename } } } } }",
  ])("%s is unknown, and no suggestion tells of what is hidden", async (query) => {
    const { result: reply, calls } = await on.watch(() => on.ask(prosecution, query));
    expect(reply.errors[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
    for (const { message } of reply.errors)
      expect(/Did you mean (.*)/.exec(message)?.[1] ?? "").not.toMatch(
        /"(?:uid|access|own|inRows|holders|ReaderInput|CaseAccess|_\w+)"/,
      );
    expect(calls).not.toHaveProperty("ledger");
  });

  it("is in no introspection", async () => {
    const reply = await on.ask(
      prosecution,
      '{ __schema { types { name fields(includeDeprecated: true) { name args { name } } inputFields { name } } directives { name } } a: __type(name: "ReaderInput") { name } b: __type(name: "CaseAccess") { name } }',
    );
    expect(reply.data).toMatchObject({ a: null, b: null });
    const { types } = (
      reply.data as { __schema: { types: { name: string; fields: { name: string }[] | null }[] } }
    ).__schema;
    const names = types.flatMap(({ name, fields }) => [
      name,
      ...(fields ?? []).map((field) => `${name}.${field.name}`),
    ]);
    expect(
      names.filter((name) =>
        /\.(?:uid|access|own|inRows|holders|_entities|_service)$|^(?:ReaderInput|CaseAccess|PersonAccess|_)/.test(
          name.replace(/^__.*/, ""),
        ),
      ),
    ).toEqual([]);
  });

  it.each(["/spine", "/content", "/graphql/spine", "/graphql/..%2Fspine", "/persons"])(
    "no agency is behind %s",
    async (path) => {
      const response = await fetch(`${on.url}${path}`, { method: "POST", body: "{}" });
      expect(response.status).toBe(404);
      expectNothingInside(await response.text());
    },
  );
});

it("what is public is told", async () => {
  const reply = await on.ask(prosecution, '{ __type(name: "Case") { name fields { name } } }');
  const { name, fields } = reply.data!["__type"] as {
    name: string;
    fields: { name: string }[];
  };
  expect(name).toBe("Case");
  expect(fields.map((field) => field.name)).toEqual(expect.arrayContaining(["id", "nrmNumber", "stage"]));
});
