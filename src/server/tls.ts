/**
 * The server's own TLS: certificate, key, and the authorities whose clients it knows, read from PEM files.
 *
 * Rule    TLS 1.2 or newer, without renegotiation, so that a connection keeps the certificate that it began with. A client is asked
 *         for one only where `clientCa` says whose; one that shows none, or another's, is connected all the same and has proven
 *         nothing: most clients prove who they are otherwise.
 * Errors  CONFIG_INVALID for files that cannot be read, or that do not go together.
 */
import { constants } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext, type SecureContextOptions, type TlsOptions } from "node:tls";
import { GatewayError } from "../kernel/errors.ts";

export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  readonly clientCa?: string | undefined;
}

/** What a renewal replaces. */
export async function readTls({ certificate, key, clientCa }: TlsFiles): Promise<SecureContextOptions> {
  const [cert, secret, ca] = await Promise.all([
    pem("certificate", certificate),
    pem("key", key),
    clientCa === undefined ? null : pem("clientCa", clientCa),
  ]);
  const options: SecureContextOptions = {
    ...{ cert, key: secret, minVersion: "TLSv1.2" },
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    ...(ca && { ca }),
  };
  try {
    createSecureContext(options);
  } catch (cause) {
    throw invalid("server.tls: certificate and key do not go together, or are no PEM", cause);
  }
  return options;
}

/** What is said once, when the server is made. */
export const asksForCertificates = ({ clientCa }: TlsFiles): TlsOptions => ({
  requestCert: clientCa !== undefined,
  rejectUnauthorized: false,
});

async function pem(name: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw invalid(`server.tls.${name}: \`${file}\` cannot be read`, cause);
  }
}

const invalid = (problem: string, cause: unknown): GatewayError =>
  new GatewayError("CONFIG_INVALID", problem, { cause, problems: [problem] });
