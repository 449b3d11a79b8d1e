/**
 * Where every member is: what the configuration names, else what the sandbox has started in its place. A member of one's own
 * joins the sandbox by its `url` or `database` alone. Simulated databases are read as a role that may read and nothing else.
 */
import { readerUrl } from "../../sandbox/database/agency-database.ts";
import type { Places } from "../assembly/backends.ts";
import { readSecret } from "../config/secret.ts";
import type { AgencyPlaces, LedgerPlaces, PartContext } from "./parts.ts";

export async function placesOf(
  { config, databaseUrl }: Pick<PartContext, "config" | "databaseUrl">,
  ledger: LedgerPlaces,
  simulated: AgencyPlaces,
): Promise<Places> {
  const urls = new Map(Object.entries(simulated.urls));
  const databases = new Map<string, string>();
  for (const { code, kind, members } of config.agencies) {
    for (const { address, url, database } of members) {
      if (url !== undefined) urls.set(address, url);
      if (database !== undefined) databases.set(address, await readSecret(database));
      else if (kind === "sql") databases.set(address, readerUrl(databaseUrl(code.toLowerCase())));
    }
  }
  const { url } = config.ledger;
  return { urls, databases, ledger: url === undefined ? ledger : ledgerPlaces(url) };
}

/** Its two subgraphs and its files, below its server. */
export function ledgerPlaces(url: string): LedgerPlaces {
  const base = url.replace(/\/$/, "");
  return { spineUrl: `${base}/spine`, contentUrl: `${base}/content`, filesUrl: `${base}/files` };
}
