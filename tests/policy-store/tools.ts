/** A policy store in a fresh database, a folder to draft from, and officers, for tests. */
import { cp, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type pg from "pg";
import { type NoteSigner, noteSigner } from "../../src/audit/note.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { approveDraft } from "../../src/policy-store/approvals.ts";
import { readContent } from "../../src/policy-store/content.ts";
import { type Drafted, draftPolicies } from "../../src/policy-store/draft.ts";
import { publishDraft } from "../../src/policy-store/publish.ts";
import { KEY_NAME, type Officer, type Publication } from "../../src/policy-store/statements.ts";
import { PolicyStore } from "../../src/policy-store/store.ts";
import type { StoreTools } from "../../src/policy-store/store-tools.ts";
import { POLICIES_DIR } from "../policy/shipped.ts";
import { testDatabase } from "../support/postgres.ts";

const SIGNER = noteSigner(KEY_NAME, Buffer.alloc(32, 7));

export interface TestStore {
  readonly tools: StoreTools;
  readonly pool: pg.Pool;
  readonly url: string;
  close(): Promise<void>;
}

export async function testStore(url?: string, signer: NoteSigner = SIGNER): Promise<TestStore> {
  const at = url ?? (await testDatabase());
  const pool = createPool({ url: at });
  const store = new PolicyStore({ pool, verifiers: [signer] });
  await store.migrate();
  const tools = {
    ...{ store, signer, clock: systemClock },
    schemaDir: join(PACKAGE_ROOT, "schema"),
    startingFolder: POLICIES_DIR,
  };
  return { tools, pool, url: at, close: () => pool.end() };
}

export const officer = (agency: string, staff = `${agency.toLowerCase()}-officer-1`): Officer => ({
  agency,
  member: `BH/${agency}`,
  staff,
});

/** The policies that ship, with files written anew; null removes one. A pair replaces a text, which must be there. */
export type Edits = Readonly<Record<string, string | Buffer | null | readonly [string, string]>>;

export async function folderWith(edits: Edits): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), "ihala-store-")), "policies");
  await cp(POLICIES_DIR, folder, { recursive: true });
  for (const [path, edit] of Object.entries(edits)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    if (Array.isArray(edit)) {
      const text = await readFile(file, "utf8");
      const [from, to] = edit as readonly [string, string];
      if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
      await writeFile(file, text.replace(from, to));
    } else await writeFile(file, (edit as string | Buffer | null) ?? "");
  }
  return folder;
}

/** Closes something and opens nothing. Taken back, it opens a field of the population register. */
export const NARROWER: Edits = {
  "ngo/names.cedar": `@id("NGO.by-code")
@title("Societies know survivors by their code")
@legalBasis("R1")
@owner("NGO")
forbid (
  principal in Agency::"NGO",
  action == Action::"Person.nameAr",
  resource
);
`,
};

/** Opens what the invariant \`shelter\` promises to keep closed, where no test looks. */
export const UNKEPT: Edits = {
  "ngo/shelter.cedar": `@id("NGO.shelter")
@title("Where somebody is sheltered")
@legalBasis("R2 R7")
@owner("NGO")
permit (
  principal in Agency::"NGO",
  action == Action::"ShelterStay.admittedOn",
  resource
);
`,
};

export const draftOf = async (
  { tools }: TestStore,
  by: Officer,
  edits: Edits,
  title = "a draft",
): Promise<Drafted> =>
  draftPolicies(tools, by, { content: await readContent(await folderWith(edits)), title });

/** Drafted by one, approved by every officer of `by`, published by the author. */
export async function publishEdits(
  on: TestStore,
  author: Officer,
  by: readonly Officer[],
  edits: Edits,
): Promise<Publication> {
  const { draft } = await draftOf(on, author, edits);
  for (const each of by) await approveDraft(on.tools, each, draft);
  return publishDraft(on.tools, author, draft.number);
}
