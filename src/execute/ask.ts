/**
 * Sends one request to a subgraph. Whatever goes wrong at an agency becomes a fault: an answer stays partial, never wrong.
 *
 * In      a question whose JSON text the fetch has made; variables are parsed from it only where somebody reads them.
 * Out     the reply, or the fault of the whole fetch, which is noted in the run.
 */
import type { SubgraphName } from "../kernel/brands.ts";
import { ERRORS, type ErrorCode, GatewayError } from "../kernel/errors.ts";
import { prepareBody } from "../kernel/prepared-body.ts";
import type { SubgraphReply, SubgraphRequest } from "./backend.ts";
import type { Fault, Run } from "./run.ts";

export interface Question {
  readonly subgraph: SubgraphName;
  readonly query: string;
  /** `{"query":…` up to the variables. */
  readonly head: string;
  readonly kind: SubgraphRequest["kind"];
  /** Members of the variables object, without braces. */
  readonly variables: string;
  /** Where the answer belongs, for faults. */
  readonly path: Fault["path"];
}

export type Asked = { readonly reply: SubgraphReply } | { readonly fault: Fault };

/** What a question's text begins with. */
export const headOf = (query: string): string => `{"query":${JSON.stringify(query)}`;

export async function ask(run: Run, question: Question): Promise<Asked> {
  const { subgraph, path } = question;
  const backend = run.backends.get(subgraph);
  if (!backend) throw new GatewayError("INTERNAL_SERVER_ERROR", `no backend is known for \`${subgraph}\``);
  try {
    const reply = await backend.fetch(requestFor(run, question));
    for (const { code } of reply.errors) refuseIfCallers(code);
    return { reply };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.family !== "agency") throw error;
    const fault: Fault = { code: error.code, subgraph, path };
    run.faults.push(fault);
    return { fault };
  }
}

export function requestFor(
  { reader, signal }: Pick<Run, "reader" | "signal">,
  { query, head, kind, variables }: Pick<Question, "query" | "head" | "kind" | "variables">,
): SubgraphRequest {
  let parsed: SubgraphRequest["variables"] | null = null;
  const request: SubgraphRequest = {
    ...{ query, kind, reader, signal },
    get variables() {
      parsed ??= JSON.parse(`{${variables}}`) as SubgraphRequest["variables"];
      return parsed;
    },
  };
  prepareBody(request, variables === "" ? `${head}}` : `${head},"variables":{${variables}}}`);
  return request;
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

export const agencyCode = (code: string | undefined): ErrorCode =>
  code === "AGENCY_TIMEOUT" || code === "AGENCY_UNAVAILABLE" || code === "AGENCY_SUSPENDED"
    ? code
    : "AGENCY_BAD_REPLY";

/** JSON members of the variables that a fetch uses and the request has. */
export function variableMembers({ variables, variableTexts }: Run, names: readonly string[]): string {
  let members = "";
  for (const name of names) {
    let text = variableTexts.get(name);
    if (text === undefined) {
      const value = variables[name];
      if (value === undefined) continue;
      text = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
      variableTexts.set(name, text);
    }
    members += members === "" ? text : `,${text}`;
  }
  return members;
}
