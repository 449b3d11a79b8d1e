/** Injects the policy inputs that a position's rows are decided by; no client can select or name them. */
import { type GraphQLObjectType, isObjectType } from "graphql";
import { coordinate } from "../kernel/brands.ts";
import type { Supergraph } from "../supergraph/supergraph.ts";
import type { DraftPosition } from "./draft.ts";
import { ABOUT_KEY, ACCESS_KEY, IN_ROWS_KEY, OWN_KEY, READER_VARIABLE } from "./internal-operation.ts";

const KEYS = { access: ACCESS_KEY, own: OWN_KEY, inRows: IN_ROWS_KEY, about: ABOUT_KEY } as const;
export type PolicyInput = keyof typeof KEYS;

export const hasInput = (supergraph: Supergraph, type: string, input: PolicyInput): boolean =>
  supergraph.fields.get(coordinate(type, input))?.policyInput === true;

/** Does nothing for a type that has no such input. */
export function inject(position: DraftPosition, input: PolicyInput, supergraph: Supergraph): void {
  const info = supergraph.fields.get(coordinate(position.type, input));
  if (!info?.policyInput) return;
  const returned = supergraph.fullSchema.getType(info.returns);
  const selection = isObjectType(returned) ? allFields(returned) : "";
  position.injected.add(`${KEYS[input]}:${input}(reader:$${READER_VARIABLE})${selection}`);
}

const allFields = (type: GraphQLObjectType): string => `{${Object.keys(type.getFields()).join(" ")}}`;
