/** Bare Node as a process of its own. */
import { type Score, startBare } from "./bare.ts";
import { serveWorker } from "./serve-worker.ts";
import { type MeterQuestions, usageMeter } from "./usage.ts";

export interface BareOptions {
  /** Connection URL of each database, by its name. */
  readonly databaseUrls: Readonly<Record<string, string>>;
}

export interface BareReady {
  readonly url: string;
}

export type BareQuestions = MeterQuestions & { readonly play: (score: Score) => void };

serveWorker<BareOptions>(async ({ databaseUrls }) => {
  const bare = await startBare(databaseUrls);
  const answers: BareQuestions = { ...usageMeter(), play: bare.play };
  return { ready: { url: bare.url } satisfies BareReady, answers, stop: bare.close };
});
