/**
 * Asks one subgraph about some entities for the gateway itself, apart from any plan.
 *
 * In      GraphQL text that takes the representations as `$of`, a type and uids; `more` are further variables.
 * Out     one object for each uid, in order; null for one that the subgraph does not know.
 * Errors  AGENCY_UNAVAILABLE, named by `agency`, when it does not answer in full: nothing is decided by half an answer.
 */
import type { Backend, SubgraphRequest } from "../execute/backend.ts";
import { GatewayError } from "../kernel/errors.ts";

/** Who asks. */
type Asking = Pick<SubgraphRequest, "reader" | "signal">;

export interface EntityQuestion {
  /** Code of the agency whose subgraph it is. */
  readonly agency: string;
  readonly query: string;
  readonly type: string;
  readonly uids: readonly string[];
  readonly more?: Readonly<Record<string, unknown>>;
}

export type AnsweredEntity = Readonly<Record<string, unknown>> | null;

export async function askEntities(
  backend: Backend | undefined,
  { agency, query, type, uids, more }: EntityQuestion,
  { reader, signal }: Asking,
): Promise<readonly AnsweredEntity[]> {
  const of = uids.map((uid) => ({ __typename: type, uid }));
  const reply = await backend?.fetch({ query, kind: "query", variables: { of, ...more }, reader, signal });
  const entities = reply?.data?.["_entities"];
  if (!Array.isArray(entities) || entities.length !== uids.length || reply?.errors.length !== 0)
    throw new GatewayError("AGENCY_UNAVAILABLE", `\`${agency}\` did not answer what the gateway asked`, {
      agency,
    });
  return entities as readonly AnsweredEntity[];
}
