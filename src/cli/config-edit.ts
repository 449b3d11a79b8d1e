/**
 * One edit of the configuration file: all of it, when what comes of it holds, or not a byte.
 *
 * In      the file; what is changed in its document, whose comments stay; what the new configuration must pass.
 * Out     the new configuration. It is written beside the file, read from there as the gateway will read it, checked, and only then put
 *         in its place in one step, with the owner and mode of the file.
 * Errors  CONFIG_INVALID for a file that cannot be read or written, such as one that is mounted, for a configuration that cannot be, and when somebody else has changed the file meanwhile;
 *         those of the check.
 */
import { randomBytes } from "node:crypto";
import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { type Document, parseDocument } from "yaml";
import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import { GatewayError } from "../kernel/errors.ts";

export interface ConfigEdit {
  /** Null when no file is named. */
  readonly file: string | null;
  readonly edit: (document: Document) => void;
  readonly check: (next: Config) => Promise<void>;
}

export async function editConfigFile({ file: named, edit, check }: ConfigEdit): Promise<Config> {
  if (named === null) throw invalid("name the configuration file, by `--config` or IHALA_CONFIG");
  const file = await realpath(named).catch(() => {
    throw invalid(`the configuration file \`${named}\` cannot be read`);
  });
  const before = await readFile(file, "utf8");
  const document = parseDocument(before);
  // What is no YAML is told by the reading that everybody knows.
  if (document.errors.length > 0) await loadConfig({ path: file });
  edit(document);
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await writable(named, writeLike(file, draft, document.toString(styleOf(before))));
    const next = await loadConfig({ path: draft }).catch((error: unknown) => {
      throw error instanceof GatewayError
        ? invalid(`\`${named}\` stays as it is: it would not be a configuration`, error.detail.problems)
        : error;
    });
    await check(next);
    if ((await readFile(file, "utf8")) !== before)
      throw invalid(`\`${named}\` was changed meanwhile: look at it, and try again`);
    await writable(named, rename(draft, file));
    return next;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Lines are not folded, and lists stand where they stood. */
function styleOf(text: string) {
  const [, indent = "  "] = /^( +)[^ #\n-]/m.exec(text) ?? [];
  return { lineWidth: 0, indent: indent.length, indentSeq: /^\w[^\n#]*:\s*\n +- /m.test(text) } as const;
}

async function writeLike(file: string, draft: string, text: string): Promise<void> {
  const { mode, uid, gid } = await stat(file);
  const handle = await open(draft, "wx", mode & 0o777);
  try {
    await handle.chmod(mode & 0o777);
    await handle.chown(uid, gid);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A folder that takes no file, or a file that is mounted. */
async function writable(file: string, writing: Promise<void>): Promise<void> {
  await writing.catch((error: NodeJS.ErrnoException) => {
    throw invalid(`\`${file}\` cannot be written (${error.code}): change it where it comes from`);
  });
}

const invalid = (message: string, problems: readonly string[] = []): GatewayError =>
  new GatewayError("CONFIG_INVALID", message, { problems });
