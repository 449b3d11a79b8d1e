/**
 * A proxy before one server of a deployment, through which a test makes it lie, hang or vanish: real connections, and
 * answers as the real server gave them until `tamper` says otherwise.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Tampered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What leaves instead of an answer: `cut` closes the connection, `hang` never answers, `half` falls silent half-way, `torn` is cut
 * half-way.
 */
type Instead = Tampered | "cut" | "hang" | "half" | "torn";
export type Tamper = (answer: Tampered, question: string) => Instead | Promise<Instead>;

export interface TamperingProxy {
  /** In place of a URL of the server behind. */
  urlFor(url: string): string;
  /** Questions so far. */
  asked(): number;
  /** Until the next call; null passes everything on. */
  tamper(how: Tamper | null): void;
  close(): Promise<void>;
}

const HOP_BY_HOP = new Set(["connection", "content-length", "host", "keep-alive", "transfer-encoding"]);

/** `at`: where it listens; any free port, unless given. */
export async function startTamperingProxy(target: string, at = 0): Promise<TamperingProxy> {
  const { origin } = new URL(target);
  let how: Tamper | null = null;
  let asked = 0;
  const server = createServer(async (request, response) => {
    asked += 1;
    const question = await textOf(request);
    const answer = await ask(origin, request, question).catch(() => "cut" as const);
    const given = answer === "cut" ? answer : ((await how?.(answer, question)) ?? answer);
    if (given === "cut" || answer === "cut") request.socket.destroy();
    else if (given === "half" || given === "torn") {
      const body = Buffer.from(answer.body);
      response.writeHead(answer.status, { ...answer.headers, "content-length": body.length });
      response.write(body.subarray(0, body.length / 2), () => given === "torn" && request.socket.destroy());
    } else if (given !== "hang") response.writeHead(given.status, { ...given.headers }).end(given.body);
  }).listen(at, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    asked: () => asked,
    urlFor: (url) => url.replace(origin, `http://127.0.0.1:${port}`),
    tamper: (next) => {
      how = next;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function ask(origin: string, request: IncomingMessage, question: string): Promise<Tampered> {
  const { method = "GET", url = "/", headers } = request;
  const response = await fetch(`${origin}${url}`, {
    method,
    headers: passed(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    ...(method === "GET" ? {} : { body: question }),
  });
  return {
    status: response.status,
    headers: passed([...response.headers]),
    body: await response.text(),
  };
}

const passed = (headers: readonly (readonly [string, string])[]): Record<string, string> =>
  Object.fromEntries(headers.filter(([name]) => !HOP_BY_HOP.has(name)));

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
