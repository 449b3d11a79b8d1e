/**
 * An agency with a REST interface of its own: many records in one call, each with a status of its own.
 *
 *     POST /insured:batch   {"keys": ["INS-1001"]}
 *     →                     {"items": [{"key": "INS-1001", "status": 200, "record": {"INS_NO": "INS-1001", "VALID_TO": "20270331"}}]}
 *
 * A real server verifies the gateway's token first (`src/connectors/outbound-verifier.ts`).
 */
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { INSURED } from "../insured.ts";

const itemOf = (key: string) => {
  const until = INSURED.get(key);
  if (until === undefined) return { key, status: 404 };
  return { key, status: 200, record: { INS_NO: key, VALID_TO: until.replaceAll("-", "") } };
};

const server = createServer(async (request, response) => {
  if (request.method !== "POST" || request.url !== "/insured:batch") {
    response.writeHead(404).end();
    return;
  }
  const { keys } = (await json(request)) as { readonly keys: readonly string[] };
  response.setHeader("content-type", "application/json").end(JSON.stringify({ items: keys.map(itemOf) }));
});
server.listen(4801, "127.0.0.1");
