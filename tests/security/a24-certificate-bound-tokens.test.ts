/**
 * A24: a token that is bound to a certificate comes over a connection that has shown that certificate, or not at all. Real TLS, and
 * the real server of the gateway, before the real identity stage; and the same behind a proxy that ends TLS.
 */
import { Agent, request } from "node:https";
import type { TLSSocket } from "node:tls";
import { afterAll, describe, expect, it } from "vitest";
import type { GatewayPort } from "../../src/server/gateway-port.ts";
import { bench, CLAIMS, forge, HEADER } from "../identity/bench.ts";
import { prover } from "../identity/prover.ts";
import { answering, serverFor } from "../server/open-gateway.ts";
import { authority, type Certificate, clientCertHeader } from "../support/certificates.ts";
import { tlsFiles } from "../support/tls-files.ts";

const own = authority("Gateway's authority");
const clients = authority("Clients' authority");
const stranger = authority("Somebody's authority");
const machine = clients.issue("machine");
const other = clients.issue("other machine");

const { authenticate } = bench();
const identified: GatewayPort = {
  ...answering(async ({ headers, channel }) => {
    const { member } = await authenticate(headers, channel);
    return JSON.stringify({ data: { member } });
  }),
  admit: async (headers, channel) => void (await authenticate(headers, channel)),
};

const direct = await serverFor(identified, { tls: await tlsFiles(own.issue("localhost"), clients) });
const unasking = await serverFor(identified, { tls: await tlsFiles(own.issue("localhost")) });
const proxied = await serverFor(identified, { trustedProxy: true });
const plain = await serverFor(identified);
afterAll(() => Promise.all([direct, unasking, proxied, plain].map((server) => server.stop())));

const bound = (to: Certificate, claims: object = {}) =>
  forge(HEADER, { ...CLAIMS, client_id: "machine", cnf: { "x5t#S256": to.thumbprint }, ...claims });

interface Asked {
  readonly token: string;
  readonly shown?: Certificate | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

interface Told {
  readonly status: number;
  readonly text: string;
  readonly challenge: string | undefined;
  readonly isResumed: boolean;
}

function askTls(url: string, { token, shown = null, headers = {}, agent }: Asked): Promise<Told> {
  const body = JSON.stringify({ query: "{ hello }" });
  return new Promise((resolve, reject) => {
    const asking = request(
      url,
      {
        method: "POST",
        ca: own.certificate,
        ...(agent ? { agent } : { agent: false }),
        ...(shown && { cert: shown.certificate, key: shown.key }),
        headers: { ...headersOf(token), ...headers },
      },
      (response) => {
        let text = "";
        const isResumed = (response.socket as TLSSocket).isSessionReused();
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            ...{ text, challenge: response.headers["www-authenticate"] },
            isResumed,
          }),
        );
      },
    );
    asking.on("error", reject).end(body);
  });
}

const headersOf = (token: string) => ({
  "content-type": "application/json",
  accept: "application/graphql-response+json",
  authorization: `Bearer ${token}`,
  "x-purpose": "SHELTER_CARE",
});

const ANSWERED = { status: 200, text: '{"data":{"member":"BH/NGO/MWPS/assist"}}' };
const REFUSED = {
  status: 401,
  text: '{"errors":[{"message":"a valid access token is required","extensions":{"code":"UNAUTHENTICATED"}}]}',
  challenge: 'DPoP algs="PS256 ES256 EdDSA", Bearer',
};

