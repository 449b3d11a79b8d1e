/** The load generator as a process of its own. */
import { type Load, type LoadResult, runLoad } from "./load.ts";
import { serveWorker } from "./serve-worker.ts";

export type LoadQuestions = { readonly run: (load: Load) => Promise<LoadResult> };

serveWorker(async () => {
  const answers: LoadQuestions = { run: runLoad };
  return { ready: null, answers, stop: async () => {} };
});
