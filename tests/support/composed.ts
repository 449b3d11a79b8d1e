/** A finished supergraph out of subgraphs with their URLs, as `ihala dev` is given one. */
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";

export interface SubgraphPart {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

export function composedSupergraph(parts: readonly SubgraphPart[]): string {
  const { supergraphSdl, errors } = composeServices(
    parts.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (supergraphSdl === undefined) throw new Error(errors?.map(({ message }) => message).join("\n"));
  return supergraphSdl;
}
