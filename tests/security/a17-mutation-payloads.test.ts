/**
 * A17: what a mutation gives back is decided as what a query gives back, by field and by type: what its reader may not see is not asked
 * for below the mutation, is in neither answer nor record, and the mutation happens once all the same.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Decided, startDecidedFederation } from "../support/decided-federation.ts";

const CANARY = { contact: "cnr-victim-1-contact", bed: "cnr-shelter-1-bed", person: "cnr-person-1-name" };
const DECIDED = ["Case.reference", "Case.contact", "Case.bed", "Case.person", "Person.name"];

let done: string[] = [];
let on: Decided;
beforeAll(async () => {
  const referred = (note: string) => {
    done.push(note);
    return {
      __typename: "Case",
      id: "c1",
      reference: "TIP-1",
      contact: CANARY.contact,
      person: { id: "p1" },
    };
  };
  on = await startDecidedFederation(
    {
      ledger: {
        sdl: `
          type Query { case: Case }
          type Mutation { refer(note: String!): Referred referAll: [Referred!]! withdraw(note: String!): Filed }
          union Referred = Case | Refused
          interface Filed { reference: String contact: String }
          type Refused { why: String }
          type Case implements Filed @key(fields: "id") { id: ID! reference: String contact: String person: Person }
          type Person @key(fields: "id") { id: ID! }`,
        query: { case: { id: "c1", reference: "TIP-1", contact: CANARY.contact, person: { id: "p1" } } },
        mutation: {
          refer: ({ note }: { readonly note: string }) => referred(note),
          withdraw: ({ note }: { readonly note: string }) => referred(note),
          referAll: () => [referred("all"), { __typename: "Refused", why: "closed" }],
        },
        entities: { Case: ({ id }) => ({ id }), Person: ({ id }) => ({ id }) },
      },
      shelter: {
        sdl: `type Case @key(fields: "id") { id: ID! bed: String }`,
        entities: { Case: ({ id }) => ({ id, bed: CANARY.bed }) },
      },
      register: {
        sdl: `type Person @key(fields: "id") { id: ID! name: String }`,
        entities: { Person: ({ id }) => ({ id, name: CANARY.person }) },
      },
    },
    DECIDED,
  );
});
afterAll(() => on?.close());

const FIELDS = "reference contact bed person { name }";
const MUTATIONS: readonly (readonly [way: string, text: string, times: number])[] = [
  ["by a member of a union", `mutation { refer(note: "a") { ... on Case { ${FIELDS} } } }`, 1],
  [
    "by an interface",
    'mutation { withdraw(note: "a") { reference contact ... on Case { bed person { name } } } }',
    1,
  ],
  ["in a list", `mutation { referAll { ... on Case { ${FIELDS} } ... on Refused { why } } }`, 1],
  [
    "twice in one document",
    `mutation { a: refer(note: "a") { ... on Case { ${FIELDS} } } b: withdraw(note: "b") { ... on Case { ${FIELDS} } } }`,
    2,
  ],
];
const HIDDEN = {
  "Case.contact": "DENY",
  "Case.bed": "HIDE",
  "Case.person": "DENY",
  "Person.name": "DENY",
} as const;

describe.each(MUTATIONS)("%s", (_, text, times) => {
  it("all is told to whom all is open", async () => {
    const { text: told, errors } = await on.ask(text);
    expect(errors).toEqual([]);
    for (const canary of Object.values(CANARY)) expect(told).toContain(canary);
  });

  it("what is not open is neither told nor asked for, and it happens once", async () => {
    done = [];
    const before = on.disclosures.length;
    const { text: told, asked } = await on.ask(text, HIDDEN);
    expect(told).toContain("TIP-1");
    expect(told).not.toContain("cnr-");
    expect(new Set(asked.map(({ subgraph }) => subgraph))).toEqual(new Set(["ledger"]));
    for (const { query } of asked) expect(query).not.toMatch(/\b(contact|bed|person|name)\b/);
    expect(done).toHaveLength(times);
    const records = on.disclosures.slice(before);
    expect(records).toHaveLength(1);
    expect(JSON.stringify(records)).not.toContain("cnr-");
  });

  it("withholds of a mutation what it withholds of a query", async () => {
    const query = "{ case { reference contact bed person { name } } }";
    for (const at of Object.keys(HIDDEN)) {
      const effects = { [at]: "DENY" } as const;
      const [asQuery, asMutation] = [await on.ask(query, effects), await on.ask(text, effects)];
      for (const canary of Object.values(CANARY))
        expect({ at, canary, told: asMutation.text.includes(canary) }).toEqual({
          ...{ at, canary },
          told: asQuery.text.includes(canary),
        });
    }
  });
});
