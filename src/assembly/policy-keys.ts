/**
 * Keys of the policy store: whose signatures count, and the one that signs.
 *
 * Errors  CONFIG_INVALID for what is no verifier key, or no seed of 32 bytes.
 */
import { type NoteSigner, type NoteVerifier, noteSigner, parseVerifier } from "../audit/note.ts";
import type { Config } from "../config/config.ts";
import { readSecret } from "../config/secret.ts";
import { GatewayError } from "../kernel/errors.ts";
import { KEY_NAME } from "../policy-store/statements.ts";
import { encryptionKey } from "./audit.ts";
import type { GatewaySecrets } from "./secrets.ts";

type PolicyConfig = Pick<Config, "policy">;
type Seed = Pick<GatewaySecrets, "policySigning">;

export function policyVerifiers({ policy }: PolicyConfig, { policySigning }: Seed): readonly NoteVerifier[] {
  if (policy.verifierKeys.length === 0) return [noteSigner(KEY_NAME, policySigning)];
  return policy.verifierKeys.map((text) => {
    const verifier = parseVerifier(text);
    if (verifier?.type === "log" && verifier.name === KEY_NAME) return verifier;
    throw new GatewayError("CONFIG_INVALID", "`policy.verifierKeys` holds what is no key of a policy store");
  });
}

export async function policySigner({ policy }: PolicyConfig, { policySigning }: Seed): Promise<NoteSigner> {
  const { signingKey } = policy;
  return noteSigner(KEY_NAME, signingKey ? encryptionKey(await readSecret(signingKey)) : policySigning);
}
