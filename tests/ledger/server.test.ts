/** The ledger over HTTP: whom it answers, what it refuses, and what a fault tells. */
import { generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOutboundTokens } from "../../src/connectors/outbound-token.ts";
import type { AgencyCode, MemberAddress } from "../../src/kernel/brands.ts";
import { caseRow, EPC, MWPS, reader, type TestLedger, testLedger, worldOf } from "./support.ts";

const screener = reader(EPC, "screener", "IDENTIFICATION_SCREENING");
const QUESTION = JSON.stringify({ query: "{ cases { edges { node { uid } } } }" });

describe("the ledger's server", () => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await testLedger(worldOf([caseRow("case-1")]));
  });
  afterAll(() => ledger.close());

  const post = (headers: Record<string, string>, body: string = QUESTION, url = ledger.spineUrl) =>
    fetch(url, { method: "POST", headers, body });

  it("is ready", async () => {
    expect((await fetch(ledger.readyUrl)).status).toBe(200);
  });

  it("answers nobody without the gateway's full token, and reads nothing for them", async () => {
    const authorization = await ledger.authorization(screener);
    const { privateKey } = await generateKeyPair("EdDSA");
    const stranger = createOutboundTokens({
      gateway: "https://gateway.test",
      privateKey,
      keyId: "test",
      pseudonymRoot: new Uint8Array(32),
    });
    const forged = await stranger.tell(
      { agency: "EPC" as AgencyCode, member: EPC as MemberAddress },
      { requestId: "r", ...screener, member: EPC, issue: null },
      { kind: "ledger" },
    );
    ledger.journal.clear();
    for (const headers of [
      {},
      { authorization: "Bearer x.y.z" },
      { authorization: `${authorization}x` },
      forged.headers,
    ])
      expect((await post(headers)).status).toBe(401);
    expect(ledger.journal.requests).toEqual([]);
    expect(ledger.journal.statements).toEqual([]);
  });

  it("refuses other paths, methods, media and sizes", async () => {
    const headers = { authorization: await ledger.authorization(screener) };
    expect((await fetch(ledger.spineUrl)).status).toBe(405);
    expect((await post(headers, QUESTION, `${ledger.spineUrl}/x`)).status).toBe(404);
    expect((await post(headers, "no json")).status).toBe(400);
    expect((await post(headers, "{}")).status).toBe(400);
    expect((await post(headers, "x".repeat(1_048_577))).status).toBe(413);
  });

  it("keeps what was asked, and by whom, for tests", async () => {
    ledger.journal.clear();
    await ledger.data("spine", screener, "query ($id: ID) { case(id: $id) { uid } }", { id: "case-1" });
    expect(ledger.journal.requests).toEqual([
      {
        subgraph: "spine",
        query: "query ($id: ID) { case(id: $id) { uid } }",
        variables: { id: "case-1" },
        reader: screener,
      },
    ]);
  });

  it.each([
    ["spine", "{ intakeQueue { edges { node { uid } } } }"],
    ["spine", "{ screeningWorklist { edges { node { uid } } } }"],
    ["spine", "{ outcomeReviews { edges { node { uid } } } }"],
    ["spine", 'mutation { acceptIntake(caseId: "case-1", expectedVersion: 1) { __typename } }'],
    ["spine", 'mutation { withdrawConsent(consentId: "x") { __typename } }'],
    ["spine", "subscription { referralReceived { uid } }"],
    ["content", "subscription { intakeAlert { uid } }"],
  ] as const)("says NOT_IMPLEMENTED of the workflow: %s %s", async (subgraph, query) => {
    const { errors } = await ledger.ask(subgraph, screener, query);
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(["NOT_IMPLEMENTED"]);
  });

  it("says what is wrong with a question, and nothing of a fault's inside", async () => {
    const code = async (query: string, variables = {}) =>
      (await ledger.ask("spine", screener, query, variables)).errors?.[0]?.extensions?.code;
    expect(await code("{")).toBe("GRAPHQL_VALIDATION_FAILED");
    expect(await code("{ nothing }")).toBe("GRAPHQL_VALIDATION_FAILED");
    expect(await code("{ case { uid } }")).toBe("BAD_USER_INPUT");
    expect(await code("query ($id: ID!) { case(id: $id) { uid } }")).toBe("BAD_USER_INPUT");
    expect(await code('{ cases(filter: { opened: { from: "no date" } }) { edges { cursor } } }')).toBe(
      "BAD_USER_INPUT",
    );
  });

  it("tells nobody of a fault's inside, and the log no value", async () => {
    const hostile = "secret\u0000";
    const reply = await ledger.ask("spine", screener, "query ($id: ID) { case(id: $id) { uid } }", {
      id: hostile,
    });
    expect(reply.errors?.[0]).toMatchObject({
      message: "the ledger failed",
      extensions: { code: "INTERNAL_SERVER_ERROR" },
    });
    expect(ledger.log.join()).toContain("ledger.fault");
    expect(ledger.log.join()).not.toContain("secret");
  });

  it("shows the reader of another organisation nothing", async () => {
    const caseworker = reader(MWPS, "caseworker", "SHELTER_CARE");
    const { cases } = await ledger.data<{ cases: { edges: [] } }>(
      "spine",
      caseworker,
      "{ cases { edges { node { uid } } } }",
    );
    expect(cases.edges).toEqual([]);
  });
});
