/**
 * An answer in pieces: the initial one, then what `@defer` put off, each as soon as what it waits for has come.
 *
 * In      an executed and projected request that has deferred fields; how a payload is recorded.
 * Out     bodies, each after its own disclosure record is on disk. Late fetches begin when the second body is asked for.
 * Ends    with the last fragment; when the request's signal aborts, which reaches the agencies: then nothing is recorded any more.
 */
import type { ExecuteRequest, Execution } from "./execute/execute.ts";
import { LateRun } from "./execute/late-run.ts";
import { Interruptible } from "./kernel/interruptible.ts";
import { type Answer, Body } from "./respond/answer.ts";
import type { ErrorWords } from "./respond/errors.ts";
import { Increments } from "./respond/increments.ts";
import type { Projected } from "./respond/project.ts";
import { projectIncrement } from "./respond/project-increment.ts";
import { respond } from "./respond/respond.ts";
import { respondIncrement, respondInitially } from "./respond/respond-increment.ts";
import type { ProjectTools } from "./respond/writing.ts";

export type Recorded = Pick<Projected, "withheld" | "disclosed" | "refusals">;

export interface Pieces extends ErrorWords {
  readonly request: ExecuteRequest;
  readonly execution: Execution;
  readonly initial: Projected;
  readonly tools: ProjectTools;
  /** Records what a body discloses, before the body leaves. */
  readonly record: (payload: Recorded, body: Body) => Promise<void>;
  /** Aborts the request's signal when nobody takes bodies any more. */
  readonly hangUp: AbortController;
}

/** Whole all the same when nothing that is shown has anything deferred. */
export async function answerInPieces(pieces: Pieces): Promise<Answer> {
  const { execution, initial, record, hangUp, agencies, locale } = pieces;
  if (initial.deferred.length > 0) {
    const bodies = new Interruptible(bodiesInPieces(pieces), () => hangUp.abort());
    return { kind: "incremental", bodies };
  }
  const { faults } = execution;
  const body = new Body(respond({ projected: initial, faults, agencies, locale }));
  await record(initial, body);
  return { kind: "whole", body };
}

async function* bodiesInPieces(pieces: Pieces): AsyncGenerator<Body, void, undefined> {
  const { request, execution, initial, tools, record, agencies, locale } = pieces;
  const { faults } = execution;
  const words = { agencies, locale };
  const increments = new Increments(initial.deferred);
  const pending = increments.announce();
  const first = new Body(respondInitially({ projected: initial, faults, ...words }, pending));
  await record(initial, first);
  yield first;
  const late = new LateRun(request, execution);
  while (!increments.isOver) {
    for (const fragment of increments.fragments) late.start(fragment);
    await Promise.race([...increments.announced].map((fragment) => late.start(fragment)));
    if (request.signal.aborted) return;
    const { increment, ...payload } = projectIncrement(
      increments,
      (fragment) => late.isReady(fragment),
      execution,
      tools,
    );
    const { isOver } = increments;
    const takeFaults: LateRun["takeFaults"] = (fragment) => late.takeFaults(fragment);
    const body = new Body(
      respondIncrement({ increment, ...payload, takeFaults, hasNext: !isOver, ...words }),
    );
    await record(payload, body);
    if (request.signal.aborted) return;
    yield body;
  }
}
