/**
 * One kept-alive client connection on which one request is under way at a time.
 *
 * In      the server's URL; requests as their bytes (`requestBytes`).
 * Out     status and body.
 * Errors  a connection that ends, or says nothing for 30 s, fails the request under way and every later one.
 */
import { once } from "node:events";
import { connect } from "node:net";
import { messageReader } from "./http-messages.ts";

export interface HttpReply {
  readonly status: number;
  readonly body: Buffer;
}

export interface HttpConnection {
  ask(request: Buffer): Promise<HttpReply>;
  close(): void;
}

const SILENCE_MS = 30_000;

export async function openConnection(url: string): Promise<HttpConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let waiting: PromiseWithResolvers<HttpReply> | null = null;
  let failure: Error | null = null;
  const fail = (error: Error) => {
    failure ??= error;
    waiting?.reject(failure);
    socket.destroy();
  };
  await once(socket, "connect");
  socket.setTimeout(SILENCE_MS, () => fail(new Error(`${url} says nothing for ${SILENCE_MS} ms`)));
  socket.on("error", fail);
  socket.on("close", () => fail(new Error(`${url} closed a connection`)));
  const read = messageReader(({ head, body }) => {
    const asked = waiting;
    waiting = null;
    asked?.resolve({ status: statusOf(head), body });
  });
  socket.on("data", (chunk) => {
    try {
      read(chunk);
    } catch (error) {
      fail(error as Error);
    }
  });
  return {
    ask(request) {
      if (failure) return Promise.reject(failure);
      waiting = Promise.withResolvers();
      socket.write(request);
      return waiting.promise;
    },
    close: () => {
      socket.removeAllListeners("close").destroy();
    },
  };
}

/** `HTTP/1.1 200 OK` */
const statusOf = (head: string): number => Number(head.slice(9, 12));

/** A POST of JSON text. */
export function requestBytes(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Buffer {
  const lines = Object.entries({
    host: new URL(url).host,
    connection: "keep-alive",
    ...headers,
    "content-length": String(Buffer.byteLength(body)),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
}