describe("over the gateway's own TLS", () => {
  it.each([
    ["kept", true, [false, false]],
    ["resumed", false, [false, true]],
  ])("is taken with its certificate, and again on a connection that is %s", async (_, keepAlive, resumed) => {
    const agent = new Agent({ keepAlive, maxSockets: 1, ca: own.certificate, ...pem(machine) });
    for (const isResumed of resumed)
      expect(await askTls(direct.url, { token: bound(machine), agent })).toMatchObject({
        ...ANSWERED,
        isResumed,
      });
    expect(await askTls(direct.url, { token: bound(other), agent })).toMatchObject(REFUSED);
    agent.destroy();
  });

  it.each([
    ["without a certificate", bound(machine), null],
    ["with another certificate of the same authority", bound(machine), other],
    ["with a certificate of another authority, though it is bound to it", bound(stranger), stranger],
    ["with the certificate of the server", bound(machine), own.issue("machine")],
    ["without a binding", bound(machine, { cnf: undefined }), machine],
    ["bound to a key instead", bound(machine, { cnf: { jkt: machine.thumbprint } }), machine],
  ])("is refused %s", async (_, token, shown) => {
    expect(await askTls(direct.url, { token, shown })).toMatchObject(REFUSED);
  });

  it("is refused when a header claims what the connection has not shown", async () => {
    const headers = {
      "client-cert": clientCertHeader(machine),
      "x-forwarded-client-cert": machine.thumbprint,
    };
    expect(await askTls(direct.url, { token: bound(machine), headers })).toMatchObject(REFUSED);
    expect(await askTls(direct.url, { token: bound(machine), shown: other, headers })).toMatchObject(REFUSED);
  });

  it("is refused where no client is asked for a certificate", async () => {
    expect(await askTls(unasking.url, { token: bound(machine), shown: machine })).toMatchObject(REFUSED);
    const bearer = forge(HEADER, CLAIMS);
    expect(await askTls(unasking.url, { token: bearer })).toMatchObject(ANSWERED);
  });

  it("is refused of a client that wants no binding, too, when the token has one", async () => {
    const token = bound(machine, { client_id: "mwps" });
    expect(await askTls(direct.url, { token })).toMatchObject(REFUSED);
    expect(await askTls(direct.url, { token, shown: machine })).toMatchObject(ANSWERED);
  });

  it("of a token that is bound to both, wants both", async () => {
    const holder = await prover();
    const cnf = { jkt: holder.jkt, "x5t#S256": machine.thumbprint };
    const token = bound(machine, { cnf });
    const proofFor = () => holder.proof(token, { claims: { htu: direct.url } });
    const headers = () => ({ authorization: `DPoP ${token}`, dpop: proofFor() });
    expect(await askTls(direct.url, { token, shown: machine })).toMatchObject(REFUSED);
    expect(await askTls(direct.url, { token, headers: headers() })).toMatchObject(REFUSED);
    const both = await askTls(direct.url, { token, shown: machine, headers: headers() });
    expect(both).toMatchObject(ANSWERED);
  });
});

describe("behind a proxy that ends TLS", () => {
  const ask = (server: typeof proxied, token: string, headers: Readonly<Record<string, string>>) =>
    server.post({ query: "{ hello }" }, { ...headersOf(token), ...headers });

  it("is taken with the certificate that the proxy tells", async () => {
    const response = await ask(proxied, bound(machine), { "client-cert": clientCertHeader(machine) });
    expect([response.status, await response.text()]).toEqual([ANSWERED.status, ANSWERED.text]);
  });

  it.each([
    ["none", {}],
    ["another", { "client-cert": clientCertHeader(other) }],
    ["two", { "client-cert": `${clientCertHeader(machine)}, ${clientCertHeader(machine)}` }],
    ["not a byte sequence", { "client-cert": machine.der.toString("base64") }],
    ["with a parameter", { "client-cert": `${clientCertHeader(machine)};a=1` }],
    [
      "in another proxy's form",
      { "x-forwarded-client-cert": `Cert="${encodeURIComponent(machine.certificate)}"` },
    ],
    ["by its thumbprint", { "client-cert": `:${machine.thumbprint}:` }],
  ])("is refused when it tells: %s", async (_, headers) => {
    const response = await ask(proxied, bound(machine), headers);
    expect([response.status, await response.text()]).toEqual([REFUSED.status, REFUSED.text]);
  });

  it("is refused by the same header where no proxy is trusted", async () => {
    const response = await ask(plain, bound(machine), { "client-cert": clientCertHeader(machine) });
    expect([response.status, await response.text()]).toEqual([REFUSED.status, REFUSED.text]);
  });
});

function pem({ certificate: cert, key }: Certificate) {
  return { cert, key };
}
