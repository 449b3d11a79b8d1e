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
  /** Life of its tokens; five minutes unless given. */
  readonly seconds?: number;
  /** Where its users come back to: a front end, which has no secret, and whose users sign in. */
  readonly redirectUri?: string;
}

/** Who signs in at the issuer, how well and when they proved who they are. */
export interface SignIn {
  readonly staff: string;
  readonly acr: string;
  readonly atSeconds: number;
}

export interface OidcIssuer {
  readonly url: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  readonly authorizationUrl: string;
  /** Who is at the browser from now on. */
  signIn(who: SignIn): void;
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
  let user: SignIn | null = null;
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
    const provider = new Provider(url, configuration(options, keys));
    const rest = provider.callback() as Handler;
    handle = (request, response) =>
      request.url?.startsWith(SIGN_IN) ? signIn(provider, request, response, user) : rest(request, response);
  };
  publish(options.keys);
  return {
    ...{ url, tokenUrl: `${url}/token`, jwksUrl: `${url}/jwks`, publish },
    authorizationUrl: `${url}/auth`,
    signIn: (who) => {
      user = who;
    },
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
const SIGN_IN = "/sign-in/";

/** The page where a user would type: whoever is at the browser proves who they are and agrees. */
async function signIn(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  user: SignIn | null,
): Promise<void> {
  if (user === null) {
    response.writeHead(401).end();
    return;
  }
  const { staff: accountId, acr, atSeconds: ts } = user;
  await provider.interactionFinished(request, response, { login: { accountId, acr, ts, remember: false } });
}

const configuration = ({ clients, audience }: OidcIssuerOptions, keys: readonly JWK[]): Configuration => ({
  clients: clients.map(clientOf),
  jwks: { keys: [...keys] as never },
  scopes: ["openid", "ask"],
  acrValues: ["AAL1", "AAL2", "AAL3"],
  clientDefaults: { id_token_signed_response_alg: "ES256" },
  ttl: {
    ClientCredentials: (_, _token, { clientId }) => secondsOf(clients, clientId),
    AccessToken: (_, _token, { clientId }) => secondsOf(clients, clientId),
    ...{ Interaction: TOKEN_SECONDS, Grant: TOKEN_SECONDS, Session: TOKEN_SECONDS, IdToken: TOKEN_SECONDS },
  },
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  interactions: { url: (_, { uid }) => `${SIGN_IN}${uid}` },
  loadExistingGrant: async ({ oidc }) => {
    const accountId = oidc.session?.accountId;
    const grant = new oidc.provider.Grant({
      ...(accountId !== undefined && { accountId }),
      ...(oidc.client && { clientId: oidc.client.clientId }),
    });
    grant.addOIDCScope("openid ask");
    grant.addResourceScope(audience, "ask");
    await grant.save();
    return grant;
  },
  extraTokenClaims: ({ oidc }, { clientId }) => {
    const code = oidc.entities.AuthorizationCode;
    return {
      ...clients.find(({ id }) => id === clientId)?.claims,
      ...(code && { acr: code.acr, auth_time: code.authTime }),
    };
  },
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
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        ...{ scope: "ask", audience, accessTokenFormat: "jwt", jwt: { sign: { alg: "ES256" } } },
      }),
    },
  },
});

const secondsOf = (clients: readonly IssuerClient[], clientId: string): number =>
  clients.find(({ id }) => id === clientId)?.seconds ?? TOKEN_SECONDS;

const clientOf = ({ id, secret, binding, redirectUri }: IssuerClient): ClientMetadata => ({
  client_id: id,
  ...(redirectUri === undefined
    ? { client_secret: secret, grant_types: ["client_credentials"], redirect_uris: [], response_types: [] }
    : {
        ...{ token_endpoint_auth_method: "none", grant_types: ["authorization_code"] },
        ...{ redirect_uris: [redirectUri], response_types: ["code"] },
      }),
  ...{ dpop_bound_access_tokens: binding === "dpop" },
  id_token_signed_response_alg: "ES256",
  tls_client_certificate_bound_access_tokens: binding === "mtls",
});

function pemOf(socket: TLSSocket): string | undefined {
  return socket.authorized ? socket.getPeerX509Certificate()?.toString() : undefined;
}
