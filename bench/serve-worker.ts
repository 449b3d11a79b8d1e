/** The other side of `worker.ts`: a process that starts with its options, answers questions by name, and ends with its parent. */
import { runChild, type Started } from "../src/cli/run-child.ts";
import type { Answer, Question, Questions } from "./worker.ts";

export interface ServedWorker extends Started {
  readonly answers: Questions;
}

export function serveWorker<Options>(start: (options: Options) => Promise<ServedWorker>): void {
  runChild<Options>(async (options) => {
    const started = await start(options);
    process.on("message", async (message) => {
      process.send?.(await answerTo(started.answers, message as Question));
    });
    return started;
  });
}

async function answerTo(answers: Questions, { id, name, argument }: Question): Promise<Answer> {
  try {
    const answer = answers[name];
    if (!answer) throw new RangeError(`nobody answers \`${name}\``);
    return { id, value: await answer(argument as never) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
