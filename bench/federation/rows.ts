/**
 * A page of as many rows as asked for, each joined to a second subgraph: how the cost of a row grows with their number.
 *
 * Pages of different numbers have no row in common, so that requests in flight together share nothing.
 */
import { entities, LINK, type Planned, type Workload, wholeSchema } from "./workload.ts";

interface RowsArguments {
  readonly page: string;
  readonly first: number;
}

/** A page ends before the next begins. */
const PAGE_ROWS = 100_000;
const PAGES = 8;

const idsOf = ({ page, first }: RowsArguments): readonly string[] =>
  Array.from({ length: first }, (_, at) => String(Number(page) * PAGE_ROWS + at));

const listed = (id: string) => ({ id, name: `Row ${id}`, amount: Number(id) % 1_000 });
const scored = (id: string) => ({
  id,
  state: Number(id) % 2 === 0 ? "OPEN" : "CLOSED",
  score: Number(id) % 7,
});

export const ROWS: Workload = {
  subgraphs: [
    {
      name: "list",
      typeDefs: `${LINK}
        type Query { rows(page: ID!, first: Int!): [Row!]! }
        type Row @key(fields: "id") { id: ID! name: String amount: Int }`,
      resolvers: { Query: { rows: (_: unknown, asked: RowsArguments) => idsOf(asked).map(listed) } },
      references: { Row: ({ id }) => listed(String(id)) },
    },
    {
      name: "score",
      typeDefs: `${LINK} type Row @key(fields: "id") { id: ID! state: String score: Int }`,
      resolvers: {},
      references: { Row: ({ id }) => scored(String(id)) },
    },
  ],
  whole: wholeSchema(
    `type Query { rows(page: ID!, first: Int!): [Row!]! }
     type Row { id: ID! name: String amount: Int state: String score: Int }`,
    {
      Query: {
        rows: (_: unknown, asked: RowsArguments) =>
          idsOf(asked).map((id) => ({ ...listed(id), ...scored(id) })),
      },
    },
  ),
};

export const rowQuestions = (first: number): readonly Planned[] =>
  Array.from({ length: PAGES }, (_, at) => rowsOf({ page: String(at + 1), first }));

const rowsOf = ({ page, first }: RowsArguments): Planned => ({
  operation: {
    query:
      "query Rows($id: ID!, $first: Int!) { rows(page: $id, first: $first) { id name amount state score } }",
    variables: { id: page, first },
  },
  plan: [
    [
      {
        subgraph: "list",
        query: "query($id:ID!,$first:Int!){rows(page:$id,first:$first){__typename id name amount}}",
        variables: { id: page, first },
      },
    ],
    [
      entities(
        "score",
        "...on Row{state score}",
        idsOf({ page, first }).map((id) => ({ __typename: "Row", id })),
      ),
    ],
  ],
});
