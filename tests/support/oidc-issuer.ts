/**
 * An agency's issuer as agencies run them: a real OpenID provider (`oidc-provider`) over TLS, which issues `at+jwt` tokens to its
 * clients, bound to the key that they prove or to the certificate that they show.
 *
 * Rotation   `publish` serves another set of keys, the first of which signs.
 */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import Provider, { type ClientMetadata, type Configuration } from "oidc-provider";
import type { Certificate } from "./certificates.ts";

export interface IssuerClient {
  readonly id: string;
  readonly secret: string;
  readonly binding: "dpop" | "mtls" | "bearer";
  /** Address of the member that it speaks for, where that is not the one that most tests have. */
  readonly member?: string;
  /** What its tokens say of the reader: `roles`, `acr`. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface OidcIssuer {
  readonly url: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  /** How often its keys were asked for. */
  readonly jwksRequests: () => number;
  /** Those that it serves; the first signs. */
  readonly keys: () => readonly JWK[];
  publish(keys: readonly JWK[]): void;
  stop(): Promise<void>;
}

export interface OidcIssuerOptions {
  readonly tls: Certificate;
  /** Authority of clients that show certificates. */
  readonly clientCa: string;
  readonly audience: string;
  readonly clients: readonly IssuerClient[];
  readonly keys: readonly JWK[];
}

export async function signingKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: "ES256", use: "sig" };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

export async function startOidcIssuer(options: OidcIssuerOptions): Promise<OidcIssuer> {
  const { certificate: cert, key } = options.tls;
  let handle: Handler = (_, response) => response.writeHead(503).end();
  let jwksRequests = 0;
  const server: Server = createServer(
    { cert, key, ca: options.clientCa, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      if (request.url === "/jwks") jwksRequests += 1;
      handle(request, response);
    },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `https://localhost:${(server.address() as AddressInfo).port}`;
  let keys = options.keys;
  const publish = (next: readonly JWK[]) => {
    keys = next;
    handle = new Provider(url, configuration(options, keys)).callback() as Handler;
  };
  publish(options.keys);
  return {
    ...{ url, tokenUrl: `${url}/token`, jwksUrl: `${url}/jwks`, publish },
    jwksRequests: () => jwksRequests,
    keys: () => keys,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const TOKEN_SECONDS = 300;

const configuration = ({ clients, audience }: OidcIssuerOptions, keys: readonly JWK[]): Configuration => ({
  clients: clients.map(clientOf),
  jwks: { keys: [...keys] as never },
  scopes: ["ask"],
  ttl: { ClientCredentials: TOKEN_SECONDS },
  extraTokenClaims: (_, { clientId }) => ({ ...clients.find(({ id }) => id === clientId)?.claims }),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      getCertificate: ({ req }) => pemOf(req.socket as TLSSocket),
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      getResourceServerInfo: () => ({
        ...{ scope: "ask", audience, accessTokenFormat: "jwt", accessTokenTTL: TOKEN_SECONDS },
        jwt: { sign: { alg: "ES256" } },
      }),
    },
  },
});

const clientOf = ({ id, secret, binding }: IssuerClient): ClientMetadata => ({
  ...{ client_id: id, client_secret: secret },
  ...{ grant_types: ["client_credentials"], redirect_uris: [], response_types: [] },
  ...{ dpop_bound_access_tokens: binding === "dpop" },
  id_token_signed_response_alg: "ES256",
  tls_client_certificate_bound_access_tokens: binding === "mtls",
});

function pemOf(socket: TLSSocket): string | undefined {
  return socket.authorized ? socket.getPeerX509Certificate()?.toString() : undefined;
}
