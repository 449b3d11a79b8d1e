import { serverAudits } from "graphql-http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openGateway, serverFor } from "./open-gateway.ts";

let server: Awaited<ReturnType<typeof serverFor>>;
beforeAll(async () => {
  server = await serverFor(openGateway);
});
afterAll(() => server.stop());

// Every reader's GET carries this header; without one like it a GET is refused as cross-site request forgery.
const fetchFn = (url: string, init: RequestInit = {}) =>
  fetch(url, { ...init, headers: { ...init.headers, "x-purpose": "SHELTER_CARE" } });

const audits = serverAudits({ url: () => server.url, fetchFn });

it("faces every audit there is", () => {
  expect(audits.length).toBeGreaterThanOrEqual(61);
});

it.each(audits.map((audit) => [audit.id, audit.name, audit.fn] as const))("%s %s", async (_, __, audit) => {
  expect(await audit()).toMatchObject({ status: "ok" });
});
