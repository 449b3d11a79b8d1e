/** `schema/domain.json`: roles, purposes and names of the domain, as far as the gateway reads them at run time. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE_ROOT } from "./package-root.ts";

export interface DomainRole {
  readonly id: string;
  readonly en: string;
  readonly ar: string;
  readonly purposes: readonly string[];
  readonly aal: "AAL1" | "AAL2" | "AAL3";
}

export interface Domain {
  readonly roles: readonly DomainRole[];
  readonly agencies: readonly { readonly code: string; readonly en: string; readonly ar: string }[];
}

export async function readDomain(schemaDirectory = join(PACKAGE_ROOT, "schema")): Promise<Domain> {
  return JSON.parse(await readFile(join(schemaDirectory, "domain.json"), "utf8")) as Domain;
}
