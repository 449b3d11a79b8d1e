/**
 * The prosecution's subgraph over its own rows: cases by their entry in a prosecution file (`TIP-2025-0007/V1`),
 * files by number, persons by the prosecution's own numbers. Suspects are named in its files and answered for by the
 * police alone.
 */
import { federatedSchema } from "../../src/connectors/federated-schema.ts";
import { type GraphqlContext, type GraphqlRouteOptions, given } from "../graphql/route.ts";
import { keyed } from "../http/keyed.ts";
import type * as R from "../synth/types.ts";
import type { World } from "../synth/world.ts";

export function ppoSubgraph(typeDefs: string, { ppo }: World): GraphqlRouteOptions {
  const cases = keyed(ppo.cases, ({ ref }) => ref);
  const files = keyed(ppo.prosecutions, ({ number }) => number);
  const persons = keyed(ppo.persons, ({ ref }) => ref);
  const file = (number: string) => {
    const row = files.get(number);
    return row && { ref: row.number, ...row };
  };

  const schema = federatedSchema<GraphqlContext>({
    typeDefs,
    resolvers: {
      Case: { prosecution: ({ number }: R.PpoCaseRow) => file(number) },
      Suspect: { person: ({ personRef }: R.DefendantRow) => ({ ref: personRef }) },
      Person: { travelOrder: ({ ref }: { readonly ref: string }) => persons.get(ref)?.travelOrder ?? null },
    },
    references: {
      Case: ({ ref }, faults) => given(ref, cases.get, faults),
      Prosecution: ({ ref }, faults) => given(ref, file, faults),
      Person: ({ ref }, faults) => given(ref, persons.get, faults),
    },
  });
  const strangers: Readonly<Record<string, () => string | undefined>> = {
    Case: () => cases.first()?.ref,
    Prosecution: () => files.first()?.number,
    Person: () => persons.first()?.ref,
  };
  return { schema, stranger: (type) => strangers[type]?.() };
}
