/**
 * The planner's own process: native code that some inputs abort and some keep busy for a minute, so it lives here
 * and is killed at a deadline. Speaks IPC: `{ sdl }` once, then `{ id, text }` → `{ id, plan }` or `{ id, error }`.
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
  | { readonly ready: true }
  | { readonly id: number; readonly plan: unknown }
  | { readonly id: number; readonly error: string };

let planner: NativePlanner | undefined;
const reply = (message: PlannerReply): void => void process.send?.(message);

process.on("message", (request: PlannerRequest) => {
  if ("sdl" in request) {
    planner = new QueryPlanner(request.sdl);
    reply({ ready: true });
    return;
  }
  try {
    reply({
      id: request.id,
      plan: planner?.plan(request.text, null, new Set(request.labels), request.percentage),
    });
  } catch (error) {
    reply({ id: request.id, error: error instanceof Error ? error.message : String(error) });
  }
});
process.on("disconnect", () => process.exit(0));
