/**
 * Subgraphs that cost next to nothing: HTTP/1.1 over raw TCP, every answer remembered by path and body. Only the first sight of a
 * body is executed, by graphql-js.
 *
 * In      a workload's subgraphs, each served at the path of its name; a delay that every answer keeps.
 * Out     its origin; how many calls there were and to whom, since it was last asked.
 * Note    an executed answer with errors is an answer like any other; a request that cannot be read ends its connection.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type GraphQLSchema, graphql } from "graphql";
import { federatedSchema } from "../../src/connectors/federated-schema.ts";
import { messageReader } from "../http-messages.ts";
import type { Operation, Subgraph } from "./workload.ts";

export interface SubgraphServer {
  readonly origin: string;
  delay(ms: number): void;
  /** Calls by subgraph, counted from zero again afterwards. */
  counted(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export async function startSubgraphs(subgraphs: readonly Subgraph[]): Promise<SubgraphServer> {
  const schemas = new Map(subgraphs.map((one) => [`/${one.name}`, federatedSchema(one)]));
  const answers = new Map<string, Buffer | Promise<Buffer>>();
  const sockets = new Set<Socket>();
  let delayMs = 0;
  let calls = new Map<string, number>();

  const answerTo = (path: string, body: Buffer): Buffer | Promise<Buffer> => {
    const key = `${path}\n${body.toString("latin1")}`;
    const known = answers.get(key);
    if (known) return known;
    const answer = executed(schemas.get(path), body);
    answers.set(key, answer);
    answer.then((bytes) => answers.set(key, bytes));
    return answer;
  };

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    /** Answers leave in the order of their requests. */
    let before: Promise<unknown> | null = null;
    const read = messageReader(({ head, body }) => {
      const path = head.slice(head.indexOf(" ") + 1, head.indexOf(" HTTP/"));
      calls.set(path, (calls.get(path) ?? 0) + 1);
      const answer = answerTo(path, body);
      if (delayMs === 0 && before === null && answer instanceof Buffer) {
        socket.write(answer);
        return;
      }
      const turn = Promise.all([answer, before, elapsed(delayMs)]).then(([bytes]) => {
        socket.write(bytes);
        if (before === turn) before = null;
      });
      before = turn;
    });
    socket.on("data", (chunk) => {
      try {
        read(chunk);
      } catch {
        socket.destroy();
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delay: (ms) => {
      delayMs = ms;
    },
    counted() {
      const counts = [...calls].map(([path, count]) => [path.slice(1), count] as const);
      calls = new Map();
      return Object.fromEntries(counts);
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

const elapsed = (ms: number): Promise<void> | null =>
  ms === 0 ? null : new Promise((resolve) => setTimeout(resolve, ms));

async function executed(schema: GraphQLSchema | undefined, body: Buffer): Promise<Buffer> {
  if (!schema) return reply("404 Not Found", "{}");
  const { query, variables } = JSON.parse(body.toString()) as Operation;
  return reply(
    "200 OK",
    JSON.stringify(await graphql({ schema, source: query, variableValues: variables ?? {} })),
  );
}

const reply = (status: string, json: string): Buffer =>
  Buffer.from(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );
