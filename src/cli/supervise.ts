/**
 * Child processes of the sandbox, seen from the parent (`run-child.ts` is the other side).
 *
 * Start   forks the module, sends it its options, resolves with what it says when it is ready.
 * Errors  what the child reports, with its code; PORT_IN_USE and the like keep theirs. A child that dies before it is ready, or is
 *         not ready in time, is CONFIG_INVALID in its own name.
 * Life    the channel between the two ends with either: a child whose parent is killed in whatever way stops by itself.
 * Stop    SIGTERM, SIGKILL after 5 s. `ended` resolves when the child is gone, asked or not.
 */
import { type ChildProcess, fork } from "node:child_process";
import { childEnvironment } from "../config/environment.ts";
import { type ErrorCode, GatewayError } from "../kernel/errors.ts";

export interface ChildOptions {
  /** For messages. */
  readonly name: string;
  /** Absolute. */
  readonly module: string | URL;
  /** Sent as JSON. */
  readonly options: unknown;
  readonly readyWithinMs?: number;
}

export interface Child<Ready> {
  readonly name: string;
  readonly pid: number;
  readonly ready: Ready;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export type ChildReport =
  | { readonly kind: "ready"; readonly ready: unknown }
  | {
      readonly kind: "failed";
      readonly code: ErrorCode;
      readonly message: string;
      readonly problems: readonly string[];
    };

const READY_WITHIN_MS = 60_000;
const STOP_PATIENCE_MS = 5_000;

export async function startChild<Ready>(options: ChildOptions): Promise<Child<Ready>> {
  const { name, module } = options;
  const child = fork(module, [], { env: childEnvironment(), stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  const stop = () => stopChild(child, ended);
  try {
    const ready = (await readiness(child, options)) as Ready;
    return { name, pid: child.pid ?? 0, ready, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function readiness(child: ChildProcess, { name, options, readyWithinMs = READY_WITHIN_MS }: ChildOptions) {
  return new Promise<unknown>((resolve, reject) => {
    const fail = (what: string, cause?: unknown) =>
      reject(new GatewayError("CONFIG_INVALID", `${name} ${what}`, { cause }));
    const timer = setTimeout(() => fail(`was not ready within ${readyWithinMs} ms`), readyWithinMs);
    child.once("error", (cause) => fail("cannot be started", cause));
    child.once("exit", (status, signal) =>
      fail(`ended before it was ready (${signal ?? `status ${status}`})`),
    );
    child.once("message", (message) => {
      const report = message as ChildReport;
      clearTimeout(timer);
      if (report.kind === "ready") resolve(report.ready);
      else reject(new GatewayError(report.code, `${name}: ${report.message}`, { problems: report.problems }));
    });
    child.send({ options }, (cause) => {
      if (cause) fail("cannot be reached", cause);
    });
  });
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE_MS);
  await ended;
  clearTimeout(patience);
}
