/**
 * Asks questions over kept-alive connections, each connection again as soon as it is answered, and verifies every answer.
 *
 * In      where and with which headers; the questions, asked in turn, with the answer that each must get, to the byte, or null
 *         to take its first as it comes; how many connections; until when; for a steady load, how many requests a second.
 * Out     the answers by question (null for one that was not asked), how many requests there were, how long they took.
 * Errors  an answer with another status than 200 or other bytes ends the run; with `refused`, one that holds data.
 */
import { type HttpReply, openConnection, requestBytes } from "./http-connection.ts";

export interface Question {
  readonly body: string;
  readonly expected: string | null;
}

export interface Load {
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly questions: readonly Question[];
  readonly connections: number;
  readonly until: { readonly requests: number } | { readonly seconds: number };
  /** As fast as answers come, unless given. */
  readonly perSecond?: number;
  /** Every answer must be a refusal, whose text may differ. */
  readonly refused?: boolean;
}

export interface LoadResult {
  readonly answers: readonly (string | null)[];
  readonly requests: number;
  /** Wall clock, for information: these machines are shared. */
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export async function runLoad(load: Load): Promise<LoadResult> {
  const { url, path, headers, questions, until } = load;
  const requests = questions.map(({ body }) => requestBytes(url, path, headers, body));
  const expected: (Buffer | null)[] = questions.map((one) =>
    one.expected === null ? null : Buffer.from(one.expected),
  );
  const wanted = "requests" in until ? until.requests : Number.POSITIVE_INFINITY;
  const connections = await Promise.all(
    Array.from({ length: Math.min(load.connections, wanted) }, () => openConnection(url)),
  );
  const durations: number[] = [];
  const began = performance.now();
  const end = "seconds" in until ? began + until.seconds * 1_000 : Number.POSITIVE_INFINITY;
  let asked = 0;

  const askInTurn = async ({ ask }: (typeof connections)[number]): Promise<void> => {
    while (asked < wanted && performance.now() < end) {
      const turn = asked++;
      const due = load.perSecond === undefined ? began : began + (turn * 1_000) / load.perSecond;
      if (due >= end) return;
      await sleepUntil(due);
      const at = turn % requests.length;
      const from = performance.now();
      const reply = await ask(requests[at]!);
      durations.push(performance.now() - from);
      if (load.refused) checkRefusal(reply);
      else expected[at] = checkAnswer(reply, expected[at] ?? null);
    }
  };

  try {
    await Promise.all(connections.map(askInTurn));
  } finally {
    asked = Number.POSITIVE_INFINITY;
    for (const connection of connections) connection.close();
  }
  const seconds = (performance.now() - began) / 1_000;
  durations.sort((a, b) => a - b);
  const at = (share: number) => durations[Math.floor(share * (durations.length - 1))] ?? 0;
  return {
    answers: expected.map((answer) => answer?.toString() ?? null),
    ...{ requests: durations.length, seconds, p50Ms: at(0.5), p99Ms: at(0.99) },
  };
}

const sleepUntil = (instant: number): Promise<void> | undefined => {
  const ms = instant - performance.now();
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined;
};

/** The answer that is right from now on. */
function checkAnswer(reply: HttpReply, expected: Buffer | null): Buffer {
  if (reply.status !== 200 || (expected && !reply.body.equals(expected)))
    throw wrong("another answer than the first", reply);
  return expected ?? Buffer.from(reply.body);
}

function checkRefusal(reply: HttpReply): void {
  const { data, errors } = JSON.parse(reply.body.toString()) as { data?: unknown; errors?: unknown };
  if ((data ?? null) !== null || errors === undefined) throw wrong("not a refusal", reply);
}

const SHOWN_CHARACTERS = 2_000;

const wrong = (what: string, { status, body }: HttpReply): Error =>
  new Error(`${what}, status ${status}: ${body.toString().slice(0, SHOWN_CHARACTERS)}`);
