/**
 * References to secrets: the configuration names a file or an environment variable and never holds the secret.
 *
 * Errors  CONFIG_INVALID when the file cannot be read or the variable is not set; the message names the reference only.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { GatewayError } from "../kernel/errors.ts";
import { environment } from "./environment.ts";

export const secretReference = z.union([
  z.strictObject({ file: z.string().min(1).meta({ description: "File that holds the secret." }) }),
  z.strictObject({
    env: z.string().min(1).meta({ description: "Environment variable that holds the secret." }),
  }),
]);

export type SecretReference = z.output<typeof secretReference>;

export async function readSecret(reference: SecretReference, relativeTo = "."): Promise<string> {
  if ("env" in reference) {
    const value = environment()[reference.env];
    if (value) return value;
    throw new GatewayError("CONFIG_INVALID", `the environment variable \`${reference.env}\` is not set`);
  }
  try {
    return (await readFile(resolve(relativeTo, reference.file), "utf8")).trim();
  } catch (cause) {
    throw new GatewayError("CONFIG_INVALID", `the secret file \`${reference.file}\` cannot be read`, {
      cause,
    });
  }
}
