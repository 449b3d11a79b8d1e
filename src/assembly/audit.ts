/** Where the disclosure log of a deployment is, and the keys that protect it. */
import type { WitnessPlace } from "../audit/cosign.ts";
import type { LogProtection } from "../audit/log.ts";
import { parseVerifier } from "../audit/note.ts";
import type { Config } from "../config/config.ts";
import { readSecret } from "../config/secret.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { GatewaySecrets } from "./secrets.ts";

const KEY_BYTES = 32;

export interface AuditPlace {
  readonly directory: string;
  readonly protection: LogProtection;
}

export async function auditPlace(
  { audit, deployment }: Pick<Config, "audit" | "deployment">,
  data: { folder(...names: string[]): Promise<string> },
  secrets: Pick<GatewaySecrets, "audit">,
  ask: typeof fetch = fetch,
): Promise<AuditPlace> {
  const { signing, subjects } = secrets.audit;
  const wrapping = audit.keyEncryptionKey
    ? encryptionKey(await readSecret(audit.keyEncryptionKey))
    : subjects.wrapping;
  return {
    directory: audit.directory ?? (await data.folder("audit")),
    protection: {
      name: deployment.name,
      keysDirectory: audit.keysDirectory ?? (await data.folder("audit-keys")),
      secrets: { signing, subjects: { ...subjects, wrapping } },
      ...(audit.witness ? { witness: witnessPlace(audit.witness, ask) } : {}),
    },
  };
}

function witnessPlace(
  { url, key }: NonNullable<Config["audit"]["witness"]>,
  ask: typeof fetch,
): WitnessPlace {
  const verifier = parseVerifier(key);
  if (verifier?.type === "witness") return { url, verifier, ask };
  throw new GatewayError("CONFIG_INVALID", "`audit.witness.key` is not the verifier key of a witness");
}

/** Out of base64. Errors: CONFIG_INVALID. */
export function encryptionKey(base64: string): Buffer {
  const key = Buffer.from(base64, "base64");
  if (key.length === KEY_BYTES) return key;
  throw new GatewayError("CONFIG_INVALID", `a key-encryption key is ${KEY_BYTES} bytes in base64`);
}
