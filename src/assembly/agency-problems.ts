/**
 * Configuration, schema and resolvers name the same agencies, and the servers of their files; one line for each that one of them
 * does not name.
 */
import { isEnumType } from "graphql";
import { REST, SQL } from "../../resolvers/index.ts";
import type { Config } from "../config/config.ts";
import type { Supergraph } from "../supergraph/supergraph.ts";
import { fileProblems } from "./file-sources.ts";

const RESOLVERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { rest: REST, sql: SQL };

export function agencyProblems(
  { agencies }: Pick<Config, "agencies">,
  supergraph: Supergraph,
): readonly string[] {
  const { fullSchema, subgraphs } = supergraph;
  const list = fullSchema.getType("AgencyCode");
  const listed = new Set(isEnumType(list) ? list.getValues().map(({ name }) => name) : []);
  const configured = new Set(agencies.map(({ code }) => code));
  const unlisted = [...configured].filter((code) => !listed.has(code));
  const unreached = [...subgraphs.values()].filter(
    ({ agency }) => agency !== null && !configured.has(agency),
  );
  const served = new Set<string | null>([...subgraphs.values()].map(({ agency }) => agency));
  const unresolved = agencies.filter(
    ({ code, kind }) => served.has(code) && RESOLVERS[kind] !== undefined && !RESOLVERS[kind][code],
  );
  return [
    ...unresolved.map(
      ({ code, kind }) => `agencies: \`${code}\` of kind \`${kind}\` has no resolvers in this build`,
    ),
    ...unlisted.map((code) => `agencies: \`${code}\` is no \`AgencyCode\`; add it to vocabulary.graphql`),
    ...unreached.map(
      ({ name, agency }) => `agencies: \`${agency}\` serves \`${name}\`; add it to the configuration`,
    ),
    ...fileProblems({ agencies }, supergraph),
  ];
}
