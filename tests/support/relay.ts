/**
 * An agency's server behind a process of its own, which a test can make misbehave, stop (SIGSTOP) and kill: what its peers see is
 * what the kernel does with the sockets of such a process.
 */
import { startWorker, type Worker } from "../../bench/worker.ts";

export interface RelayOptions {
  readonly target: string;
  /** 0: any that is free. */
  readonly port: number;
}

export interface RelayReady {
  readonly url: string;
  readonly pid: number;
}

/** `half`: half an answer, then silence; `torn`: half an answer, then the end; `partial`: with an error beside the data. */
export type Way = "late" | "half" | "torn" | "garbage" | "of wrong types" | "huge" | "partial";

export type RelayQuestions = {
  /** Questions that it was asked. */
  readonly asked: () => number;
  /** How it answers from now on; null: as the server does. */
  readonly answer: (way: Way | null) => void;
};

export interface Relay {
  readonly url: string;
  asked(): Promise<number>;
  answer(way: Way | null): Promise<void>;
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Another process in the place of the one that was killed. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startRelay(target: string): Promise<Relay> {
  const start = (port: number): Promise<Worker<RelayReady, RelayQuestions>> =>
    startWorker({ module: "../tests/support/relay-process", options: { target, port } });
  let worker = await start(0);
  const { url } = worker.ready;
  const signal = (name: NodeJS.Signals): void => void process.kill(worker.ready.pid, name);
  return {
    ...{ url, signal },
    asked: () => worker.ask("asked"),
    answer: (way) => worker.ask("answer", way),
    async kill() {
      signal("SIGKILL");
      await worker.stop();
    },
    async restart() {
      worker = await start(Number(new URL(url).port));
    },
    close: () => worker.stop(),
  };
}
