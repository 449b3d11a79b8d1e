/**
 * A25, A26, A27: claims, identifiers and headers are what they say, letter by letter: names that JavaScript gives a
 * meaning mean nothing, another case or another form of Unicode is another identifier, and no header of a client stands in for
 * one of ours.
 */
import { readFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { CompactSign, importJWK, type JWK } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { send } from "../support/http.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment();
});
afterAll(() => on?.close());

const inspector: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };
const prosecution: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };
const QUESTION = JSON.stringify({ query: "{ agencies { code } }" });

const ask = async (token: string, more: Readonly<Record<string, string>> = {}) =>
  await send(on, {
    headers: { authorization: `Bearer ${token}`, "x-purpose": inspector.purpose, ...more },
    body: QUESTION,
  });

const staffOf = ({ role }: Reader) => on.cast.firstWithWork(role);
const mint = (claims: object): Promise<string> => {
  const { member, staffId: staff } = staffOf(inspector);
  return on.mint({ role: inspector.role, member, staff, claims: { ...claims } });
};

/** A token whose payload is the given text, signed by the issuer's own key. */
async function sign(edit: (payload: string) => string): Promise<string> {
  const key = JSON.parse(await readFile(join(on.directory, "issuer", "key.json"), "utf8")) as JWK;
  const [, payload = ""] = (await mint({})).split(".");
  const text = edit(Buffer.from(payload, "base64url").toString("utf8"));
  return await new CompactSign(Buffer.from(text))
    .setProtectedHeader({ alg: "ES256", kid: key.kid ?? "", typ: "at+jwt" })
    .sign(await importJWK(key, "ES256"));
}

describe("A25: claims", () => {
  it("named `__proto__`, `constructor` or like our own words are ignored", async () => {
    const token = await sign((payload) =>
      payload.replace(
        "{",
        '{"__proto__":{"roles":["PPO.prosecutor"],"client_id":"x"},"constructor":{"prototype":{"roles":["PPO.prosecutor"]}},"member":"BH/GOV/PPO","agency":"PPO","certificates":["INTERVIEW_CHILD"],"purpose":"PROSECUTION",',
      ),
    );
    expect((await ask(token)).status).toBe(200);
    expect(({} as Record<string, unknown>)["roles"]).toBeUndefined();
    expect((await ask(token, { "x-purpose": "PROSECUTION" })).codes).toEqual(["PURPOSE_NOT_HELD"]);
    const record = (await on.records()).at(-1);
    expect(record?.role ?? inspector.role).toBe(inspector.role);
  });

  it.each([
    [
      "only by inheritance",
      (payload: string) => payload.replace('"roles"', '"__proto__":{"roles":["LMRA.inspector"]},"rolls"'),
    ],
    ["twice", (payload: string) => payload.replace("{", '{"roles":["PPO.prosecutor"],')],
    ["as text", (payload: string) => payload.replace('["LMRA.inspector"]', '"LMRA.inspector"')],
    ["as a name of every object", (payload: string) => payload.replace("LMRA.inspector", "constructor")],
    ["none", (payload: string) => payload.replace('["LMRA.inspector"]', "[]")],
  ])("with the role %s are refused", async (_, edit) => {
    const reply = await ask(await sign(edit));
    expect([reply.status, reply.codes]).toEqual([401, ["UNAUTHENTICATED"]]);
  });
});

describe("A26: identifiers", () => {
  it.each([
    "lmra.inspector",
    "LMRA.Inspector",
    "LMRA.inspector ",
    "LMRA.ınspector",
    "LMRA.inspecto\u0072\u0301",
  ])("role `%s` is no role", async (role) => {
    expect((await ask(await mint({ roles: [role] }))).codes).toEqual(["UNAUTHENTICATED"]);
  });

  it.each([
    "labour_inspection",
    "Labour_Inspection",
    "LABOUR_INSPECTION,PROSECUTION",
    "constructor",
    "LABOUR-INSPECTION",
  ])("purpose `%s` is not held", async (purpose) => {
    const token = await mint({});
    expect((await ask(token, { "x-purpose": purpose })).codes).toEqual(["PURPOSE_NOT_HELD"]);
  });

  it.each(["s 1", "s\n1", "s\u0000", "š", "", "x".repeat(129), "../../x"])(
    "staff `%s` is nobody",
    async (sub) => {
      expect((await ask(await mint({ sub }))).codes).toEqual(["UNAUTHENTICATED"]);
    },
  );

  it("permit and case numbers are found as they are written, and in no other form", async () => {
    const { permitNo } = on.cast.workers.plain;
    const worker = (n: string) =>
      on.ask(inspector, "query($n: String!) { worker(workPermitNo: $n) { id } }", { n });
    expect((await worker(permitNo ?? "")).data).toMatchObject({ worker: { id: expect.any(String) } });
    const wide = [...(permitNo ?? "")]
      .map((letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0))
      .join("");
    for (const n of [
      permitNo?.toLowerCase() ?? "",
      ` ${permitNo}`,
      `${permitNo}\u200b`,
      wide,
      "%",
      "' or '1'='1",
    ])
      expect((await worker(n)).data).toEqual({ worker: null });

    const { nrmNumber } = on.cast.cases.overview;
    const byNumber = (n: string) =>
      on.ask(prosecution, "query($n: CaseNumber!) { case(nrmNumber: $n) { nrmNumber } }", { n });
    expect((await byNumber(nrmNumber)).data).toEqual({ case: { nrmNumber } });
    for (const n of [
      nrmNumber.toLowerCase(),
      ` ${nrmNumber}`,
      `${nrmNumber}\u0301`,
      nrmNumber.replace("-", "‐"),
    ]) {
      const reply = await byNumber(n);
      expect(reply.data ?? { case: null }).toEqual({ case: null });
    }
  });

  it("ids open as they were sealed, and in no other spelling", async () => {
    const { uid } = on.cast.cases.overview;
    const id = on.idFor(prosecution, "Case", uid);
    const read = async (spelled: string) =>
      (await on.ask(prosecution, "query($id: ID!) { case(id: $id) { nrmNumber } }", { id: spelled })).text;
    expect(await read(id)).toContain("NRM-");
    const swapped = id.replace(/[a-z]/, (letter) => letter.toUpperCase());
    const base64 = Buffer.from(id, "base64url").toString("base64");
    for (const other of [
      `${id}=`,
      `${id}==`,
      ` ${id}`,
      `${id}\n`,
      swapped,
      `${id}.`,
      id.toLowerCase(),
      ...(base64 === id ? [] : [base64]),
    ])
      expect({ other, text: await read(other) }).toEqual({ other, text: '{"data":{"case":null}}' });
    expect(
      (
        await on.ask(
          prosecution,
          "query($id: ID!) { case(id: $id) { screening { outcome } } }",
          { id },
          { "x-issue": `${id}=` },
        )
      ).text,
    ).toBe('{"data":{"case":null}}');
  });
});

