/** The subgraph of one foreign partner: the referrals it was sent, by its own liaison reference, and nothing else. */
import { federatedSchema } from "../../src/connectors/federated-schema.ts";
import { type GraphqlContext, type GraphqlRouteOptions, given } from "../graphql/route.ts";
import type * as R from "../synth/types.ts";
import type { World } from "../synth/world.ts";

export function extSubgraph(typeDefs: string, { ext }: World, member: string): GraphqlRouteOptions {
  const own = Iterator.from(ext.transnational).filter((row) => row.member === member);
  const rows = new Map(own.map((row) => [row.ref, row]));
  const schema = federatedSchema<GraphqlContext>({
    typeDefs,
    resolvers: { Referral: { transnational: (row: R.ExtTransnationalRow) => row } },
    references: { Referral: ({ ref }, faults) => given(ref, (key) => rows.get(key), faults) },
  });
  return { schema, stranger: () => rows.keys().next().value };
}
