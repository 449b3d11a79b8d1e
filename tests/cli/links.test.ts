/** `ihala seed --links` and `ihala links import`: an agency's own keys, joined to what others know already. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSecrets } from "../../src/assembly/secrets.ts";
import { runLinksImport, seedLinkFile } from "../../src/cli/links.ts";
import type { PartContext } from "../../src/cli/parts.ts";
import { openDataDirectory } from "../../src/config/data-directory.ts";
import { loadConfig } from "../../src/config/load.ts";
import { loadKeyKinds } from "../../src/connectors/key-kinds.ts";
import { createLinkKeys } from "../../src/connectors/link-keys.ts";
import { createLinkTable, type LinkTable } from "../../src/connectors/link-table.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import type { AgencyCode, MemberAddress } from "../../src/kernel/brands.ts";
import { silentLog } from "../../src/telemetry/log.ts";
import { testPostgres } from "../support/postgres.ts";
import { testTerminal } from "./test-terminal.ts";

const COURT = "BH/JUD/COURTS/criminal" as MemberAddress;
const REGISTER = "BH/GOV/IGA/population" as MemberAddress;

let context: PartContext;
let links: LinkTable;
let directory: string;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ihala-links-"));
  const data = await openDataDirectory(join(directory, "data"), "sandbox");
  const postgres = await testPostgres();
  await postgres.ensureDatabase("gateway");
  const pool = createPool({ url: postgres.url("gateway") });
  closing.push(
    () => rm(directory, { recursive: true, force: true }),
    () => data.release(),
    () => pool.end(),
  );
  const keys = createLinkKeys((await loadSecrets(data)).links);
  links = createLinkTable({ pool, keys, kinds: await loadKeyKinds() });
  await links.migrate();
  await links.seedLinks(
    [{ type: "Person", agency: "IGA", member: REGISTER, key: "911500000", uid: "u-1" }],
    "t",
  );
  const config = await loadConfig({ env: {} });
  const world = { seed: 1, scale: "tiny" } as const;
  context = { config, data, world, databaseUrl: postgres.url, log: silentLog };
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

async function seed(...lines: readonly (object | string)[]): Promise<number> {
  const file = join(directory, "links.ndjson");
  const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  await writeFile(file, `${texts.join("\n")}\n`);
  return seedLinkFile(context, file);
}
const line = (change: object = {}) => ({
  ...{ agency: "CRT", type: "Person", key: "CRT-P-77", sameAs: { agency: "IGA", key: "911500000" } },
  ...change,
});
const uidOf = async (key: string) =>
  (await links.find("CRT" as AgencyCode, [{ type: "Person", member: COURT, key }]))[0];

describe("seedLinkFile", () => {
  it("joins a key to the person that another agency knows, once", async () => {
    expect(await seed(line())).toBe(1);
    expect(await uidOf("CRT-P-77")).toBe("u-1");
    expect(await seed(line())).toBe(0);
  });

  it("links nothing at all when a line names somebody whom nobody knows, and tells no key", async () => {
    const unknown = line({ key: "CRT-P-79", sameAs: { agency: "IGA", key: "000000000" } });
    await expect(seed(line({ key: "CRT-P-78" }), unknown)).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      detail: { problems: ["line 2: sameAs: nothing is known to IGA by that key"] },
    });
    expect(await uidOf("CRT-P-78")).toBeUndefined();
  });

  it("tells every line that cannot be used", async () => {
    const wrong = [
      "no JSON",
      line({ agency: "XXX" }),
      line({ type: "Trial" }),
      line({ agency: "NGO", type: "CaseParty", sameAs: { agency: "MOSD", key: "1" } }),
      line({ member: REGISTER }),
    ];
    await expect(seed(...wrong.slice(0, 1), line({ extra: 1 }))).rejects.toMatchObject({
      detail: {
        problems: [
          "line 1: is not of the form that `docs/joining.md` shows",
          "line 2: is not of the form that `docs/joining.md` shows",
        ],
      },
    });
    await expect(seed(...wrong.slice(1))).rejects.toMatchObject({
      detail: {
        problems: [
          "line 1: `XXX` is no agency of the configuration",
          "line 2: `CRT` has no linked key for `Trial` in keys.json",
          "line 2: sameAs: `IGA` has no linked key for `Trial` in keys.json",
          "line 3: `NGO` has several members; say which",
          `line 4: \`${REGISTER}\` is no member of CRT`,
        ],
      },
    });
    await expect(seedLinkFile(context, join(directory, "nowhere"))).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
    });
  });
});

describe("ihala links import", () => {
  it("does the same in the database of production, in the name of whoever does it, while the gateway holds its directory", async () => {
    const postgres = await testPostgres();
    await postgres.ensureDatabase("gateway");
    const secret = join(directory, "database.url");
    await writeFile(secret, postgres.url("gateway"), { mode: 0o600 });
    const data = await openDataDirectory(join(directory, "production"), "production");
    const env = { IHALA_DATA: data.path };
    const config = { ...(await loadConfig({ env })), database: { url: { file: secret } } };
    const file = join(directory, "production.ndjson");
    await writeFile(file, `${JSON.stringify(line())}\n`);
    const terminal = testTerminal();
    await expect(runLinksImport(config, file, terminal)).rejects.toMatchObject({
      detail: { problems: ["line 1: sameAs: nothing is known to IGA by that key"] },
    });

    const pool = createPool({ url: postgres.url("gateway") });
    const keys = createLinkKeys((await loadSecrets(data)).links);
    const table = createLinkTable({ pool, keys, kinds: await loadKeyKinds() });
    const known = { type: "Person", agency: "IGA", member: REGISTER, key: "911500000", uid: "u-9" };
    await table.seedLinks([known], "t");
    expect(await runLinksImport(config, file, terminal)).toBe(0);
    expect(terminal.written()).toBe(`${file}: 1 keys linked\n`);
    const ref = { type: "Person", member: COURT, key: "CRT-P-77" };
    expect(await table.find("CRT" as AgencyCode, [ref])).toEqual(["u-9"]);
    const { rows } = await pool.query("select linked_by from object_link where agency = 'CRT'");
    expect(rows).toEqual([{ linked_by: userInfo().username }]);
    await pool.end();
    await data.release();
  });

  it("makes no key for the occasion: what it sealed, the gateway could not open", async () => {
    const config = await loadConfig({ env: { IHALA_DATA: join(directory, "never") } });
    await expect(runLinksImport(config, "x", testTerminal())).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });
});
