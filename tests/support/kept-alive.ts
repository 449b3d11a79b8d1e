/**
 * Asks one question after the other over connections of its own that are kept alive, and counts what comes back.
 *
 * Each connection is one socket, which must last: a connection that was cut is a failure as much as a status other than 200. With
 * `closing`, a server may say `Connection: close` with an answer; the next question then goes over another socket.
 */
import { once } from "node:events";
import { Agent, request } from "node:http";
import { type AgentOptions, Agent as SecureAgent, request as secureRequest } from "node:https";

export interface Exchanged {
  readonly connection: number;
  readonly status: number;
  readonly text: string;
  /** From the question to the whole answer. */
  readonly ms: number;
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

export interface LoadOptions {
  /** Whom an `https:` origin is asked as. */
  readonly tls?: AgentOptions;
  /** Whether the server may close a connection with an answer that says so. */
  readonly closing?: boolean;
}

export function startLoad(
  origin: string,
  connections: number,
  ask: Ask,
  { tls, closing = false }: LoadOptions = {},
): Load {
  const send = tls ? secureRequest : request;
  const exchanged: Exchanged[] = [];
  const failures: string[] = [];
  let isStopped = false;
  const run = async (connection: number): Promise<void> => {
    const single = { keepAlive: true, maxSockets: 1 };
    const agent = tls ? new SecureAgent({ ...tls, ...single }) : new Agent(single);
    let allowed = 1;
    const sockets = new Set<unknown>();
    while (!isStopped) {
      try {
        const { path, headers, body } = ask(connection);
        const began = performance.now();
        const sent = send(`${origin}${path}`, {
          agent,
          headers,
          method: body === undefined ? "GET" : "POST",
        });
        sent.end(body);
        const [response] = await once(sent, "response");
        sockets.add(sent.socket);
        if (closing && response.headers.connection === "close") allowed += 1;
        const text = (await response.setEncoding("utf8").toArray()).join("");
        const ms = performance.now() - began;
        exchanged.push({ connection, status: response.statusCode, text, ms });
        if (response.statusCode !== 200) failures.push(`${response.statusCode} ${text}`);
      } catch (error) {
        failures.push(String(error));
      }
    }
    if (sockets.size > allowed) failures.push(`connection ${connection} took ${sockets.size} sockets`);
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
