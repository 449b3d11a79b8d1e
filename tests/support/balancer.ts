/**
 * A plain TCP balancer as deployments put before replicas: connections go round, bytes pass as they are, and a replica that takes
 * no connection is passed over. It knows nothing of HTTP and TLS, repeats nothing and hides nothing.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Balancer {
  readonly port: number;
  /** Connections that each replica was given, by its port. */
  readonly given: ReadonlyMap<number, number>;
  close(): Promise<void>;
}

/** `port`: where it listens. `ports`: of the replicas, on loopback. */
export async function startBalancer(port: number, ports: readonly number[]): Promise<Balancer> {
  const given = new Map(ports.map((one) => [one, 0]));
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, async (client) => {
    open.add(client.on("close", () => open.delete(client)).on("error", () => {}));
    turn += 1;
    const first = turn;
    for (let tried = 0; tried < ports.length; tried += 1) {
      const replica = ports[(first + tried) % ports.length] ?? 0;
      const behind = await reach(replica);
      if (!behind) continue;
      given.set(replica, (given.get(replica) ?? 0) + 1);
      behind.on("error", () => client.destroy());
      client.on("error", () => behind.destroy()).on("close", () => behind.destroy());
      client.pipe(behind).pipe(client);
      return;
    }
    client.destroy();
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    ...{ port: (server.address() as AddressInfo).port, given },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Null when nobody takes the connection. */
function reach(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const fail = () => resolve(null);
    socket.once("error", fail).once("connect", () => {
      socket.off("error", fail);
      resolve(socket);
    });
  });
}
