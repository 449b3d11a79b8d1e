/**
 * The limit to compare with: bare Node that answers each request with the gateway's own calls to its backends, wave by wave, JSON
 * parsed, and an answer of the same bytes. No policy, no validation, no planning, no log.
 *
 * In      where databases are, and what to do for each request (`play`).
 * Out     its URL. Errors of a backend end the request with status 502, which the load generator refuses.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type pg from "pg";
import { Pool } from "undici";
import { NRM_LOOKUP } from "../src/connectors/outbound-token.ts";
import { createPool } from "../src/connectors/pg-pool.ts";
import { TEXT_VALUES } from "../src/connectors/sql-values.ts";
import { bodyOf, exchange } from "./bare-http.ts";
import type { HttpCall, SqlCall, Waves } from "./calls.ts";

export interface Score {
  readonly waves: Waves;
  /** JSON text. */
  readonly answer: string;
}

export interface Bare {
  readonly url: string;
  play(score: Score): void;
  close(): Promise<void>;
}

/** As the gateway's connectors do it. */
const TOLD = { "ihala.purpose": NRM_LOOKUP };
/** As many as they have. */
const HTTP_CONNECTIONS = 32;

export async function startBare(databaseUrls: Readonly<Record<string, string>>): Promise<Bare> {
  const pools = new Map<string, Pool>();
  const databases = new Map<string, pg.Pool>();
  let waves: Waves = [];
  let answer: unknown = null;

  const ask = (call: HttpCall): Promise<unknown> => {
    const pool = pools.get(call.origin) ?? new Pool(call.origin, { connections: HTTP_CONNECTIONS });
    pools.set(call.origin, pool);
    return exchange(pool, call);
  };
  const query = ({ database, name, text, values }: SqlCall): Promise<unknown> => {
    const url = databaseUrls[database] ?? "";
    const pool =
      databases.get(database) ?? createPool({ url, readOnly: true, types: TEXT_VALUES, settings: TOLD });
    databases.set(database, pool);
    return pool.query({ text, values: [...values], ...(name ? { name } : {}) });
  };

  const server = createServer(async (request, response) => {
    try {
      await bodyOf(request);
      for (const wave of waves)
        await Promise.all(wave.map((call) => (call.kind === "http" ? ask(call) : query(call))));
      const body = JSON.stringify(answer);
      response.writeHead(200, {
        "content-type": "application/json; charset=utf-8",
        "content-length": Buffer.byteLength(body),
      });
      response.end(body);
    } catch (error) {
      response.writeHead(502).end(String(error));
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    play(score) {
      waves = score.waves;
      answer = JSON.parse(score.answer);
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      await Promise.all([...databases.values()].map((pool) => pool.end()));
    },
  };
}
