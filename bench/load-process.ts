/** The load generator as a process of its own. */
import { type Load, type LoadResult, runLoad } from "./load.ts";
import { pinSelf } from "./pin.ts";
import { serveWorker } from "./serve-worker.ts";

export interface LoadOptions {
  readonly core: number | null;
}

export type LoadQuestions = { readonly run: (load: Load) => Promise<LoadResult> };

serveWorker<LoadOptions>(async ({ core }) => {
  pinSelf(core);
  const answers: LoadQuestions = { run: runLoad };
  return { ready: null, answers, stop: async () => {} };
});
