/** `ihala serve` as a process that operators start. Needs `npm run build`, which `npm ci` does. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { connect, type PeerCertificate } from "node:tls";
import { expect, vi } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

const MAIN = join(PACKAGE_ROOT, "dist/src/cli/main.js");
/** Arguments of Node before those of `ihala`. */
export const FLAGS: readonly string[] = ["--disable-proto=delete", MAIN];

/** Resolves when it is ready; `hear` is given what it writes to its log. */
export async function serve(
  file: string,
  env: NodeJS.ProcessEnv,
  hear: (chunk: string) => void = () => {},
): Promise<ChildProcess> {
  expect(existsSync(MAIN), "npm run build").toBe(true);
  const child = spawn(process.execPath, [...FLAGS, "--config", file, "serve"], { env, cwd: PACKAGE_ROOT });
  const text = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text.out += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    text.err += chunk;
    hear(chunk);
  });
  await vi.waitUntil(() => text.out.includes("is ready") || child.exitCode !== null, { timeout: 60_000 });
  expect(text.err).not.toContain("ihala:");
  return child;
}

/** Free when it was looked for. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Of the certificate that a server shows, as in `cnf.x5t#S256`. */
export function fingerprintOf(url: string, ca: string): Promise<string> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), ca }, () => {
      const { fingerprint256 } = socket.getPeerCertificate() as PeerCertificate;
      resolve(Buffer.from(fingerprint256.replaceAll(":", ""), "hex").toString("base64url"));
      socket.end();
    }).on("error", reject);
  });
}
