/**
 * What deciding costs where everything is permitted: a reader whom policies permit all, beside the executor alone.
 *
 * Measured  a page of 100 workers, stages called directly, agencies that answer at once; each side in a process of its own.
 *           *Alone* binds, executes and writes a plan that is at hand, of the same schema without groups: nothing is decided or noted.
 *           The *reader* looks up profile and plan as a request does, under Cedar policies that permit everything; each field is
 *           decided, and what the disclosure record says is gathered.
 * Out       CPU of a request, medians of rounds in turn.
 * Errors    answers that differ, or are not whole, end the run.
 */
import { median } from "./median.ts";
import type { PermitAllQuestions } from "./permit-all-process.ts";
import { startWorker, type Worker } from "./worker.ts";

/** Before the first round that counts. */
const WARM_UP = 2_000;
const REQUESTS = 100;

type Side = Worker<null, PermitAllQuestions>;

export async function permitAllCost(rounds: number, share: number) {
  const sides: Side[] = [];
  try {
    for (const decides of [true, false])
      sides.push(await startWorker({ module: "permit-all-process", options: { decides } }));
    const [reader, alone] = sides as [Side, Side];
    checkAlike(await reader.ask("answer"), await alone.ask("answer"));
    const requests = (usual: number) => Math.max(1, Math.round(usual * share));
    for (const side of sides) await side.ask("round", requests(WARM_UP));
    const measured: { readonly readerUs: number; readonly aloneUs: number }[] = [];
    for (let i = rounds; i > 0; i--) {
      const readerUs = await reader.ask("round", requests(REQUESTS));
      measured.push({ readerUs, aloneUs: await alone.ask("round", requests(REQUESTS)) });
    }
    return {
      readerUs: median(measured, ({ readerUs }) => readerUs),
      aloneUs: median(measured, ({ aloneUs }) => aloneUs),
      ratio: median(measured, ({ readerUs, aloneUs }) => readerUs / aloneUs),
    };
  } finally {
    await Promise.all(sides.map((side) => side.stop()));
  }
}

/** But for ids, which count up apart in the two. */
function checkAlike(...answers: readonly string[]): void {
  const [one, other] = answers.map((answer) => answer.replaceAll(/"id-\d+"/g, '"id"'));
  if (one !== other || one?.includes('"errors"')) throw new Error(`answers differ:\n${one}\n${other}`);
}
