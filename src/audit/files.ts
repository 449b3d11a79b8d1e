/**
 * What the disclosure log asks of a file system, so that tests can let it fail; and the real one.
 */
import { constants, type Dirent, fdatasync, write } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";

export interface AppendHandle {
  /** Resolves to the number of bytes written, which may be fewer than asked. */
  write(bytes: Buffer, offset: number, length: number): Promise<{ readonly bytesWritten: number }>;
  /** Resolves when everything written is on the medium. */
  datasync(): Promise<void>;
  close(): Promise<void>;
}

export interface Files {
  /** Creates the directory inside one that exists, unless it is there. */
  make(directory: string): Promise<void>;
  /** Names in the directory. */
  list(directory: string): Promise<readonly string[]>;
  read(file: string): Promise<Buffer>;
  /** So many bytes from that place on, or as many as there are. */
  readAt(file: string, offset: number, length: number): Promise<Buffer>;
  /** Creates the file with this content, synced; replaces another of the name in one step. */
  replace(file: string, content: Buffer): Promise<void>;
  /**
   * Writes what can be made again: whole or not at all, but not synced. Folders between the directory, which must be there, and the
   * file are made.
   */
  put(directory: string, path: string, content: Buffer): Promise<void>;
  /** A file or a folder with all that is in it, if it is there. */
  remove(path: string): Promise<void>;
  /** Relative paths of all files in a folder and below, without drafts of `put`; none where there is no folder. */
  walk(directory: string): Promise<readonly string[]>;
  /** Opens for appending. */
  open(file: string): Promise<AppendHandle>;
}

/** On the bare descriptor: a `FileHandle` adds about 20 µs of CPU to each commit. */
const writeTo = promisify(write);
const datasyncOf = promisify(fdatasync);

/**
 * Linux syncs each write as fdatasync would before it returns (O_DSYNC): one system call and one trip to the thread pool, so one
 * turn of a busy event loop, less. Elsewhere that may stop at the drive's cache, which fdatasync empties too.
 */
const WRITES_SYNCED = process.platform === "linux";
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;

/** What a crash may leave behind of a file that was to be replaced. */
const DRAFT = ".new";

export const realFiles: Files = {
  async make(directory) {
    await mkdir(directory, { mode: 0o700 }).catch(unlessThere);
  },
  list: (directory) => readdir(directory),
  read: (file) => readFile(file),
  async readAt(file, offset, length) {
    const handle = await open(file, "r");
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  },
  async replace(file, content) {
    const draft = file + DRAFT;
    await synced(await open(draft, "w", 0o600), (handle) => handle.writeFile(content));
    await rename(draft, file);
    await synced(await open(dirname(file), "r"), async () => {});
  },
  async put(directory, path, content) {
    const file = join(directory, path);
    const draft = file + DRAFT;
    const write = () => writeFile(draft, content, { mode: 0o600 });
    await write().catch(async () => {
      await makeFolders(directory, dirname(path));
      await write();
    });
    await rename(draft, file);
  },
  remove: (path) => rm(path, { recursive: true, force: true }),
  async walk(directory) {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(unlessMissing);
    const files = entries.filter((entry) => !entry.isDirectory() && !entry.name.endsWith(DRAFT));
    return files.map(({ parentPath, name }) => relative(directory, join(parentPath, name)));
  },
  async open(file) {
    const handle = await open(file, WRITES_SYNCED ? APPEND | constants.O_DSYNC : APPEND, 0o600);
    return {
      write: (bytes, offset, length) => writeTo(handle.fd, bytes, offset, length, null),
      datasync: async () => {
        if (!WRITES_SYNCED) await datasyncOf(handle.fd);
      },
      close: () => handle.close(),
    };
  },
};

/** A short write is continued; one that writes nothing is a failure. */
export async function writeAll(handle: AppendHandle, bytes: Buffer): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, offset, bytes.length - offset);
    if (bytesWritten <= 0) throw new Error("nothing was written");
    offset += bytesWritten;
  }
}

/** One after the other: `recursive` would make the directory itself again, after somebody took it away. */
async function makeFolders(directory: string, path: string): Promise<void> {
  let folder = directory;
  for (const name of path.split("/")) {
    folder = join(folder, name);
    await mkdir(folder, { mode: 0o700 }).catch(unlessThere);
  }
}

/** Works on the handle, syncs it and closes it. */
async function synced(handle: FileHandle, work: (handle: FileHandle) => Promise<void>): Promise<void> {
  try {
    await work(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

function unlessMissing(error: NodeJS.ErrnoException): readonly Dirent[] {
  if (error.code === "ENOENT") return [];
  throw error;
}
