/**
 * An agency as a Federation 2 subgraph over HTTP. Any server for Federation will do; this one shows what is asked.
 *
 *     POST /graphql   {"query": "query($representations: [_Any!]!) { _entities(representations: $representations) { … } }",
 *                      "variables": {"representations": [{"__typename": "Person", "ref": "INS-1001"}]}}
 *
 * Its own key is called `ref` on the wire: an agency never sees another agency's keys, nor the gateway's.
 * A real server verifies the gateway's token first (`src/connectors/outbound-verifier.ts`).
 */
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { buildSchema, graphql } from "graphql";
import { INSURED } from "../insured.ts";

const schema = buildSchema(`
  scalar _Any
  scalar Date
  type Person { ref: ID!, insuredUntil: Date }
  union _Entity = Person
  type Query { _entities(representations: [_Any!]!): [_Entity]! }
`);

interface Representation {
  readonly __typename: string;
  readonly ref: string;
}
/** One entity for each representation, in order; null where the register has nothing. */
const rootValue = {
  _entities: ({ representations }: { readonly representations: readonly Representation[] }) =>
    representations.map(({ __typename, ref }) => {
      const insuredUntil = INSURED.get(ref);
      return insuredUntil === undefined ? null : { __typename, ref, insuredUntil };
    }),
};

const server = createServer(async (request, response) => {
  const { query, variables } = (await json(request)) as { query: string; variables: Record<string, unknown> };
  const answer = await graphql({ schema, source: query, variableValues: variables, rootValue });
  response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
});
server.listen(4801, "127.0.0.1");
