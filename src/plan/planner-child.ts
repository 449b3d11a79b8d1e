/**
 * The planner's own process: native code that some inputs abort and some keep busy for a minute, so it lives here
 * and is killed at a deadline. Speaks IPC: `{ sdl }` once, then `{ id, text }` → `{ id, plan }` or `{ id, error }`, in order.
 */
import { createRequire } from "node:module";

interface NativePlanner {
  plan(operation: string, name: string | null, labels: Set<string>, percentage: number): unknown;
}

const { QueryPlanner } = createRequire(import.meta.url)("@graphql-hive/router-query-planner") as {
  readonly QueryPlanner: new (sdl: string) => NativePlanner;
};

export type PlannerRequest =
  | { readonly sdl: string }
  | {
      readonly id: number;
      readonly text: string;
      /** Override labels in force, and what `percent(n)` labels are compared with. */
      readonly labels: readonly string[];
      readonly percentage: number;
    };
export type PlannerReply =
  | { readonly ready: true; readonly rss: number }
  | { readonly id: number; readonly plan: unknown; readonly rss: number | undefined }
  | { readonly id: number; readonly error: string; readonly rss: number | undefined };

/** Its memory, in bytes, is told with one of so many replies. */
const RSS_EVERY = 16;

let planner: NativePlanner | undefined;
let replies = 0;
const reply = (message: PlannerReply): void => void process.send?.(message);

process.on("message", (request: PlannerRequest) => {
  if ("sdl" in request) {
    planner = new QueryPlanner(request.sdl);
    reply({ ready: true, rss: process.memoryUsage.rss() });
    return;
  }
  const { id, text, labels, percentage } = request;
  const rss = ++replies % RSS_EVERY === 0 ? process.memoryUsage.rss() : undefined;
  try {
    reply({ id, plan: planner?.plan(text, null, new Set(labels), percentage), rss });
  } catch (error) {
    reply({ id, error: error instanceof Error ? error.message : String(error), rss });
  }
});
process.on("disconnect", () => process.exit(0));
