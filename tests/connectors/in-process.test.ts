import DataLoader from "dataloader";
import { describe, expect, it } from "vitest";
import { federatedSchema, type Representation } from "../../src/connectors/federated-schema.ts";
import { inProcessBackend } from "../../src/connectors/in-process.ts";
import type { SubgraphRequest } from "../../src/execute/backend.ts";
import type { AgencyCode, SubgraphName } from "../../src/kernel/brands.ts";
import { GatewayError } from "../../src/kernel/errors.ts";

class Row {
  readonly cpr: string;
  constructor(cpr: string) {
    this.cpr = cpr;
  }
  get uid() {
    return this.cpr;
  }
}

interface Context {
  readonly rows: DataLoader<string, Row | null>;
}

const batches: string[][] = [];
const context = (): Context => ({
  rows: new DataLoader(async (keys) => {
    batches.push([...keys]);
    return keys.map((key) => {
      if (key === "broken") return new TypeError("secret of the backend");
      if (key === "down") return new GatewayError("AGENCY_UNAVAILABLE", "the agency cannot be reached");
      return key === "none" ? null : new Row(key);
    });
  }),
});

const reference = ({ uid }: Representation, { rows }: Context) => rows.load(String(uid));
const schema = federatedSchema<Context>({
  typeDefs: `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    directive @class(level: String!) on FIELD_DEFINITION
    type Query { hang: String }
    type Person @key(fields: "uid") { uid: ID! @inaccessible cpr: String @class(level: "S2_PERSONAL") }
    type Worker @key(fields: "uid") { uid: ID! person: Person }`,
  resolvers: { Query: { hang: () => new Promise(() => {}) }, Worker: { person: (row: Row) => row } },
  references: { Person: reference, Worker: reference },
});
const faults: unknown[] = [];
const backend = inProcessBackend({
  subgraph: "lmra" as SubgraphName,
  agency: "LMRA" as AgencyCode,
  schema,
  context,
  timeoutMs: 200,
  onFault: (error) => faults.push(error),
});

const ask = (query: string, variables: SubgraphRequest["variables"] = {}): SubgraphRequest => ({
  query,
  kind: "query",
  variables,
  reader: { requestId: "0", agency: "NGO", member: "m", staff: "s", role: "r", purpose: "p", issue: null },
  signal: new AbortController().signal,
});
const entities = (type: string, keys: readonly string[]) => keys.map((uid) => ({ __typename: type, uid }));

describe("a subgraph in this process", () => {
  it("asks its backend once for all entities, of several types and roots, in order", async () => {
    batches.length = 0;
    const query = `query ($a: [_Any!]!, $b: [_Any!]!) {
      a: _entities(representations: $a) { __typename ... on Person { uid cpr } }
      b: _entities(representations: $b) { __typename ... on Worker { uid person { cpr } } } }`;
    const variables = { a: entities("Person", ["1", "none", "2"]), b: entities("Worker", ["2", "3"]) };
    const { data, errors } = await backend.fetch(ask(query, variables));
    expect(data).toEqual({
      a: [{ __typename: "Person", uid: "1", cpr: "1" }, null, { __typename: "Person", uid: "2", cpr: "2" }],
      b: [
        { __typename: "Worker", uid: "2", person: { cpr: "2" } },
        { __typename: "Worker", uid: "3", person: { cpr: "3" } },
      ],
    });
    expect(errors).toEqual([]);
    expect(batches).toEqual([["1", "none", "2", "3"]]);
  });

  it("gives each entity its own error, masked unless it is one of ours", async () => {
    const query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { cpr } } }";
    const r = [...entities("Person", ["1", "broken", "down"]), ...entities("Verdict", ["1"])];
    const { data, errors } = await backend.fetch(ask(query, { r }));
    expect(data).toEqual({ _entities: [{ cpr: "1" }, null, null, null] });
    const message = "the agency's resolver failed";
    expect(errors.toSorted((one, other) => Number(one.path?.[1]) - Number(other.path?.[1]))).toEqual([
      { message, path: ["_entities", 1] },
      { message: "the agency cannot be reached", path: ["_entities", 2], code: "AGENCY_UNAVAILABLE" },
      { message, path: ["_entities", 3] },
    ]);
    expect(faults.filter((error) => error instanceof TypeError)).toHaveLength(1);
  });

  it("is held to the deadline", async () => {
    await expect(backend.fetch(ask("{ hang }"))).rejects.toMatchObject({ code: "AGENCY_TIMEOUT" });
  });

  it("tells its SDL to those who compose it", async () => {
    const { data } = await backend.fetch(ask("{ _service { sdl } }"));
    expect(JSON.stringify(data)).toContain("@inaccessible");
  });
});
