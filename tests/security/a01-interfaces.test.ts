/**
 * A1, A2, A6: a field is decided by the type of the object that carries it, however the question comes to it: through an interface
 * (GHSA-x33c), through a fragment on a type that implements it (GHSA-mx7m), or beside another member of a union under the same
 * response name. What one type shows, another that is denied does not.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Decided, type Effects, startDecidedFederation } from "../support/decided-federation.ts";
import { byKey } from "../support/federation.ts";

const CANARY = {
  worker: "cnr-worker-1-contact",
  employer: "cnr-employer-1-contact",
  bed: "cnr-worker-1-bed",
};
const WORKER = { __typename: "Worker", id: "w1", name: "Anu", contact: CANARY.worker };
const EMPLOYER = { __typename: "Employer", id: "e1", name: "Al Noor", contact: CANARY.employer };
const PARTIES = [WORKER, EMPLOYER];

const DECIDED = ["Worker.contact", "Employer.contact", "Worker.bed"];
const WORKERS_HIDDEN: Effects = { "Worker.contact": "DENY", "Worker.bed": "HIDE" };

let on: Decided;
beforeAll(async () => {
  on = await startDecidedFederation(
    {
      register: {
        sdl: `
          type Query { parties: [Party!]! guests: [Guest!]! party(id: ID!): Party }
          interface Party { id: ID! contact: String }
          union Guest = Worker | Employer
          type Worker implements Party @key(fields: "id") { id: ID! name: String contact: String }
          type Employer implements Party @key(fields: "id") { id: ID! name: String contact: String }`,
        query: {
          ...{ parties: PARTIES, guests: PARTIES },
          party: ({ id }: { readonly id: string }) => PARTIES.find((party) => party.id === id),
        },
        entities: { Worker: byKey(PARTIES, "id"), Employer: byKey(PARTIES, "id") },
      },
      shelter: {
        sdl: `type Worker @key(fields: "id") { id: ID! bed: String }`,
        entities: { Worker: ({ id }) => ({ id, bed: CANARY.bed }) },
      },
    },
    DECIDED,
  );
});
afterAll(() => on?.close());

/** Every way to the same fields. */
const WAYS: readonly (readonly [id: string, way: string, query: string])[] = [
  ["A1", "by the interface", "{ parties { __typename contact } }"],
  ["A1", "by the interface, under another name", "{ parties { __typename name: contact } }"],
  ["A1", "by one of it", '{ party(id: "w1") { __typename contact } other: party(id: "e1") { contact } }'],
  ["A1", "by a fragment on the interface", "{ parties { __typename ...P } } fragment P on Party { contact }"],
  [
    "A2",
    "by the types that implement it",
    "{ parties { ... on Worker { contact } ... on Employer { contact } } }",
  ],
  [
    "A2",
    "by the interface inside a type",
    "{ parties { ... on Worker { ... on Party { contact } } ... on Employer { contact } } }",
  ],
  [
    "A2",
    "by a type inside the interface",
    "{ parties { ... on Party { ... on Worker { contact bed } ... on Employer { contact } } } }",
  ],
  [
    "A6",
    "by members of a union, under one name",
    "{ guests { ... on Worker { x: contact } ... on Employer { x: contact } } }",
  ],
  [
    "A6",
    "by another field of a sibling, under one name",
    "{ guests { ... on Worker { x: name } ... on Employer { x: contact } } a: guests { ... on Worker { x: contact } ... on Employer { x: name contact } } }",
  ],
  ["A6", "by the interface on members of a union", "{ guests { ... on Party { contact } } }"],
];

describe.each(WAYS)("%s: %s", (_, _way, query) => {
  it("shows to whom both are open", async () => {
    const { text, errors } = await on.ask(query);
    expect(errors).toEqual([]);
    expect(text).toContain(CANARY.employer);
    expect(text).toContain(CANARY.worker);
    if (query.includes("bed")) expect(text).toContain(CANARY.bed);
  });

  it("shows the one and not the other, which nobody is asked for", async () => {
    const before = on.disclosures.length;
    const { text, asked } = await on.ask(query, WORKERS_HIDDEN);
    expect(text).toContain(CANARY.employer);
    expect(text).not.toContain(CANARY.worker);
    expect(text).not.toContain(CANARY.bed);
    for (const { subgraph, query: sent } of asked) {
      expect(subgraph).toBe("register");
      expect(onWorkers(sent)).not.toContain("contact");
    }
    expect(JSON.stringify(on.disclosures.slice(before))).not.toContain("cnr-");
  });

  it("shows neither to whom neither is open", async () => {
    const { text, asked } = await on.ask(query, { ...WORKERS_HIDDEN, "Employer.contact": "DENY" });
    expect(text).not.toContain("cnr-");
    expect(asked.map(({ query: sent }) => sent).join()).not.toMatch(/\bcontact\b|\bbed\b/);
  });
});

/** What a request asks of workers: what stands in fragments on them, and outside any fragment. */
function onWorkers(query: string): string {
  return query.replace(/\.\.\.\s*on Employer\s*\{[^{}]*\}/g, "");
}

it("a fragment on a type that is not there shows nothing of another", async () => {
  const { data } = await on.ask('{ party(id: "e1") { ... on Worker { contact bed } } }', WORKERS_HIDDEN);
  expect(data).toEqual({ party: {} });
});
