import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createRestClient, type RestClient } from "../../src/connectors/rest.ts";
import type { SubgraphRequest } from "../../src/execute/backend.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { answerJson, type Handler, type HttpAgency, httpAgency } from "../support/http-agency.ts";

let agency: HttpAgency | undefined;
let client: RestClient | undefined;
afterEach(async () => {
  await client?.close();
  await agency?.close();
});

async function iga(handler: Handler) {
  agency = await httpAgency(handler);
  client = createRestClient({
    agency: "IGA" as AgencyCode,
    baseUrl: `${agency.url}/v1/`,
    tell: async ({ reader }) => ({
      identity: reader.staff,
      headers: { authorization: `Bearer ${reader.staff}` },
    }),
  });
  return (staff: string) => client?.as(ask(staff)) as ReturnType<RestClient["as"]>;
}

const ask = (staff: string): SubgraphRequest => ({
  query: "{ x }",
  kind: "query",
  variables: {},
  reader: { requestId: "0", agency: "NGO", member: "m", staff, role: "r", purpose: "p", issue: null },
  signal: new AbortController().signal,
});

const person = z.object({ cpr: z.string() });
const one = (body: unknown) => person.parse(body);

describe("the REST client", () => {
  it("gets, posts, and takes 404 for null", async () => {
    const as = await iga(({ method, url, body }, response) => {
      if (url === "/v1/persons/none") return response.writeHead(404).end();
      return answerJson(
        response,
        method === "POST" ? { cpr: JSON.parse(body).keys[0] } : { cpr: "1", extra: 2 },
      );
    });
    expect(await as("a").get("/persons/1", one)).toEqual({ cpr: "1" });
    expect(await as("a").get("/persons/none", one)).toBeNull();
    expect(await as("a").post("/persons:batch", { keys: ["7"] }, one)).toEqual({ cpr: "7" });
    expect(agency?.received.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill("Bearer a"));
  });

  it("keeps an answer by its ETag, for the identity that was told alone", async () => {
    const as = await iga(({ headers }, response) => {
      if (headers["if-none-match"] === '"v1"') return response.writeHead(304).end();
      return answerJson(response, { cpr: String(headers.authorization) }, { etag: '"v1"' });
    });
    for (const staff of ["a", "a", "b"]) {
      expect(await as(staff).get("/persons/1", one)).toEqual({ cpr: `Bearer ${staff}` });
    }
    expect(agency?.received.map(({ headers }) => headers["if-none-match"])).toEqual([
      undefined,
      '"v1"',
      undefined,
    ]);
  });

  it("follows cursors to the end, and no further than allowed", async () => {
    const as = await iga(({ url }, response) => {
      const at = Number(new URL(url, "http://x").searchParams.get("cursor") ?? 0);
      return answerJson(response, {
        items: [at, at + 1],
        next: url.includes("/endless") || at < 4 ? `${at + 2}` : null,
      });
    });
    const page = (body: unknown) =>
      z.object({ items: z.array(z.number()), next: z.string().nullable() }).parse(body);
    const path = (list: string) => (cursor: string | null) => `/${list}${cursor ? `?cursor=${cursor}` : ""}`;
    expect(await as("a").pages(path("list"), page)).toEqual([0, 1, 2, 3, 4, 5]);
    await expect(as("a").pages(path("endless"), page, 3)).rejects.toMatchObject({ code: "AGENCY_BAD_REPLY" });
    expect(agency?.received).toHaveLength(6);
  });

  it.each<[string, string, Handler]>([
    ["another shape", "AGENCY_BAD_REPLY", (_, response) => answerJson(response, { cpr: 1 })],
    ["no JSON", "AGENCY_BAD_REPLY", (_, response) => answerJson(response, "secret")],
    ["a refusal", "AGENCY_BAD_REPLY", (_, response) => response.writeHead(403).end("secret")],
    ["an outage", "AGENCY_UNAVAILABLE", (_, response) => response.writeHead(502).end("secret")],
  ])("turns %s into %s without a word of it", async (_, code, handler) => {
    const as = await iga(handler);
    const error = await as("a")
      .get("/persons/1", one)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, detail: { agency: "IGA" } });
    expect((error as Error).message).not.toContain("secret");
  });
});
