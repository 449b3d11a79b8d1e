/**
 * A storm of connections as a process of its own: each asks the same question again as soon as it is answered, over TLS, for so long.
 *
 * Counts  every answer by its status, those that are refused with no `Retry-After`, and what failed otherwise.
 */
import { once } from "node:events";
import { Agent, request } from "node:https";
import { serveWorker } from "../../bench/serve-worker.ts";

export interface Storm {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
  readonly connections: number;
  readonly ms: number;
}

export interface StormSeen {
  readonly statuses: Readonly<Record<number, number>>;
  readonly withoutRetryAfter: number;
  readonly failures: readonly string[];
}

export type StormQuestions = { readonly run: (storm: Storm) => Promise<StormSeen> };

async function run({ url, headers, body, tls, connections, ms }: Storm): Promise<StormSeen> {
  const until = performance.now() + ms;
  const statuses: Record<number, number> = {};
  const failures: string[] = [];
  let withoutRetryAfter = 0;
  const connection = async (): Promise<void> => {
    const agent = new Agent({ ...tls, keepAlive: true, maxSockets: 1 });
    while (performance.now() < until) {
      try {
        const sent = request(url, { agent, headers, method: "POST" }).end(body);
        const [response] = await once(sent, "response");
        await response.resume().toArray();
        statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
        if (response.statusCode === 503 && response.headers["retry-after"] === undefined)
          withoutRetryAfter += 1;
      } catch (error) {
        failures.push(String(error));
      }
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return { statuses, withoutRetryAfter, failures };
}

serveWorker<null>(async () => ({
  ready: null,
  answers: { run } satisfies StormQuestions,
  stop: async () => {},
}));
