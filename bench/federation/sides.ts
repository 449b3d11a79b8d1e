/** Who is compared: ours as `ihala dev` runs it, bare Node, and peers that the command line names. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { OURS } from "./bed.ts";
import type { Side } from "./side.ts";

export const BARE = "bare";

const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const BARE_PROCESS = fileURLToPath(new URL(`./bare-process${EXTENSION}`, import.meta.url));

export const OUR_COMMAND = `exec {node} --disable-proto=delete ${join(PACKAGE_ROOT, "dist/src/cli/main.js")} dev --supergraph {supergraph} --port {port} {flags}`;
const BARE_COMMAND = `exec {node} ${BARE_PROCESS} --score {score} --port {port}`;

export const sidesOf = (ours: string, peers: readonly string[]): readonly Side[] => [
  { name: OURS, command: ours },
  { name: BARE, command: BARE_COMMAND },
  ...peers.map(peerOf),
];

/** `name=command` */
function peerOf(text: string): Side {
  const at = text.indexOf("=");
  if (at <= 0) throw new RangeError(`\`${text}\` is not \`name=command\``);
  return { name: text.slice(0, at), command: text.slice(at + 1) };
}
