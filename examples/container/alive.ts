/**
 * Whether the gateway of this container answers: `node alive.ts https://127.0.0.1:4000/livez`. Status 0 when it says 200, else 1.
 *
 * It asks itself, over loopback, by an address that no certificate names: the certificate is not looked at.
 */
import * as http from "node:http";
import * as https from "node:https";

const WAIT_MS = 4_000;
const [, , url = "https://127.0.0.1:4000/livez"] = process.argv;

const { get } = url.startsWith("https:") ? https : http;
get(url, { rejectUnauthorized: false, timeout: WAIT_MS }, (response) => end(response.statusCode === 200))
  .on("timeout", () => end(false))
  .on("error", () => end(false));

function end(alive: boolean): void {
  process.exit(alive ? 0 : 1);
}
