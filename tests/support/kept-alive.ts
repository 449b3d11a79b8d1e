/**
 * Asks one question after the other over connections of its own that are kept alive, and counts what comes back.
 *
 * Each connection is one socket, which must last: a connection that was cut is a failure as much as a status other than 200.
 */
import { once } from "node:events";
import { Agent, request } from "node:http";

export interface Exchanged {
  readonly connection: number;
  readonly status: number;
  readonly text: string;
}

export interface Load {
  readonly exchanged: readonly Exchanged[];
  readonly failures: readonly string[];
  /** Lets every connection finish the question it is at. */
  stop(): Promise<void>;
}

/** `ask` gives path, headers and body of the next question of a connection. */
export type Ask = (connection: number) => {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

export function startLoad(origin: string, connections: number, ask: Ask): Load {
  const exchanged: Exchanged[] = [];
  const failures: string[] = [];
  let isStopped = false;
  const run = async (connection: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    while (!isStopped) {
      try {
        const { path, headers, body } = ask(connection);
        const sent = request(`${origin}${path}`, {
          agent,
          headers,
          method: body === undefined ? "GET" : "POST",
        });
        sent.end(body);
        const [response] = await once(sent, "response");
        sockets.add(sent.socket);
        const text = (await response.setEncoding("utf8").toArray()).join("");
        exchanged.push({ connection, status: response.statusCode, text });
        if (response.statusCode !== 200) failures.push(`${response.statusCode} ${text}`);
      } catch (error) {
        failures.push(String(error));
      }
    }
    if (sockets.size > 1) failures.push(`connection ${connection} took ${sockets.size} sockets`);
    agent.destroy();
  };
  const running = Array.from({ length: connections }, (_, index) => run(index));
  return {
    exchanged,
    failures,
    async stop() {
      isStopped = true;
      await Promise.all(running);
    },
  };
}
