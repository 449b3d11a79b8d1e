/**
 * `ihala replica DIR`: the data directory of another replica, out of this one's.
 *
 * Out     the marker and the keys that replicas share (`SHARED_KEYS`), mode 0600; never `audit-signing`, so that the other begins a
 *         disclosure log of its own. That of the policy store where the configuration names no other. The gateway may run meanwhile.
 *         The folder is there whole or not at all.
 * Errors  BAD_USER_INPUT for a folder that holds something, or is of this data directory; CONFIG_INVALID when this data
 *         directory has not served production yet, or lacks a key.
 */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { isAbsolute, join, resolve, sep } from "node:path";
import { SHARED_KEYS } from "../assembly/secrets.ts";
import type { Config } from "../config/config.ts";
import { createWhole, DATA_MARKER } from "../config/data-directory.ts";
import { GatewayError } from "../kernel/errors.ts";
import { productionData } from "./production-data.ts";
import type { Terminal } from "./terminal.ts";

export async function runReplica(config: Config, directory: string, terminal: Terminal): Promise<number> {
  const { path } = await productionData(config);
  const to = resolve(directory);
  if (`${to}${sep}`.startsWith(`${path}${sep}`))
    throw new GatewayError("BAD_USER_INPUT", "another replica has a directory outside of this one's");
  const there = await readdir(to).catch(() => []);
  if (there.length > 0) throw new GatewayError("BAD_USER_INPUT", `\`${directory}\` is not empty`);
  const keys = await keysOf(config, path);
  const draft = `${to}.${randomBytes(6).toString("hex")}`;
  try {
    await mkdir(join(draft, "keys"), { recursive: true, mode: 0o700 });
    for (const [name, key] of keys) await createWhole(join(draft, "keys", name), key);
    await createWhole(join(draft, DATA_MARKER), await readFile(join(path, DATA_MARKER)));
    await rename(draft, to);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  terminal.out(`${directory}: ${[...keys.keys()].join(", ")}\n`);
  for (const file of filesBeside(config)) terminal.out(`copy too, as the configuration names it: ${file}\n`);
  return 0;
}

async function keysOf({ policy }: Config, path: string): Promise<ReadonlyMap<string, Buffer>> {
  const isOwn = policy.source === "store" && policy.verifierKeys.length === 0 && !policy.signingKey;
  const names = [...SHARED_KEYS, ...(isOwn ? ["policy-signing"] : [])];
  const keys = new Map<string, Buffer>();
  for (const name of names) {
    const key = await readFile(join(path, "keys", name)).catch((cause: unknown) => {
      throw new GatewayError("CONFIG_INVALID", `\`${join(path, "keys", name)}\` cannot be read`, { cause });
    });
    keys.set(name, key);
  }
  return keys;
}

/** Issuers' keys that lie in the data directory. */
const filesBeside = ({ identity }: Config): readonly string[] =>
  identity.issuers.flatMap(({ jwks }) => ("file" in jwks && !isAbsolute(jwks.file) ? [jwks.file] : []));
