/** A client of an agency's issuer and of the gateway over TLS: it signs in with its key, or its certificate, and asks. */
import { hash, randomUUID } from "node:crypto";
import { Agent, request } from "node:https";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import type { Certificate } from "./certificates.ts";
import type { IssuerClient, OidcIssuer } from "./oidc-issuer.ts";

export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface FrontEnd {
  /** A fresh token of the issuer; bound to the key when a proof goes with the question. */
  token(issuer: OidcIssuer, client: IssuerClient): Promise<string>;
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

  return {
    proof,
    post,
    get: (url) => send(url, "GET", { headers: {}, body: "" }),
    async token({ tokenUrl }, { id, secret, binding }) {
      const told = await post(tokenUrl, {
        headers: {
          authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
          "content-type": "application/x-www-form-urlencoded",
          ...(binding === "dpop" && { dpop: await proof(tokenUrl) }),
        },
        body: "grant_type=client_credentials&scope=ask",
      });
      const { access_token: token } = JSON.parse(told.text) as { access_token?: string };
      if (token === undefined) throw new Error(`no token: ${told.text}`);
      return token;
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
