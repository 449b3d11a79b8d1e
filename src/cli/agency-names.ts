/**
 * Where schema, policies and configuration name an agency: what must go before it leaves.
 *
 * Out     one line for each place, with what to do. Its `AgencyCode` may stay: cases and records of before name it.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { loadDomain } from "../supergraph/domain.ts";
import { loadOwnKeys } from "../supergraph/keys.ts";
import { loadManifest, type Manifest } from "../supergraph/manifest.ts";
import { readSchemaFolder } from "../supergraph/schema-folder.ts";
import { policyDirectory, schemaDirectory } from "./folders.ts";

export async function placesThatName(config: Config, code: string): Promise<readonly string[]> {
  const schemaDir = schemaDirectory(config);
  const [folder, manifest, keys, domain] = await Promise.all([
    readSchemaFolder(schemaDir),
    loadManifest(schemaDir),
    loadOwnKeys(schemaDir),
    loadDomain(schemaDir),
  ]);
  const at = (file: string) => join(schemaDir, file);
  const policies = join(policyDirectory(config), code.toLowerCase());
  const roles = domain.roles.filter(({ id }) => id.startsWith(`${code}.`)).map(({ id }) => id);
  return [
    ...issuersOf(config, code),
    ...folder.subgraphs
      .filter(({ agency }) => agency === code)
      .map(({ file }) => `${at(file)}: its document; remove it`),
    ...coordinatesOf(manifest, code).map(
      (coordinate) => `${at("")}: the manifest has \`${coordinate}\` of it; remove that`,
    ),
    ...(keys[code] ? [`${at("keys.json")}: its keys; remove them`] : []),
    ...(domain.agencies.some((one) => one.code === code) || domain.order.includes(code) || roles.length > 0
      ? [
          `${at("domain.json")}: the agency, its column, and roles: ${roles.join(", ") || "none"}; remove them`,
        ]
      : []),
    ...(existsSync(policies) ? [`${policies}: its policies; remove them, then \`ihala compose\``] : []),
  ];
}

function issuersOf({ agencies, identity }: Config, code: string): readonly string[] {
  const members = new Set(
    agencies.find((agency) => agency.code === code)?.members.map(({ address }) => address),
  );
  return identity.issuers.flatMap(({ issuer, clients }) =>
    Object.entries(clients)
      .filter(([, { member }]) => members.has(member))
      .map(([id]) => `identity.issuers: \`${issuer}\` has the client \`${id}\` of it; remove that`),
  );
}

const coordinatesOf = ({ fields, roots, types, allowances }: Manifest, code: string): readonly string[] => [
  ...[...fields.values()]
    .filter(({ owner, servedBy }) => owner === code || servedBy.includes(code))
    .map(({ coordinate }) => coordinate),
  ...[...roots, ...types].filter(([, agency]) => agency === code).map(([name]) => name),
  ...allowances.filter(({ agency }) => agency === code).map(({ coordinate }) => coordinate),
];
