/**
 * A server on loopback under a name of an agency's, for tests of where the gateway asks. Names are found by a look-up of the test's own, as
 * a DNS server of an attacker's would have it.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect } from "vitest";
import { WebSocketServer } from "ws";
import type { AddressOptions } from "../../src/connectors/addresses.ts";

export const NAME = "police.gov.example";
export const CANARY = "cnr-secret.token-1-outbound";
/** An address of this machine that tests may listen on. */
export const LOOPBACK = { address: "127.0.0.1", family: 4 };

interface Heard {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
}

export interface NamedServer {
  readonly server: Server;
  readonly port: number;
  /** Since the test began, by HTTP and by WebSocket. */
  readonly heard: readonly Heard[];
  /** Ended after the test, last first. */
  readonly closing: (() => unknown)[];
}

/** A new one for each test of a file. */
export function withNamedServer(): NamedServer {
  let heard: Heard[] = [];
  let server: Server | null = null;
  const running = (): Server => server ?? expect.fail("the server does not run yet");
  const closing: (() => unknown)[] = [];
  beforeEach(async () => {
    heard = [];
    server = createServer((request, response) => {
      heard.push({ url: request.url ?? "", headers: request.headers });
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"data":{"answer":42},"keys":[]}');
    });
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (_, { url = "", headers }) => void heard.push({ url, headers }));
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    running().closeAllConnections();
    await new Promise((resolve) => running().close(resolve));
  });
  return {
    closing,
    get server() {
      return running();
    },
    get port() {
      return (running().address() as AddressInfo).port;
    },
    get heard() {
      return heard;
    },
  };
}

/** A name of which `lookUp` says where it is, and how often it was asked. */
export function named(lookUp: () => readonly { readonly address: string; readonly family: number }[]) {
  const refused: string[] = [];
  const asked: string[] = [];
  const options = (more: AddressOptions = {}): AddressOptions => ({
    onRefused: (host, reason) => void refused.push(`${host}: ${reason}`),
    lookup: async (host) => {
      asked.push(host);
      return lookUp();
    },
    ...more,
  });
  return { refused, asked, options };
}
