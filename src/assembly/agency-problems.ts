/** Configuration and schema name the same agencies; one line for each that only one of them names. */
import { isEnumType } from "graphql";
import type { Config } from "../config/config.ts";
import type { Supergraph } from "../supergraph/supergraph.ts";

export function agencyProblems(
  { agencies }: Pick<Config, "agencies">,
  { fullSchema, subgraphs }: Supergraph,
): readonly string[] {
  const list = fullSchema.getType("AgencyCode");
  const listed = new Set(isEnumType(list) ? list.getValues().map(({ name }) => name) : []);
  const configured = new Set(agencies.map(({ code }) => code));
  const unlisted = [...configured].filter((code) => !listed.has(code));
  const unreached = [...subgraphs.values()].filter(
    ({ agency }) => agency !== null && !configured.has(agency),
  );
  return [
    ...unlisted.map((code) => `agencies: \`${code}\` is no \`AgencyCode\`; add it to vocabulary.graphql`),
    ...unreached.map(
      ({ name, agency }) => `agencies: \`${agency}\` serves \`${name}\`; add it to the configuration`,
    ),
  ];
}
