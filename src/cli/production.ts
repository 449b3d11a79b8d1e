/**
 * What keeps a configuration from serving production, all of it at once. `NODE_ENV` decides nothing.
 *
 * Source  architecture §6: no development issuer or key, no permit-all policy, no sandbox agencies, no plain Bearer, and either TLS
 *         or a trusted proxy. Issuers: one for each agency, none for two of them; keys by `https:` or from a file.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { lookIntoDataDirectory } from "../config/data-directory.ts";
import { GatewayError } from "../kernel/errors.ts";
import { MAX_PRODUCTION_TOKEN_SECONDS } from "../kernel/limits.ts";

export interface PolicyText {
  readonly file: string;
  readonly text: string;
}

export async function productionProblems(
  config: Config,
  policies: readonly PolicyText[],
): Promise<readonly string[]> {
  return [
    ...issuerProblems(config),
    ...agencyProblems(config),
    ...storeProblems(config),
    ...edgeProblems(config),
    ...policies.filter(permitsAll).map(({ file }) => `policies: \`${file}\` permits everything to everybody`),
    ...(await dataProblems(config)),
  ];
}

function issuerProblems({ identity, agencies }: Config): string[] {
  const { issuers, maxTokenSeconds } = identity;
  const agencyOf = new Map(
    agencies.flatMap(({ code, members }) => members.map(({ address }) => [address, code])),
  );
  const tooLong =
    maxTokenSeconds > MAX_PRODUCTION_TOKEN_SECONDS
      ? [`identity.maxTokenSeconds: tokens may live ${MAX_PRODUCTION_TOKEN_SECONDS} s at most`]
      : [];
  const each = issuers.flatMap(({ issuer, development, jwks, clients }) => {
    const codes = new Set(Object.values(clients).map(({ member }) => agencyOf.get(member)));
    return [
      ...(development ? ["is a development issuer"] : []),
      ...("url" in jwks && !jwks.url.startsWith("https:") ? ["has its keys at an address without TLS"] : []),
      ...(codes.size > 1 ? [`speaks for several agencies: ${[...codes].join(", ")}`] : []),
      ...Object.entries(clients)
        .filter(([, { binding }]) => binding === "bearer")
        .map(([id]) => `has tokens of \`${id}\` that are plain Bearer: bind them by \`dpop\` or \`mtls\``),
    ].map((problem) => `identity.issuers: \`${issuer}\` ${problem}`);
  });
  return [...each, ...tooLong];
}

function agencyProblems({ agencies }: Config): string[] {
  return agencies.flatMap(({ code, kind, members }) =>
    members
      .filter(({ url, database }) => kind !== "ledger" && url === undefined && database === undefined)
      .map(
        ({ address }) =>
          `agencies: \`${address}\` (${code}) has no ${kind === "sql" ? "database" : "url"}: it is simulated`,
      ),
  );
}

function storeProblems({ audit, ledger, database, policy }: Config): string[] {
  return [
    ...(policy.source === "store" && policy.verifierKeys.length === 0
      ? ["policy.verifierKeys: the key that signs publications would lie beside the gateway"]
      : []),
    ...(ledger.url === undefined ? ["ledger.url: the ledger is the sandbox's own"] : []),
    ...(database.url === undefined ? ["database.url: the database is the sandbox's own"] : []),
    ...(audit.keyEncryptionKey === undefined
      ? ["audit.keyEncryptionKey: the key would lie beside the keys that it wraps"]
      : []),
  ];
}

function edgeProblems({ server, identity }: Config): string[] {
  const { tls, trustedProxy, publicUrl } = server;
  const bindings = new Set(
    identity.issuers.flatMap(({ clients }) => Object.values(clients).map(({ binding }) => binding)),
  );
  return [
    ...(tls || trustedProxy
      ? []
      : ["server: neither `tls` nor `trustedProxy`: callers would come in the clear"]),
    ...(bindings.has("dpop") && !publicUrl?.startsWith("https:")
      ? ["server.publicUrl: an `https:` address is wanted, which proofs of clients bound by `dpop` name"]
      : []),
    ...(bindings.has("mtls") && !trustedProxy && tls?.clientCa === undefined
      ? ["server.tls.clientCa: no certificate is asked for, and clients are bound by `mtls`"]
      : []),
  ];
}

async function dataProblems({ data }: Config): Promise<string[]> {
  const keys = existsSync(join(resolve(data), "issuer")) ? [`data: \`${data}\` holds a development key`] : [];
  try {
    await lookIntoDataDirectory(data, "production");
    return keys;
  } catch (error) {
    if (error instanceof GatewayError) return [...keys, `data: ${error.message}`];
    throw error;
  }
}

const COMMENT = /\/\/[^\n]*/g;
const PERMIT_ALL = /permit\s*\(\s*principal\s*,\s*action\s*,\s*resource\s*\)\s*;/;

const permitsAll = ({ text }: PolicyText): boolean => PERMIT_ALL.test(text.replace(COMMENT, ""));
