/**
 * `ihala links import`, and `ihala seed --links` for the sandbox: joins an agency's own keys to people and cases that others know already.
 *
 * In      lines of JSON: `{"agency":"HLT","type":"Person","key":"INS-7","sameAs":{"agency":"IGA","key":"911500000"}}`, and
 *         `member` on either side when the agency has several. Keys that are linked already stay as they are.
 * Errors  BAD_USER_INPUT with every line that cannot be used, by number and never by its keys: nothing is written then.
 */
import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { z } from "zod";
import { type GatewaySecrets, loadSecrets } from "../assembly/secrets.ts";
import type { Config } from "../config/config.ts";
import { type KeyKinds, loadKeyKinds } from "../connectors/key-kinds.ts";
import { createLinkKeys } from "../connectors/link-keys.ts";
import { createLinkTable, type KeyRef, type LinkRow, type LinkTable } from "../connectors/link-table.ts";
import { createPool } from "../connectors/pg-pool.ts";
import type { AgencyCode, MemberAddress } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { schemaDirectory } from "./folders.ts";
import { withGatewayDatabase } from "./gateway-database.ts";
import type { PartContext } from "./parts.ts";
import { productionData } from "./production-data.ts";
import type { Terminal } from "./terminal.ts";

const text = z.string().min(1);
const place = { agency: text, member: text.optional(), key: text };
const lineSchema = z.strictObject({ ...place, type: text, sameAs: z.strictObject(place) });
type Line = z.infer<typeof lineSchema>;
type Place = Line["sameAs"];

/** What was wrong with the lines, all of it. */
class Problems {
  readonly #found: string[] = [];

  add(line: number, what: string): void {
    this.#found.push(`line ${line + 1}: ${what}`);
  }

  throwIfAny(file: string): void {
    if (this.#found.length === 0) return;
    const problems = this.#found;
    throw new GatewayError("BAD_USER_INPUT", `\`${file}\` cannot be used; nothing was linked`, { problems });
  }
}

export async function runLinksImport(config: Config, file: string, terminal: Terminal): Promise<number> {
  const { links: keys } = await loadSecrets(await productionData(config));
  const linkedBy = userInfo().username;
  const count = await withGatewayDatabase(config, (pool) => linkFile({ config, pool, keys, linkedBy }, file));
  terminal.out(`${file}: ${count} keys linked\n`);
  return 0;
}

/** How many keys were linked. */
export async function seedLinkFile(context: PartContext, file: string): Promise<number> {
  const { config, data, databaseUrl } = context;
  const { links: keys } = await loadSecrets(data);
  const pool = createPool({ url: databaseUrl("gateway") });
  try {
    return await linkFile({ config, pool, keys, linkedBy: "seed" }, file);
  } finally {
    await pool.end();
  }
}

interface Linking {
  readonly config: Config;
  readonly pool: pg.Pool;
  readonly keys: GatewaySecrets["links"];
  readonly linkedBy: string;
}

async function linkFile({ config, pool, keys, linkedBy }: Linking, file: string): Promise<number> {
  const problems = new Problems();
  const lines = await readLines(file, problems);
  const kinds = await loadKeyKinds(join(schemaDirectory(config), "keys.json"));
  const refs = lines.map((line, at) => ({
    own: refOf(config, kinds, line.type, line, (what) => problems.add(at, what)),
    other: refOf(config, kinds, line.type, line.sameAs, (what) => problems.add(at, `sameAs: ${what}`)),
  }));
  problems.throwIfAny(file);
  const links = createLinkTable({ pool, keys: createLinkKeys(keys), kinds });
  await links.migrate();
  const uids = await find(
    links,
    lines,
    refs.map(({ other }) => other),
  );
  for (const [at, uid] of uids.entries())
    if (uid === undefined)
      problems.add(at, `sameAs: nothing is known to ${lines[at]?.sameAs.agency} by that key`);
  problems.throwIfAny(file);
  const rows = lines.map(
    ({ agency }, at): LinkRow => ({ ...(refs[at]?.own as KeyRef), agency, uid: uids[at] ?? "" }),
  );
  return links.seedLinks(rows, linkedBy);
}

async function readLines(file: string, problems: Problems): Promise<readonly Line[]> {
  const content = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new GatewayError("BAD_USER_INPUT", `\`${file}\` cannot be read`, { cause });
  });
  const lines = content
    .trimEnd()
    .split("\n")
    .map((line, at) => {
      const parsed = lineSchema.safeParse(jsonOf(line));
      if (!parsed.success) problems.add(at, "is not of the form that `docs/joining.md` shows");
      return parsed.data as Line;
    });
  problems.throwIfAny(file);
  return lines;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function refOf(
  { agencies }: Config,
  kinds: KeyKinds,
  type: string,
  { agency, member, key }: Place,
  complain: (what: string) => void,
): KeyRef {
  const addresses = agencies.find(({ code }) => code === agency)?.members.map(({ address }) => address) ?? [];
  const address = member ?? (addresses.length === 1 ? addresses[0] : undefined);
  if (addresses.length === 0) complain(`\`${agency}\` is no agency of the configuration`);
  else if (kinds.of(agency as AgencyCode, type)?.kind !== "linked")
    complain(`\`${agency}\` has no linked key for \`${type}\` in keys.json`);
  else if (address === undefined) complain(`\`${agency}\` has several members; say which`);
  else if (!addresses.includes(address)) complain(`\`${address}\` is no member of ${agency}`);
  return { type, member: (address ?? "") as MemberAddress, key };
}

/** One look-up for each agency that is named. */
async function find(links: LinkTable, lines: readonly Line[], refs: readonly KeyRef[]) {
  const uids: (string | undefined)[] = [];
  const byAgency = Map.groupBy(lines.keys(), (at) => lines[at]?.sameAs.agency ?? "");
  for (const [agency, places] of byAgency) {
    const found = await links.find(
      agency as AgencyCode,
      places.map((at) => refs[at] as KeyRef),
    );
    for (const [at, place] of places.entries()) uids[place] = found[at];
  }
  return uids;
}
