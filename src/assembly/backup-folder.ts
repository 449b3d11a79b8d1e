/**
 * One folder of a backup: files, and a manifest that says what they must be. The manifest is written last: a folder without one is
 * no backup.
 *
 * Errors  BACKUP_INVALID for a file that is missing, changed or not in the manifest.
 */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { GatewayError } from "../kernel/errors.ts";

const MANIFEST = "manifest.json";
/** Grows when an older version can no longer restore what a newer one wrote. */
const BACKUP_FORMAT = 1;

const manifestOf = z.strictObject({
  format: z.literal(BACKUP_FORMAT),
  madeAt: z.iso.datetime(),
  /** SHA-256 of each file. */
  files: z.record(z.string(), z.string()),
  about: z.unknown(),
});

type Chunks = AsyncIterable<Buffer | string>;

export class BackupFolder {
  readonly path: string;
  readonly #files = new Map<string, string>();

  constructor(path: string) {
    this.path = path;
  }

  async write(name: string, chunks: Chunks): Promise<void> {
    const hash = createHash("sha256");
    const file = join(this.path, name);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const hashed = async function* () {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(hashed(), createWriteStream(file, { mode: 0o600, flush: true }));
    this.#files.set(name, hash.digest("hex"));
  }

  /** Files of a folder that may be written meanwhile: what a list named may be gone, and then is not there. */
  async copy(folder: string, names: readonly string[], to: string): Promise<void> {
    for (const name of names) {
      const source = await open(join(folder, name)).catch(unlessGone);
      if (source) await this.write(join(to, name), source.createReadStream());
    }
  }

  /** A folder inside that was removed again. */
  forget(folder: string): void {
    for (const name of this.#files.keys()) if (name.startsWith(`${folder}/`)) this.#files.delete(name);
  }

  async finish(about: unknown): Promise<void> {
    const files = Object.fromEntries([...this.#files].sort());
    const manifest = { format: BACKUP_FORMAT, madeAt: new Date().toISOString(), files, about };
    const file = await open(join(this.path, MANIFEST), "wx", 0o600);
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
    await file.close();
  }
}

/** Paths of all files below a folder. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** What the folder says about itself, when every file is as the manifest says. */
export async function checkedFolder<About>(path: string, about: z.ZodType<About>): Promise<About> {
  const text = await readFile(join(path, MANIFEST), "utf8").catch(() => null);
  if (text === null) throw invalid(path, "there is no whole backup here");
  const manifest = manifestOf.extend({ about }).safeParse(json(text));
  if (!manifest.success) throw invalid(path, "its manifest is none that this version knows");
  const there = (await filesBelow(path)).filter((name) => name !== MANIFEST);
  const named = Object.keys(manifest.data.files);
  const stray = there.find((name) => !named.includes(name));
  if (stray !== undefined) throw invalid(path, `\`${stray}\` is not in its manifest`);
  for (const [name, sha256] of Object.entries(manifest.data.files)) {
    const found = await hashOf(join(path, name)).catch(() => null);
    if (found !== sha256) throw invalid(path, `\`${name}\` is ${found === null ? "missing" : "changed"}`);
  }
  return manifest.data.about as About;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const invalid = (path: string, problem: string): GatewayError =>
  new GatewayError("BACKUP_INVALID", `\`${path}\`: ${problem}`);

function unlessGone(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
