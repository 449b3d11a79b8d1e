/**
 * Keys of the policy store: the one that signs what officers do, and those whose signatures count.
 *
 * In      `policy.signingKey` and `policy.verifierKeys`; a seed out of the data directory, asked for where neither is named.
 * Errors  CONFIG_INVALID for what is no verifier key, or no seed of 32 bytes.
 */
import { type NoteSigner, type NoteVerifier, noteSigner, parseVerifier } from "../audit/note.ts";
import type { Config } from "../config/config.ts";
import { readSecret } from "../config/secret.ts";
import { GatewayError } from "../kernel/errors.ts";
import { KEY_NAME } from "../policy-store/statements.ts";
import { encryptionKey } from "./audit.ts";

type PolicyConfig = Pick<Config, "policy">;
type Seed = () => Promise<Uint8Array>;

export async function policySigner(config: PolicyConfig, seed: Seed): Promise<NoteSigner> {
  return noteSigner(KEY_NAME, await policySeed(config, seed));
}

async function policySeed({ policy: { signingKey } }: PolicyConfig, seed: Seed): Promise<Uint8Array> {
  return signingKey ? encryptionKey(await readSecret(signingKey)) : await seed();
}

/**
 * The seed of the key that signs, where a gateway has it, and signatures by it count. Null on a gateway that has none: the key may
 * be kept where officers' commands run, and nowhere else.
 */
export async function trustedSeed(
  config: PolicyConfig,
  seed: Seed,
  verifiers: readonly NoteVerifier[],
): Promise<Uint8Array | null> {
  const found = await policySeed(config, seed).catch(() => null);
  const vkey = found && noteSigner(KEY_NAME, found).vkey;
  return verifiers.some((verifier) => verifier.vkey === vkey) ? found : null;
}

export async function policyVerifiers(config: PolicyConfig, seed: Seed): Promise<readonly NoteVerifier[]> {
  const { verifierKeys } = config.policy;
  if (verifierKeys.length === 0) return [await policySigner(config, seed)];
  return verifierKeys.map((text) => {
    const verifier = parseVerifier(text);
    if (verifier?.type === "log" && verifier.name === KEY_NAME) return verifier;
    throw new GatewayError("CONFIG_INVALID", "`policy.verifierKeys` holds what is no key of a policy store");
  });
}
