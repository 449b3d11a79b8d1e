/** Subgraphs over HTTP by the URLs of a supergraph: deadlines, bounds on answers, and cancellation that reaches the server. */
import { once } from "node:events";
import { execute, parse } from "graphql";
import { afterEach, describe, expect, it } from "vitest";
import { compose } from "../../src/supergraph/compose.ts";
import { type DevGateway, openDevGateway } from "../support/dev-gateway.ts";
import { executableSubgraph } from "../support/executable-subgraph.ts";
import { answerJson, type Handler, type HttpAgency, httpAgency } from "../support/http-agency.ts";

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])';
const PEOPLE = `type Query { people: [Person] } type Person @key(fields: "id") { id: ID! name: String }`;
const BEDS = `type Person @key(fields: "id") { id: ID! bed: String }`;

const answers =
  (sdl: string, rootValue: object): Handler =>
  async ({ body }, response) => {
    const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
    const schema = executableSubgraph(sdl);
    const result = await execute({ schema, document: parse(query), rootValue, variableValues: variables });
    answerJson(response, result);
  };

const people = answers(PEOPLE, { people: [{ id: "1", name: "Amal" }] });
const beds = answers(BEDS, {
  _entities: ({ representations }: { readonly representations: readonly object[] }) =>
    representations.map((one) => ({ ...one, bed: "b1" })),
});

describe("subgraphs over HTTP", () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  async function start(
    bedsHandler: Handler,
    exchange: { readonly timeoutMs?: number; readonly maxReplyBytes?: number } = {},
  ): Promise<{ readonly gateway: DevGateway; readonly bedsAgency: HttpAgency }> {
    const [peopleAgency, bedsAgency] = [await httpAgency(people), await httpAgency(bedsHandler)];
    open.push(peopleAgency, bedsAgency);
    const { sdl } = compose(
      Object.entries({ people: PEOPLE, beds: BEDS }).map(([name, text]) => ({
        name,
        complete: parse(`${LINK}\n${text}`),
      })),
    );
    const supergraphSdl = (sdl ?? "")
      .replace("subgraph:people", peopleAgency.url)
      .replace("subgraph:beds", bedsAgency.url);
    const gateway = await openDevGateway({ supergraphSdl, exchange });
    open.push(gateway);
    return { gateway, bedsAgency };
  }

  const PARTIAL = { people: [{ name: "Amal", bed: null }] };
  const askBoth = async (gateway: DevGateway) =>
    JSON.parse(await gateway.ask({ query: "{ people { name bed } }" })) as {
      readonly data: unknown;
      readonly errors?: readonly {
        readonly extensions: { readonly code: string; readonly agency: string };
      }[];
    };

  it("are asked where the supergraph says they are", async () => {
    const { gateway, bedsAgency } = await start(beds);
    expect(await askBoth(gateway)).toEqual({ data: { people: [{ name: "Amal", bed: "b1" }] } });
    expect(bedsAgency.received.map(({ method, url }) => `${method} ${url}`)).toEqual(["POST /"]);
  });

  it("have a deadline: what arrived by then is answered", async () => {
    const { gateway } = await start(() => undefined, { timeoutMs: 200 });
    const started = performance.now();
    const { data, errors } = await askBoth(gateway);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(data).toEqual(PARTIAL);
    expect(errors?.map(({ extensions }) => extensions)).toMatchObject([
      { code: "AGENCY_TIMEOUT", agency: "beds" },
    ]);
  });

  it("may not answer more than the bound", async () => {
    const { gateway } = await start(
      (_, response) => answerJson(response, `{"data":{"_entities":[{"bed":"${"b".repeat(20_000)}"}]}}`),
      { maxReplyBytes: 10_000 },
    );
    const { data, errors } = await askBoth(gateway);
    expect(data).toEqual(PARTIAL);
    expect(errors?.map(({ extensions }) => extensions)).toMatchObject([
      { code: "AGENCY_BAD_REPLY", agency: "beds" },
    ]);
  });

  it("may say anything: none of it is repeated", async () => {
    const canary = "canary-55d0";
    const { gateway } = await start((_, response) =>
      answerJson(response, {
        data: { _entities: [{ bed: null }] },
        errors: [
          { message: canary, path: ["_entities", 0, "bed"], extensions: { code: canary, secret: canary } },
        ],
      }),
    );
    const text = await gateway.ask({ query: "{ people { name bed } }" });
    expect(JSON.parse(text)).toMatchObject({ data: PARTIAL, errors: [{ path: ["people", 0, "bed"] }] });
    expect(text).not.toContain(canary);
  });

  it("hear at once when nobody waits for the answer any more", async () => {
    const reached = Promise.withResolvers<void>();
    const hungUp = Promise.withResolvers<void>();
    const { gateway } = await start(async (_, response) => {
      reached.resolve();
      await once(response, "close");
      hungUp.resolve();
    });
    const controller = new AbortController();
    const asking = gateway
      .ask({ query: "{ people { name bed } }", signal: controller.signal })
      .catch(() => undefined);
    await reached.promise;
    const started = performance.now();
    controller.abort();
    await Promise.all([asking, hungUp.promise]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
