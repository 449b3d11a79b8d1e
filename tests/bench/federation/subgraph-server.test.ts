import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type SubgraphServer, startSubgraphs } from "../../../bench/federation/subgraph-server.ts";
import type { Subgraph } from "../../../bench/federation/workload.ts";
import { openConnection, requestBytes } from "../../../bench/http-connection.ts";

let server: SubgraphServer | undefined;
afterEach(() => server?.close());

let executed = 0;
const counting: Subgraph = {
  name: "counting",
  typeDefs: "type Query { double(of: Int!): Int! }",
  resolvers: {
    Query: {
      double: (_: unknown, { of }: { readonly of: number }) => {
        executed += 1;
        return of * 2;
      },
    },
  },
  references: {},
};

const asking = (origin: string, of: number, path = "/counting") =>
  requestBytes(origin, path, {}, JSON.stringify({ query: `{double(of:${of})}` }));

describe("subgraphs of the benchmark", () => {
  it("execute a body once and answer it alike ever after, and count every call", async () => {
    executed = 0;
    server = await startSubgraphs([counting]);
    const { ask, close } = await openConnection(server.origin);
    const answers: string[] = [];
    for (const of of [1, 1, 2, 1]) answers.push((await ask(asking(server.origin, of))).body.toString());
    expect(answers.map((text) => JSON.parse(text).data.double)).toEqual([2, 2, 4, 2]);
    expect(executed).toBe(2);
    expect([server.counted(), server.counted()]).toEqual([{ counting: 4 }, {}]);
    close();
  });

  it("answer in the order of the requests of a connection, also while they wait", async () => {
    server = await startSubgraphs([counting]);
    server.delay(20);
    const { hostname, port } = new URL(server.origin);
    const socket = connect(Number(port), hostname);
    const began = performance.now();
    socket.write(Buffer.concat([5, 6, 7].map((of) => asking(server!.origin, of))));
    let text = "";
    for await (const chunk of socket) {
      text += String(chunk);
      if (text.match(/double/g)?.length === 3) break;
    }
    expect(text.match(/\d+(?=\}\})/g)).toEqual(["10", "12", "14"]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(19);
  });

  it("know no other path", async () => {
    server = await startSubgraphs([counting]);
    const { ask, close } = await openConnection(server.origin);
    expect((await ask(asking(server.origin, 1, "/other"))).status).toBe(404);
    close();
  });
});
