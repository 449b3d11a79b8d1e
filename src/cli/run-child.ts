/**
 * A child process of the sandbox, seen from inside: `sandbox/main.ts` and `ledger/main.ts` are one call of this.
 *
 * In      `start`, given the options that the parent sent; resolves when ready, with what the parent is to know.
 * Life    SIGTERM, or the end of the channel because the parent is gone, stops it; Ctrl-C reaches the whole group and is
 *         left to the parent. A stop that hangs is cut after 4 s.
 */
import { GatewayError } from "../kernel/errors.ts";
import type { ChildReport } from "./supervise.ts";

export interface Started {
  /** JSON for the parent: ports, URLs. */
  readonly ready: unknown;
  stop(): Promise<void>;
}

const STOP_MS = 4_000;

export function runChild<Options>(start: (options: Options) => Promise<Started>): void {
  let running: Started | null = null;
  const end = async () => {
    setTimeout(() => process.exit(1), STOP_MS).unref();
    await running?.stop();
    process.exit(0);
  };
  process.on("SIGINT", () => {});
  process.once("SIGTERM", end);
  process.once("disconnect", end);
  process.once("message", (message) => {
    start((message as { options: Options }).options).then(
      (started) => {
        running = started;
        report({ kind: "ready", ready: started.ready });
      },
      (error: unknown) => {
        report(failure(error));
        process.exitCode = 1;
        process.disconnect();
      },
    );
  });
}

function report(message: ChildReport): void {
  if (process.connected) process.send?.(message);
}

function failure(error: unknown): ChildReport {
  if (error instanceof GatewayError)
    return {
      kind: "failed",
      code: error.code,
      message: error.message,
      problems: error.detail.problems ?? [],
    };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: "failed", code: "CONFIG_INVALID", message: stack, problems: [] };
}
