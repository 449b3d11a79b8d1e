/**
 * The security officer who gives a command: by an access token, verified by the same identity stage as a request.
 *
 * In      files that hold a token each; `-` is standard input. Never an argument, which every process on the machine can read.
 * Errors  UNAUTHENTICATED; OPERATION_FORBIDDEN when the token is not a security officer's; BAD_USER_INPUT for a file that cannot be read.
 */
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { assembleIdentity, openKeySet } from "../assembly/identity.ts";
import type { Config } from "../config/config.ts";
import { readDomain } from "../config/domain.ts";
import type { Clock } from "../kernel/clock.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { Officer } from "../policy-store/statements.ts";
import { schemaDirectory } from "./folders.ts";
import type { Terminal } from "./terminal.ts";

const PURPOSE = "AUDIT_OVERSIGHT";
const NO_CERTIFICATES: ReadonlySet<string> = new Set();

export interface OfficerSource {
  readonly config: Config;
  /** Base of the issuers' files. */
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly terminal: Pick<Terminal, "input">;
}

export async function officerOf(source: OfficerSource, file: string): Promise<Officer> {
  const { config, dataDirectory, clock } = source;
  const authenticate = assembleIdentity({
    ...{ config, clock, domain: await readDomain(schemaDirectory(config)) },
    keySetOf: (jwks) => openKeySet(jwks, dataDirectory, clock),
    certificatesOf: async () => NO_CERTIFICATES,
  });
  const headers = new Map([
    ["authorization", `Bearer ${(await tokenIn(file, source.terminal)).trim()}`],
    ["x-purpose", PURPOSE],
  ]);
  const { agency, member, staff, role } = await authenticate(headers);
  if (role === `${agency}.securityOfficer`) return { agency, member, staff };
  throw new GatewayError("OPERATION_FORBIDDEN", `\`${role}\` is no security officer`);
}

async function tokenIn(file: string, { input }: Pick<Terminal, "input">): Promise<string> {
  if (file === "-") return text(Readable.from(input));
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw new GatewayError("BAD_USER_INPUT", `the token file \`${file}\` cannot be read`, { cause });
  });
}
