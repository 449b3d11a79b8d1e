/**
 * Every way in ends here, over HTTP and WebSocket, so every question meets the same limits, decisions and records.
 *
 * In      a question in good form; its document, or the name of one that is persisted.
 * Errors  NOT_READY, before a question is read; those of the document store and of `apollo.ts`.
 */
import type { DocumentStore } from "../operation/document-store.ts";
import type { Answer } from "../respond/answer.ts";
import { codeOf, type Trace, type Tracing } from "../telemetry/trace.ts";
import type { Edge } from "./apollo.ts";
import type { Caller } from "./caller.ts";
import type { Question } from "./request-form.ts";

export type Ask = (question: Question) => Promise<Answer>;
export type Asker = (caller: Caller) => Ask;

/** `edge` throws while there is nothing to ask yet. */
export function createAsker(edge: () => Edge, documents: DocumentStore, tracing?: Tracing): Asker {
  return (caller) => {
    const ready = edge();
    const ask = async (question: Question, trace?: Trace): Promise<Answer> => {
      const { operationName, variables } = question;
      const authorization = caller.headers.get("authorization") ?? "";
      const query = documents.textOf(question, authorization);
      const answer = await ready.ask(caller, { query, operationName, variables, ...(trace && { trace }) });
      documents.register(question, authorization);
      return answer;
    };
    if (!tracing) return ask;
    return (question) => {
      const trace = tracing.begin(caller.headers.get("traceparent"));
      return trace ? tracedTo(trace, caller, () => ask(question, trace)) : ask(question);
    };
  };
}

/** An answer in pieces is traced until its first piece. */
async function tracedTo(
  trace: Trace,
  { requestId, method }: Caller,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  try {
    const answer = await ask();
    trace.end({ requestId, method });
    return answer;
  } catch (error) {
    trace.end({ requestId, method, code: codeOf(error) });
    throw error;
  }
}
