/** How a proof of possession travels: over POST, GET, in batches, on WebSockets; where the server is, and where callers believe it is. */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { afterEach, expect, it } from "vitest";
import WebSocket from "ws";
import type { GatewayPort } from "../../src/server/gateway-port.ts";
import type { HttpServerOptions } from "../../src/server/http-server.ts";
import { bench } from "../identity/bench.ts";
import { prover } from "../identity/prover.ts";
import { answering, serverFor } from "./open-gateway.ts";

const holder = await prover();
const token = holder.token();
const QUESTION = { query: "{ hello }" };

let server: Awaited<ReturnType<typeof serverFor>> | undefined;
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await server?.stop();
});

async function start(options: Partial<HttpServerOptions> = {}) {
  const { authenticate } = bench();
  const gateway: GatewayPort = {
    ...answering(async ({ headers, channel }) => {
      const { member } = await authenticate(headers, channel);
      return JSON.stringify({ data: { member } });
    }),
    admit: async (headers, channel) => void (await authenticate(headers, channel)),
  };
  server = await serverFor(gateway, options);
  return server;
}

const headersWith = (dpop: string) => ({
  authorization: `DPoP ${token}`,
  ...{ dpop, "x-purpose": "SHELTER_CARE" },
});

const proofFor = (htu: string, htm = "POST") => holder.proof(token, { claims: { htu, htm } });

it("by POST, for the server's own address, and once", async () => {
  const { post, url } = await start();
  const headers = headersWith(proofFor(url));
  expect(await (await post(QUESTION, headers)).json()).toEqual({ data: { member: "BH/NGO/MWPS/assist" } });
  const again = await post(QUESTION, headers);
  expect(again.status).toBe(401);
  expect(again.headers.get("www-authenticate")).toBe('DPoP algs="PS256 ES256 EdDSA", Bearer');
});

it("not for the address that the header `host` claims", async () => {
  const { url } = await start();
  const ask = async (htu: string) => {
    const headers = {
      ...headersWith(proofFor(htu)),
      ...{ host: "gateway.test", "content-type": "application/json" },
    };
    const asking = request(url, { method: "POST", headers }).end(JSON.stringify(QUESTION));
    const [response] = await once(asking, "response");
    return (response as IncomingMessage).resume().statusCode;
  };
  expect([await ask("http://gateway.test/graphql"), await ask(url)]).toEqual([401, 200]);
});

it("for the public address alone, where one is configured, whatever a proxy or a caller says", async () => {
  const { post, url } = await start({ trustedProxy: true, publicUrl: "https://Gateway.test/api/graphql" });
  const forwarded = {
    "x-forwarded-host": "evil.test",
    "x-forwarded-proto": "http",
    forwarded: "host=evil.test",
  };
  const ask = async (htu: string) =>
    (await post(QUESTION, { ...headersWith(proofFor(htu)), ...forwarded })).status;
  expect(await ask("https://gateway.test/api/graphql")).toBe(200);
  for (const htu of [
    url,
    "http://gateway.test/api/graphql",
    "http://evil.test/graphql",
    "https://gateway.test/graphql",
  ])
    expect(await ask(htu), htu).toBe(401);
});

it("by GET, without the query", async () => {
  const { url } = await start();
  const ask = async (htm: string) => {
    const search = new URLSearchParams(QUESTION);
    return (await fetch(`${url}?${search}`, { headers: headersWith(proofFor(url, htm)) })).status;
  };
  expect([await ask("GET"), await ask("POST")]).toEqual([200, 401]);
});

it("one for all questions of a batch", async () => {
  const { post, url } = await start({ batchSize: 10 });
  const headers = headersWith(proofFor(url));
  const batch = Array.from({ length: 10 }, () => QUESTION);
  const answers = (await (await post(batch, headers)).json()) as { data?: object }[];
  expect(answers.filter(({ data }) => data)).toHaveLength(10);
  expect((await post(batch, headers)).status).toBe(401);
});

async function handshake(url: string, dpop: string): Promise<WebSocket> {
  const socket = new WebSocket(url.replace("http", "ws"), "graphql-transport-ws");
  sockets.push(socket);
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init", payload: headersWith(dpop) }));
  return socket;
}

/** What came for an operation, up to its `complete`. */
function ask(socket: WebSocket, id: string): Promise<string> {
  socket.send(JSON.stringify({ id, type: "subscribe", payload: QUESTION }));
  return new Promise((resolve) => {
    let text = "";
    socket.on("message", (message) => {
      text += message;
      if (text.includes('"complete"')) resolve(text);
    });
  });
}

it.each(["http", "ws"])(
  "in `connection_init`, for the handshake (%s), for as long as the connection lives",
  async (scheme) => {
    const { url } = await start();
    const socket = await handshake(url, proofFor(url.replace("http", scheme), "GET"));
    expect(String((await once(socket, "message"))[0])).toContain("connection_ack");
    for (const id of ["1", "2"]) expect(await ask(socket, id)).toContain("BH/NGO/MWPS/assist");
  },
);

it("of a WebSocket, not on another one, not for a POST, and not left out", async () => {
  const { url, post } = await start();
  const proof = proofFor(url, "GET");
  const first = await handshake(url, proof);
  await once(first, "message");
  for (const dpop of [proof, proofFor(url, "POST"), ""]) {
    const [code, reason] = await once(await handshake(url, dpop), "close");
    expect([code, String(reason)]).toEqual([4403, "UNAUTHENTICATED"]);
  }
  expect((await post(QUESTION, headersWith(proof))).status).toBe(401);
});
