/**
 * Asks one question many times over kept-alive connections, as fast as answers come, and verifies each of them.
 *
 * In      where, with which headers and body, how often, over how many connections; the answer that every one must equal, to
 *         the byte, or null to take the first as it comes.
 * Out     that answer, and how long answers took.
 * Errors  an answer with another status than 200 or other bytes ends the run.
 */
import { Pool } from "undici";

export interface Load {
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly requests: number;
  readonly connections: number;
  readonly expected: string | null;
}

export interface LoadResult {
  readonly answer: string;
  /** Wall clock, for information: these machines are shared. */
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export async function runLoad(load: Load): Promise<LoadResult> {
  const { url, path, headers, body, requests, connections } = load;
  const pool = new Pool(url, { connections, pipelining: 1 });
  const durations: number[] = [];
  let expected = load.expected === null ? null : Buffer.from(load.expected);
  let left = requests;

  const askInTurn = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const began = performance.now();
      const reply = await pool.request({ method: "POST", path, headers, body });
      const answer = Buffer.from(await reply.body.arrayBuffer());
      durations.push(performance.now() - began);
      expected ??= answer;
      if (reply.statusCode !== 200 || !answer.equals(expected)) throw wrong(reply.statusCode, answer);
    }
  };

  const began = performance.now();
  try {
    await Promise.all(Array.from({ length: Math.min(connections, requests) }, askInTurn));
  } finally {
    left = 0;
    await pool.close();
  }
  const seconds = (performance.now() - began) / 1_000;
  durations.sort((a, b) => a - b);
  const at = (share: number) => durations[Math.floor(share * (durations.length - 1))] ?? 0;
  return { answer: (expected ?? "").toString(), seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

const SHOWN_CHARACTERS = 2_000;

const wrong = (status: number, answer: Buffer): Error =>
  new Error(
    `another answer than the first, status ${status}: ${answer.toString().slice(0, SHOWN_CHARACTERS)}`,
  );
