/**
 * The limit to compare with: bare Node that answers with the calls of a good plan, wave by wave, JSON parsed, and the right answer
 * written anew. No parsing of documents, no planning, no merging, no policy, no log.
 *
 * Run     node bare-process.js --score FILE --port N
 * Errors  a call that fails ends its request with status 502, which the load generator refuses.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { Pool } from "undici";
import { bodyOf, exchange } from "../bare-http.ts";
import { type BareScore, WITHOUT_ID } from "./bare-score.ts";

const CONNECTIONS = 64;
const ID = /"id":"(\w+)"/;
const TYPE = { "content-type": "application/json" };
/** What is asked until it is ready. */
const TYPENAME = "{__typename}";
const READY = JSON.stringify({ data: { __typename: "Query" } });

const { values } = parseArgs({ options: { score: { type: "string" }, port: { type: "string" } } });
const { origin, parts } = JSON.parse(readFileSync(values.score ?? "", "utf8")) as BareScore;
const pool = new Pool(origin, { connections: CONNECTIONS });
const played = new Map(
  Object.entries(parts).map(([id, { waves, answer }]) => {
    const data: unknown = JSON.parse(answer);
    return [id, { waves, data }];
  }),
);

createServer(async (request, response) => {
  try {
    const body = await bodyOf(request);
    if (body.includes(TYPENAME)) {
      response.writeHead(200, TYPE).end(READY);
      return;
    }
    const part = played.get(ID.exec(body)?.[1] ?? WITHOUT_ID);
    if (!part) throw new RangeError("not in the score");
    for (const wave of part.waves) await Promise.all(wave.map((call) => exchange(pool, call)));
    const answer = JSON.stringify(part.data);
    response.writeHead(200, { ...TYPE, "content-length": Buffer.byteLength(answer) }).end(answer);
  } catch (error) {
    response.writeHead(502).end(String(error));
  }
}).listen(Number(values.port), "127.0.0.1");
