/**
 * One case over any number of agencies, of which the same three are asked: how the cost of a request grows with agencies that have
 * no part in it.
 *
 * Every agency owns a type of its own, a field of the case, and a root field.
 */
import { entities, LINK, type Planned, type Subgraph, type Workload, wholeSchema } from "./workload.ts";

const ASKED = [2, 3];
const CASES = 200;

const caseOf = (id: string) => ({ id, title: `Case ${id}`, stage: Number(id) % 5 });
const partOf = (agency: number, id: string) => ({
  ...{ status: `S${Number(id) % 9}`, count: Number(id) % 11 },
  lines: [`${agency} of ${id}`, "second line"],
});
const partsOf = (agency: number, id: string) => ({ id, [`part${agency}`]: partOf(agency, id) });
const partType = (agency: number) => `type Part${agency} { status: String count: Int lines: [String!] }`;

const owner: Subgraph = {
  name: "agency1",
  typeDefs: `${LINK}
    type Query { case(id: ID!): Case }
    type Case @key(fields: "id") { id: ID! title: String stage: Int }`,
  resolvers: { Query: { case: (_: unknown, { id }: { readonly id: string }) => caseOf(id) } },
  references: { Case: ({ id }) => caseOf(String(id)) },
};

const other = (agency: number): Subgraph => ({
  name: `agency${agency}`,
  typeDefs: `${LINK}
    type Query { part${agency}(id: ID!): Part${agency} }
    type Case @key(fields: "id") { id: ID! part${agency}: Part${agency} }
    ${partType(agency)}`,
  resolvers: {
    Query: { [`part${agency}`]: (_: unknown, { id }: { readonly id: string }) => partOf(agency, id) },
  },
  references: { Case: ({ id }) => partsOf(agency, String(id)) },
});

export const manyAgencies = (count: number): Workload => ({
  subgraphs: [owner, ...Array.from({ length: count - 1 }, (_, at) => other(at + 2))],
  whole: wholeSchema(
    `type Query { case(id: ID!): Case }
     type Case { id: ID! title: String stage: Int ${ASKED.map((n) => `part${n}: Part${n}`).join(" ")} }
     ${ASKED.map(partType).join("\n")}`,
    {
      Query: {
        case: (_: unknown, { id }: { readonly id: string }) =>
          Object.assign({}, caseOf(id), ...ASKED.map((agency) => partsOf(agency, id))),
      },
    },
  ),
});

const PART = "{status count lines}";

export const agencyQuestions = (): readonly Planned[] =>
  Array.from({ length: CASES }, (_, at) => caseQuestion(String(at + 1)));

const caseQuestion = (id: string): Planned => ({
  operation: {
    query: `query Case($id: ID!) { case(id: $id) { id title stage ${ASKED.map((n) => `part${n} ${PART}`).join(" ")} } }`,
    variables: { id },
  },
  plan: [
    [
      {
        subgraph: "agency1",
        query: "query($id:ID!){case(id:$id){__typename id title stage}}",
        variables: { id },
      },
    ],
    ASKED.map((n) => entities(`agency${n}`, `...on Case{part${n}${PART}}`, [{ __typename: "Case", id }])),
  ],
});
