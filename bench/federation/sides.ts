/** Who is compared: ours as `ihala dev` runs it, bare Node, and peers that the command line names. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { OURS } from "./bed.ts";
import type { Side } from "./side.ts";

export const BARE = "bare";

const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const BARE_PROCESS = relative(
  PACKAGE_ROOT,
  fileURLToPath(new URL(`./bare-process${EXTENSION}`, import.meta.url)),
);

export const OUR_COMMAND =
  "exec {node} --disable-proto=delete {root}/dist/src/cli/main.js dev --supergraph {supergraph} --port {port} {flags}";
const BARE_COMMAND = `exec {node} {root}/${BARE_PROCESS} --score {score} --port {port}`;

/** In this order; those of `only` when it names any. */
export function sidesOf(ours: string, peers: readonly string[], only: readonly string[]): readonly Side[] {
  const sides = [{ name: OURS, command: ours }, { name: BARE, command: BARE_COMMAND }, ...peers.map(peerOf)];
  for (const wanted of only)
    if (!sides.some(({ name }) => name === wanted)) throw new RangeError(`no side is called \`${wanted}\``);
  return sides.filter(({ name }) => only.length === 0 || only.includes(name));
}

/** `name=command` */
function peerOf(text: string): Side {
  const at = text.indexOf("=");
  if (at <= 0) throw new RangeError(`\`${text}\` is not \`name=command\``);
  return { name: text.slice(0, at), command: text.slice(at + 1) };
}
