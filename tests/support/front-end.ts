/** A client of an agency's issuer and of the gateway over TLS: it signs in with its key, or its certificate, and asks. */
import { hash, randomBytes, randomUUID } from "node:crypto";
import { Agent, request } from "node:https";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import type { Certificate } from "./certificates.ts";
import type { IssuerClient, OidcIssuer } from "./oidc-issuer.ts";

export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

const MAX_HOPS = 8;

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface FrontEnd {
  /** A fresh token of the issuer; bound to the key when a proof goes with the question. */
  token(issuer: OidcIssuer, client: IssuerClient): Promise<string>;
  /** A token as a front end gets it: its user signs in at the issuer (authorization code, PKCE), its key is proven. */
  signedIn(issuer: OidcIssuer, client: IssuerClient): Promise<string>;
  proof(url: string, token?: string): Promise<string>;
  ask(url: string, headers: Readonly<Record<string, string>>, question: object): Promise<Told>;
  post(url: string, sent: Sent): Promise<Told>;
  get(url: string): Promise<Told>;
  close(): void;
}

/** `ca`: whom it trusts. `shown`: the certificate that it shows. */
export async function frontEnd(ca: string, shown: Certificate | null = null): Promise<FrontEnd> {
  const agent = new Agent({
    ...{ ca, keepAlive: true, maxSockets: 4 },
    ...(shown && { cert: shown.certificate, key: shown.key }),
  });
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk: JWK = await exportJWK(publicKey);

  const proof: FrontEnd["proof"] = (htu, token) =>
    new SignJWT({ htm: "POST", htu, ...(token && { ath: hash("sha256", token, "base64url") }) })
      .setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk })
      .setJti(randomUUID())
      .setIssuedAt()
      .sign(privateKey);

  const send = (url: string, method: string, { headers, body }: Sent): Promise<Told> =>
    new Promise((resolve, reject) => {
      const asking = request(url, { method, agent, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
        response.on("error", reject);
      });
      asking.on("error", reject).end(body);
    });
  const post: FrontEnd["post"] = (url, sent) => send(url, "POST", sent);

  const tokenOf = async (tokenUrl: string, body: string, headers: Sent["headers"]): Promise<string> => {
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const told = await post(tokenUrl, { headers: { ...headers, ...type }, body });
    const { access_token: token } = JSON.parse(told.text) as { access_token?: string };
    if (token === undefined) throw new Error(`no token: ${told.text}`);
    return token;
  };

  /** Follows redirections as a browser does, with its cookies, until one leads to `end`; gives that address. */
  const browse = async (from: string, end: string): Promise<URL> => {
    const cookies = new Map<string, string>();
    let at = new URL(from);
    for (let hop = 0; hop < MAX_HOPS; hop += 1) {
      if (at.href.startsWith(end)) return at;
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const { headers, status, text } = await send(at.href, "GET", { headers: { cookie }, body: "" });
      for (const line of headers["set-cookie"] ?? []) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      if (headers["location"] === undefined) throw new Error(`signing in ended at ${status} ${text}`);
      at = new URL(String(headers["location"]), at);
    }
    throw new Error(`signing in does not end: ${at.pathname}`);
  };

  return {
    proof,
    post,
    get: (url) => send(url, "GET", { headers: {}, body: "" }),
    token: async ({ tokenUrl }, { id, secret, binding }) =>
      tokenOf(tokenUrl, "grant_type=client_credentials&scope=ask", {
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
        ...(binding === "dpop" && { dpop: await proof(tokenUrl) }),
      }),
    async signedIn({ authorizationUrl, tokenUrl }, { id, redirectUri = "" }) {
      const verifier = randomBytes(32).toString("base64url");
      const state = randomUUID();
      const asked = new URLSearchParams({
        ...{ client_id: id, redirect_uri: redirectUri, response_type: "code", scope: "openid ask", state },
        ...{ code_challenge: hash("sha256", verifier, "base64url"), code_challenge_method: "S256" },
      });
      const back = await browse(`${authorizationUrl}?${asked}`, redirectUri);
      const code = back.searchParams.get("code");
      if (code === null || back.searchParams.get("state") !== state)
        throw new Error(`no code: ${back.search}`);
      const body = new URLSearchParams({
        ...{ grant_type: "authorization_code", client_id: id, redirect_uri: redirectUri },
        ...{ code, code_verifier: verifier },
      });
      return tokenOf(tokenUrl, String(body), { dpop: await proof(tokenUrl) });
    },
    ask: (url, headers, question) =>
      post(url, {
        headers: {
          "content-type": "application/json",
          accept: "application/graphql-response+json",
          ...headers,
        },
        body: JSON.stringify(question),
      }),
    close: () => agent.destroy(),
  };
}
