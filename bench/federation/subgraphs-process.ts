/** The subgraphs of a workload as a process of its own. */
import { pinSelf } from "../pin.ts";
import { serveWorker } from "../serve-worker.ts";
import { startSubgraphs } from "./subgraph-server.ts";
import { type WorkloadName, workloadNamed } from "./workloads.ts";

export interface SubgraphsOptions {
  readonly workload: WorkloadName;
  readonly core: number | null;
}

export interface SubgraphsReady {
  readonly origin: string;
}

export type SubgraphsQuestions = {
  readonly delay: (ms: number) => void;
  readonly counted: () => Readonly<Record<string, number>>;
};

serveWorker<SubgraphsOptions>(async ({ workload, core }) => {
  pinSelf(core);
  const { origin, delay, counted, close } = await startSubgraphs(workloadNamed(workload).subgraphs);
  const answers: SubgraphsQuestions = { delay, counted };
  return { ready: { origin } satisfies SubgraphsReady, answers, stop: close };
});