/** A request with headers that `fetch` would not send. */
async function raw(headers: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const request = httpRequest(`${on.url}/graphql`, { method: "POST", headers }, async (response) => {
    let text = "";
    for await (const chunk of response as AsyncIterable<Buffer>) text += chunk.toString();
    resolve({ status: response.statusCode ?? 0, text });
  });
  request.on("error", reject);
  request.end(QUESTION);
  return await promise;
}

describe("A27: headers", () => {
  it.each([
    ["two tokens", "authorization", 401],
    ["two purposes", "x-purpose", 403],
  ])("%s are refused, even equal ones", async (_, twice, status) => {
    const token = await mint({});
    const pairs: readonly (readonly [string, string])[] = [
      ["host", new URL(on.url).host],
      ["content-type", "application/json"],
      ["authorization", `Bearer ${token}`],
      ["x-purpose", inspector.purpose],
    ];
    expect((await raw(pairs.flat())).status).toBe(200);
    const doubled = pairs.flatMap(([name, value]) =>
      name === twice ? [name, value, name, value] : [name, value],
    );
    expect((await raw(doubled)).status).toBe(status);
  });

  it("two issues open no case", async () => {
    const id = on.idFor(prosecution, "Case", on.cast.cases.overview.uid);
    const reply = await on.ask(
      prosecution,
      "query($id: ID!) { case(id: $id) { screening { outcome } } }",
      { id },
      { "x-issue": `${id}, ${id}` },
    );
    expect(reply.text).toBe('{"data":{"case":null}}');
  });

  it("of a client stand in for none of ours, and reach no agency", async () => {
    const mine = {
      "x-request-id": "cnr-client.header-1-id",
      traceparent: "00-11111111111111111111111111111111-2222222222222222-01",
      baggage: "cnr-client.header-1-baggage",
      cookie: "cnr-client.header-1-cookie",
      forwarded: "for=cnr-client.header-1-for",
      "x-forwarded-for": "10.9.8.7",
      "x-member": "BH/GOV/PPO",
      "x-role": "PPO.prosecutor",
      "x-reader": "cnr-client.header-1-reader",
      "x-ihala-mode": "production",
      "if-none-match": "*",
      "user-agent": "cnr-client.header-1-agent",
    };
    const query =
      "query($n: String!) { worker(workPermitNo: $n) { person { nameLatin { full } passports { number } } } }";
    const n = on.cast.workers.plain.permitNo;
    const plain = await on.ask(inspector, query, { n });
    await on.watch(async () => expect((await on.ask(inspector, query, { n }, mine)).text).toBe(plain.text));
    const heard = JSON.stringify(
      Object.values({ ...on.agencies.rest, ...on.agencies.federation }).map(({ journal }) => journal.entries),
    );
    expect(heard).toContain("authorization");
    expect(heard).not.toMatch(/cnr-client|1111111111|10\.9\.8\.7|PPO\.prosecutor|user-agent|cookie/);
    expect(on.lines.join("")).not.toMatch(/cnr-client|10\.9\.8\.7/);
    const { headers } = await send(on, {
      headers: { authorization: `Bearer ${await mint({})}`, "x-purpose": inspector.purpose, ...mine },
      body: QUESTION,
    });
    expect(headers["x-ihala-mode"]).toBe("sandbox");
    expect(JSON.stringify(headers)).not.toContain("cnr-client");
  });

  it("with a line break reach nobody", async () => {
    const token = await mint({});
    await expect(
      raw([
        "content-type",
        "application/json",
        "authorization",
        `Bearer ${token}`,
        "x-purpose",
        "A\r\nx-role: PPO.prosecutor",
      ]),
    ).rejects.toThrow(/Invalid character in header content/);
    const encoded = await ask(token, { "x-purpose": "LABOUR_INSPECTION%0d%0ax-role: PPO.prosecutor" });
    expect(encoded.codes).toEqual(["PURPOSE_NOT_HELD"]);
    expect(encoded.text).not.toContain("x-role");
  });
});
