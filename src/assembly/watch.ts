/**
 * Looks at files and folders again and again, and says when their content has changed.
 *
 * In      paths, asked for anew each time; a folder stands for everything below it, a file that is missing for nothing.
 * Rule    a change of time or size has the content hashed; a change of content is told once it has held still from one look to the
 *         next, so that a folder is not taken half written.
 * Cost    a `stat` of each file a look; nothing is read while none has changed.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

export interface Watch {
  /** From now on changes since `openWatch` are told. */
  start(onChange: () => void): void;
  stop(): void;
}

/** What is there now is the state that is compared with; call it before what is watched is read. */
export async function openWatch(paths: () => readonly string[], everyMs: number): Promise<Watch> {
  if (everyMs === 0) return { start: () => {}, stop: () => {} };
  let looks = await lookAt(paths());
  let content = await contentOf(looks);
  let isMoving = false;
  let timer: NodeJS.Timeout | null = null;
  let isStopped = false;

  /** Whether something else is there, and holds still. */
  const hasChanged = async (): Promise<boolean> => {
    const now = await lookAt(paths());
    const isSame = now.key === looks.key;
    looks = now;
    if (!isSame) isMoving = true;
    if (!isSame || !isMoving) return false;
    isMoving = false;
    const found = await contentOf(now);
    const isOther = found !== content;
    content = found;
    return isOther;
  };

  return {
    start(onChange) {
      const look = async (): Promise<void> => {
        if (await hasChanged().catch(() => false)) onChange();
        if (!isStopped) timer = setTimeout(look, everyMs).unref();
      };
      timer = setTimeout(look, everyMs).unref();
    },
    stop() {
      isStopped = true;
      if (timer) clearTimeout(timer);
    },
  };
}

interface Looks {
  readonly files: readonly string[];
  /** Changes with every file's time and size. */
  readonly key: string;
}

async function lookAt(paths: readonly string[]): Promise<Looks> {
  const files = (await Promise.all(paths.map(filesAt))).flat();
  const states = await Promise.all(
    files.map(async (file) => {
      const found = await stat(file, { bigint: true }).catch(() => null);
      return `${file} ${found?.mtimeNs} ${found?.size} ${found?.ino}`;
    }),
  );
  return { files, key: states.join("\n") };
}

async function filesAt(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
}

async function contentOf({ files }: Looks): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(await readFile(file).catch(() => ""));
  return hash.digest("hex");
}
