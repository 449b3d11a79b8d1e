/** How the HTTP server starts and stops: no caller is lost. */
import { once } from "node:events";
import { Agent } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { codesOf, get } from "./http-callers.ts";
import { answering, openGateway, serverFor } from "./open-gateway.ts";

describe("start and stop", () => {
  it("is alive before it is ready, and says so", async () => {
    const server = await serverFor(null);
    const status = async (path: string) => (await fetch(`${server.root}${path}`)).status;
    expect([await status("/livez"), await status("/readyz")]).toEqual([200, 503]);
    const early = await server.post({ query: "{ hello }" });
    expect([early.status, await codesOf(early)]).toEqual([503, ["NOT_READY"]]);
    await server.serve(openGateway);
    expect(await status("/readyz")).toBe(200);
    await server.stop();
  });

  it("tells a busy port", async () => {
    const server = await serverFor(openGateway);
    const port = Number(new URL(server.root).port);
    await expect(serverFor(openGateway, { port })).rejects.toMatchObject({ code: "PORT_IN_USE" });
    await server.stop();
  });

  it("finishes requests in flight, and closes the connection with the answer", async () => {
    let release = () => {};
    const asked = Promise.withResolvers<void>();
    const server = await serverFor(
      answering(async () => {
        asked.resolve();
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return '{"data":{"hello":"late"}}';
      }),
    );
    const agent = new Agent({ keepAlive: true });
    const readiness = await get(`${server.root}/livez`, agent);
    expect(readiness.connection).toBe("keep-alive");
    const late = server.post({ query: "{ hello }" });
    await asked.promise;
    const stopped = server.stop();
    const told = await get(`${server.root}/readyz`, agent);
    expect([told.status, told.connection]).toEqual([503, "close"]);
    release();
    expect(await (await late).json()).toEqual({ data: { hello: "late" } });
    await stopped;
    await expect(fetch(server.root)).rejects.toThrow();
  });

  it("fails no request of callers who go on asking over kept-alive connections", async () => {
    const server = await serverFor(
      answering(async () => {
        await sleep(5);
        return '{"data":{"hello":"x"}}';
      }),
    );
    const failures: unknown[] = [];
    let answered = 0;
    const caller = async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let open = true; open; ) {
        const answer = await get(`${server.root}/graphql?query=%7Bhello%7D`, agent).catch(
          (error: unknown) => {
            failures.push(error);
            return null;
          },
        );
        if (answer?.status === 200) answered += 1;
        open = answer?.connection === "keep-alive";
      }
      agent.destroy();
    };
    const callers = Array.from({ length: 20 }, caller);
    await vi.waitUntil(() => answered > 100, { timeout: 20_000, interval: 5 });
    await server.stop();
    await Promise.all(callers);
    expect(failures).toEqual([]);
  });

  it("answers the first request of every connection that was there before, and waits for none for ever", async () => {
    const server = await serverFor(openGateway, { drainMs: 5_000 });
    const { hostname: host, port } = new URL(server.root);
    const sockets = Array.from({ length: 40 }, () => connect({ host, port: Number(port) }));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    const stopped = server.stop();
    await sleep(1_000);
    const [mute, ...asking] = sockets;
    const answers = asking.map(async (socket) => {
      socket.write("GET /livez HTTP/1.1\r\nhost: x\r\n\r\n");
      return (await socket.setEncoding("utf8").toArray()).join("");
    });
    for (const answer of await Promise.all(answers))
      expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n.*connection: close/is);
    expect(await mute?.toArray()).toEqual([]);
    await stopped;
  });

  it("gives up on a request that never ends after the time to drain", async () => {
    const server = await serverFor(
      answering(() => new Promise(() => {})),
      { drainMs: 100 },
    );
    const never = server.post({ query: "{ hello }" }).catch(() => "cut");
    await sleep(50);
    await server.stop();
    expect(await never).toBe("cut");
  });
});
