/** A21: forged, altered and misused tokens get one refusal with one message. A positive control keeps the list honest. */
import { describe, expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import {
  AUDIENCE,
  bench,
  CLAIMS,
  forge,
  forgeHmac,
  HEADER,
  keys,
  NOW,
  PPO_ISSUER,
  unsigned,
} from "../identity/bench.ts";

const good = forge(HEADER, CLAIMS);
const text = JSON.stringify(CLAIMS);
const { jti: _, ...withoutJti } = CLAIMS;
const signed = (claims: object) => forge(HEADER, { ...CLAIMS, ...claims });
const headed = (header: object, key = keys.ngo) => forge({ ...HEADER, ...header }, CLAIMS, key);

const FORGERIES: Record<string, string | undefined> = {
  "no token": undefined,
  "an empty token": "",
  "not a token": "abc",
  "alg none": unsigned({ ...HEADER, alg: "none" }, CLAIMS),
  "alg nOnE": unsigned({ ...HEADER, alg: "nOnE" }, CLAIMS),
  "alg none with a signature": `${unsigned({ ...HEADER, alg: "none" }, CLAIMS)}${good.split(".")[2]}`,
  "HS256 keyed with the public key": forgeHmac(
    { ...HEADER, alg: "HS256" },
    CLAIMS,
    JSON.stringify(keys.ngo.open),
  ),
  "HS256 keyed with x": forgeHmac({ ...HEADER, alg: "HS256" }, CLAIMS, String(keys.ngo.open.x)),
  "an algorithm that is not the key's": forge({ ...HEADER, kid: "ngo-rsa" }, CLAIMS),
  "a stranger's key under the right kid": forge(HEADER, CLAIMS, keys.stranger),
  "a key brought along": headed({ jwk: keys.stranger.open }, keys.stranger),
  "a key to fetch": headed({ jku: "http://127.0.0.1:1/jwks.json" }, keys.stranger),
  "a certificate to fetch": headed({ x5u: "http://127.0.0.1:1/c.pem" }, keys.stranger),
  "kid as a path": headed({ kid: "../../dev/null" }),
  "kid as a query": headed({ kid: "ngo-1' UNION SELECT 'x" }),
  "kid as a URL": headed({ kid: "http://127.0.0.1:1/" }),
  "kid __proto__": headed({ kid: "__proto__" }),
  "kid as a number": headed({ kid: 1 }),
  "kid without end": headed({ kid: "k".repeat(200) }),
  "no kid": headed({ kid: undefined }),
  "an unknown critical header": headed({ crit: ["other"], other: 1 }),
  "an unencoded payload": headed({ crit: ["b64"], b64: false }),
  "typ JWT": headed({ typ: "JWT" }),
  "no typ": headed({ typ: undefined }),
  "another audience": signed({ aud: "https://other.test" }),
  "no audience": signed({ aud: undefined }),
  "an audience that begins like ours": signed({ aud: `${AUDIENCE}.evil.test` }),
  "an unknown issuer": signed({ iss: "https://evil.test" }),
  "an issuer with a slash more": signed({ iss: `${CLAIMS.iss}/` }),
  "an issuer in another case": signed({ iss: CLAIMS.iss.toUpperCase() }),
  "issuer __proto__": signed({ iss: "__proto__" }),
  "an issuer list": signed({ iss: [CLAIMS.iss] }),
  "another agency's issuer with our key": signed({
    iss: PPO_ISSUER,
    client_id: "ppo",
    roles: ["PPO.prosecutor"],
  }),
  "a client of another issuer": signed({ client_id: "ppo" }),
  "an unknown client": signed({ client_id: "nobody" }),
  "client constructor": signed({ client_id: "constructor" }),
  "no client": signed({ client_id: undefined }),
  "no subject": signed({ sub: undefined }),
  "an empty subject": signed({ sub: "" }),
  "a subject with a line break": signed({ sub: "a\r\nx-role: PPO.chief" }),
  "no jti": forge(HEADER, withoutJti),
  "no expiry": signed({ exp: undefined }),
  "an expiry in text": signed({ exp: String(NOW + 300) }),
  "an expiry without end": signed({ exp: 1e300 }),
  expired: signed({ iat: NOW - 400, exp: NOW - 60 }),
  "issued in the future": signed({ iat: NOW + 11, exp: NOW + 300 }),
  "not yet valid": signed({ nbf: NOW + 11 }),
  "longer-lived than allowed": signed({ exp: NOW + 601 }),
  "no role": signed({ roles: undefined }),
  "a role of another agency": signed({ roles: ["PPO.prosecutor"] }),
  "an unknown role": signed({ roles: ["NGO.king"] }),
  "two roles": signed({ roles: ["NGO.caseworker", "NGO.legal"] }),
  "the data subject's role for staff": signed({ roles: ["dataSubject"] }),
  "a role given by prototype": forge(
    HEADER,
    `{"__proto__":{"roles":["NGO.caseworker"]},${JSON.stringify({ ...CLAIMS, roles: undefined }).slice(1)}`,
  ),
  "too little assurance": signed({ acr: "AAL1" }),
  "an unknown assurance": signed({ acr: "AAL9" }),
  "a claim twice": forge(HEADER, text.replace("{", '{"sub":"ngo-mwps-legal-1",')),
  "a claim twice, once escaped": forge(HEADER, text.replace("{", '{"s\\u0075b":"ngo-mwps-legal-1",')),
  "a header twice": forge(JSON.stringify(HEADER).replace("{", '{"alg":"none",'), CLAIMS),
  "a payload that is a list": forge(HEADER, "[]"),
  "a payload that is no JSON": forge(HEADER, "{"),
  "a signature cut short": good.slice(0, -4),
  "a signature of another token": `${good.slice(0, good.lastIndexOf("."))}.${signed({ jti: "2" }).split(".")[2]}`,
  padding: `${good}==`,
  "a line break at the end": `${good}\n`,
  "a blank inside": good.replace(".", ". "),
  "four parts": `${good}.x`,
  "an encrypted token": `${good}.x.y`,
  "a token as long as a book": `${good}${"A".repeat(9_000)}`,
};

describe("a forged token", () => {
  it("is not confused with a good one", async () => {
    await expect(bench().ask(good)).resolves.toMatchObject({ agency: "NGO" });
  });

  it.each(Object.entries(FORGERIES))("is refused with the one message: %s", async (_, token) => {
    const refusal = await bench()
      .ask(token)
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(GatewayError);
    expect(refusal).toMatchObject({ code: "UNAUTHENTICATED", message: "a valid access token is required" });
  });

  it.each(["Basic abc", `bearer  ${good}`, `Bearer ${good}, Bearer ${good}`, `DPoP ${good}`])(
    "is refused under another scheme: %s",
    async (authorization) => {
      await expect(bench().ask(undefined, { authorization })).rejects.toMatchObject({
        code: "UNAUTHENTICATED",
      });
    },
  );
});
