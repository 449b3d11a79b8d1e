/**
 * A28: databases, the collector of traces and agencies that are to join are judged by where they are, as agencies are
 * (`a28-where-agencies-are.test.ts`).
 */
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Addresses } from "../../src/connectors/addresses.ts";
import { createWire } from "../../src/connectors/conformance-wire.ts";
import { createSql } from "../../src/connectors/sql.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { createOtlp } from "../../src/telemetry/otlp.ts";
import { CANARY, LOOPBACK, NAME, named, withNamedServer } from "../support/named-server.ts";
import { testDatabase } from "../support/postgres.ts";

const here = withNamedServer();

describe("what else the configuration names", () => {
  const both = () => {
    const { refused, options } = named(() => [LOOPBACK]);
    return {
      refused,
      strict: new Addresses(options()),
      open: new Addresses(options({ localHosts: [NAME] })),
    };
  };

  it("an agency's database is judged as its server would be", async () => {
    const { refused, strict, open } = both();
    const url = new URL(await testDatabase());
    url.hostname = NAME;
    const outcome = (addresses: Addresses) => {
      const db = createSql<{ pg_class: { relname: string } }>({
        ...{ agency: "MOI" as AgencyCode, url: url.href, addresses },
      });
      here.closing.push(db.close);
      return db
        .ask((rows) => rows.selectFrom("pg_class").select("relname").limit(1).execute())
        .then(
          (found) => found.length,
          ({ code }: { code: string }) => code,
        );
    };
    expect(await outcome(strict)).toBe("AGENCY_UNAVAILABLE");
    expect(refused).toEqual([`${NAME}: special address`]);
    expect(await outcome(open)).toBe(1);
  });

  it("a database that has moved is looked up anew after a connection has failed; a socket's path is nobody's name", async () => {
    const { asked, options } = named(() => [LOOPBACK]);
    const addresses = new Addresses(options({ localHosts: [NAME] }));
    const connected = (...to: [port: number, host: string] | [path: string]) =>
      new Promise<boolean>((resolve) => {
        const socket = addresses.socket();
        socket
          .once("error", () => resolve(false))
          .once("connect", () => {
            socket.destroy();
            resolve(true);
          });
        socket.connect(...(to as [number, string]));
      });
    expect(await connected(here.port, NAME)).toBe(true);
    expect(await connected(here.port, NAME)).toBe(true);
    expect(asked).toHaveLength(1);
    expect(await connected(1, NAME)).toBe(false);
    expect(await connected(here.port, NAME)).toBe(true);
    expect(asked).toHaveLength(2);
    const folder = await mkdtemp(join(tmpdir(), "ihala-socket-"));
    const local = createServer().listen(join(folder, "s"));
    await once(local, "listening");
    here.closing.push(async () => local.close());
    expect(await connected(join(folder, "s"))).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it("the collector of traces hears nothing, and no key of its own", async () => {
    const { strict, open } = both();
    const lost: number[] = [];
    const span = {
      name: "question",
      traceId: "1".repeat(32),
      spanId: "2".repeat(16),
      parentId: null,
    } as const;
    for (const addresses of [strict, open]) {
      const collector = createOtlp({
        ...{ url: `http://${NAME}:${here.port}`, service: "test", headers: { authorization: CANARY } },
        ...{ ask: addresses.fetcher(2_000), onLost: (count: number) => void lost.push(count) },
      });
      collector.sink({ ...span, startMs: 0, endMs: 1, attributes: {}, links: [] });
      await collector.close();
      expect(here.heard).toHaveLength(addresses === strict ? 0 : 1);
    }
    expect(lost).toEqual([1]);
    expect(here.heard[0]?.headers.authorization).toBe(CANARY);
  });

  it("an agency that is checked before it joins is asked where it would be asked afterwards", async () => {
    const { strict, open } = both();
    const wire = (addresses: Addresses) =>
      createWire(`http://${NAME}:${here.port}/graphql`, async () => ({ authorization: CANARY }), {
        ...{ timeoutMs: 2_000, ask: addresses.fetcher(2_000, "manual") },
      });
    await expect(wire(strict).ask("{ x }", {})).rejects.toThrow(
      "special address, see `deployment.localHosts`",
    );
    expect(here.heard).toEqual([]);
    expect((await wire(open).ask("{ x }", {})).status).toBe(200);
  });
});
