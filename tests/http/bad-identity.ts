/** Bad input about who asks, and why: see `support/bad-input.ts` for what is expected of each. */
import { generateKeyPair, SignJWT } from "jose";
import { MWPS } from "../../sandbox/synth/members.ts";
import { asked, type BadInput, bad, care, HARMLESS } from "../support/bad-input.ts";
import type { RawRequest } from "../support/http.ts";

const bearer = async (token: Promise<string>): Promise<RawRequest> => ({
  headers: { authorization: `Bearer ${await token}`, "x-purpose": "SHELTER_CARE" },
  body: HARMLESS,
});

const who = { role: "NGO.caseworker", member: MWPS, staff: "s-1" };
const hour = Math.floor(Date.now() / 1_000) - 3_600;

async function foreignToken(): Promise<string> {
  const { privateKey } = await generateKeyPair("ES256");
  return new SignJWT({
    iss: "https://elsewhere.test",
    client_id: "c",
    roles: ["NGO.caseworker"],
    acr: "AAL3",
  })
    .setProtectedHeader({ alg: "ES256", kid: "k", typ: "at+jwt" })
    .setSubject("s")
    .setAudience("ihala")
    .setIssuedAt()
    .setExpirationTime("5m")
    .setJti("j")
    .sign(privateKey);
}

const NO_TOKEN = [/^a valid access token is required$/, /^يلزم رمز دخول صالح$/] as const;

export const BAD_IDENTITY: readonly BadInput[] = [
  bad(
    "no token",
    async (_on) => ({ headers: { "x-purpose": "SHELTER_CARE" }, body: HARMLESS }),
    [401, "UNAUTHENTICATED"],
    ...NO_TOKEN,
  ),
  bad(
    "an expired token",
    (on) => bearer(on.mint({ ...who, claims: { iat: hour - 60, exp: hour } })),
    [401, "UNAUTHENTICATED"],
    ...NO_TOKEN,
  ),
  bad("a token of an unknown issuer", (_on) => bearer(foreignToken()), [401, "UNAUTHENTICATED"], ...NO_TOKEN),
  bad(
    "a token for another audience",
    (on) => bearer(on.mint({ ...who, audience: "https://other.test" })),
    [401, "UNAUTHENTICATED"],
    ...NO_TOKEN,
  ),
  bad(
    "a role of another agency",
    (on) => bearer(on.mint({ ...who, role: "MOI.investigator" })),
    [401, "UNAUTHENTICATED"],
    ...NO_TOKEN,
  ),
  bad(
    "two roles",
    (on) => bearer(on.mint({ ...who, claims: { roles: ["NGO.caseworker", "NGO.legal"] } })),
    [401, "UNAUTHENTICATED"],
    ...NO_TOKEN,
  ),
  bad(
    "no purpose",
    async (on) => ({ headers: { authorization: `Bearer ${await on.token(care)}` }, body: HARMLESS }),
    [403, "PURPOSE_REQUIRED"],
    /declare a purpose of use in `x-purpose`: .*SHELTER_CARE/,
    /^صرّح بغرض الاستخدام في الترويسة `x-purpose`: .*SHELTER_CARE/,
  ),
  bad(
    "a purpose that the role does not hold",
    asked({ ...care, purpose: "PROSECUTION" }, "{ agencies { code } }"),
    [403, "PURPOSE_NOT_HELD"],
    /does not hold this purpose; it may claim: .*SHELTER_CARE/,
    /^الدور لا يملك هذا الغرض؛ الأغراض المتاحة له: .*SHELTER_CARE/,
  ),
  bad(
    "no issue for what is beyond the header",
    asked(care, "query($id: ID!) { case(id: $id) { supportPlans { type } } }", { id: "x" }),
    [403, "ISSUE_REQUIRED"],
    /name it in `x-issue`/,
    /`x-issue`/,
  ),
];
