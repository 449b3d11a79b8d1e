/** Sends one request to a subgraph and turns whatever goes wrong into faults: an answer stays partial, never wrong. */
import type { SubgraphName } from "../kernel/brands.ts";
import { ERRORS, type ErrorCode, GatewayError } from "../kernel/errors.ts";
import type { SubgraphReply, SubgraphRequest } from "./backend.ts";
import type { Fault, Run } from "./run.ts";

export interface Question {
  readonly subgraph: SubgraphName;
  readonly query: string;
  readonly kind: SubgraphRequest["kind"];
  readonly variables: Readonly<Record<string, unknown>>;
  /** Where the answer belongs, for faults. */
  readonly path: Fault["path"];
}

/** The reply's data, or null after a fault. Faults never hold an agency's words. */
export async function ask(run: Run, question: Question): Promise<SubgraphReply["data"]> {
  const { subgraph, query, kind, variables, path } = question;
  const backend = run.backends.get(subgraph);
  if (!backend) throw new GatewayError("INTERNAL_SERVER_ERROR", `no backend is known for \`${subgraph}\``);
  try {
    const { data, errors } = await backend.fetch({
      query,
      kind,
      variables,
      reader: run.reader,
      signal: run.signal,
    });
    for (const { code } of errors) refuseIfCallers(code);
    const codes = new Set(errors.map(({ code }) => agencyCode(code)));
    for (const code of codes) run.faults.push({ code, subgraph, path });
    return data;
  } catch (error) {
    if (!(error instanceof GatewayError) || error.family !== "agency") throw error;
    run.faults.push({ code: error.code, subgraph, path });
    return null;
  }
}

/** What the caller is told of a refusal by a service of ours; its own words stay with it. */
const WORDS: Partial<Record<ErrorCode, string>> = {
  BAD_CURSOR: "the cursor is not one that this list gave you, or it is older than a day",
  NOT_IMPLEMENTED: "a field of this operation is not served yet",
};

/** A service of ours may find the caller's own mistake, such as a cursor that is none: it refuses the whole request. */
function refuseIfCallers(code: string | undefined): void {
  if (code === undefined || !Object.hasOwn(ERRORS, code)) return;
  const known = code as ErrorCode;
  if (ERRORS[known].family !== "caller") return;
  throw new GatewayError(known, WORDS[known] ?? "the arguments are not acceptable together: see the schema");
}

const agencyCode = (code: string | undefined): ErrorCode =>
  code === "AGENCY_TIMEOUT" || code === "AGENCY_UNAVAILABLE" ? code : "AGENCY_BAD_REPLY";

export function pick(
  variables: Readonly<Record<string, unknown>>,
  names: Iterable<string>,
): Record<string, unknown> {
  const picked: Record<string, unknown> = Object.create(null);
  for (const name of names) if (variables[name] !== undefined) picked[name] = variables[name];
  return picked;
}
