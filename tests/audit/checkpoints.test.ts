import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openCheckpoint } from "../../src/audit/checkpoint.ts";
import { type Files, realFiles } from "../../src/audit/files.ts";
import { openDisclosureLog } from "../../src/audit/log.ts";
import { parseVerifier } from "../../src/audit/note.ts";
import { rootAt } from "../../src/audit/proofs.ts";
import { subtreesOfTiles } from "../../src/audit/tiles.ts";
import { ANSWER, disclosure, logDirectory, openLog, protectionOf } from "./disclosures.ts";

async function publishedIn(directory: string) {
  const key = parseVerifier(await readFile(join(directory, "log.vkey"), "utf8"));
  const note = await readFile(join(directory, "checkpoint"), "utf8");
  return key && openCheckpoint(note, key);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200 && !(await condition()); i += 1) await new Promise((end) => setTimeout(end, 20));
}

describe("checkpoints", () => {
  it("are there from the start, for the empty tree too", async () => {
    const directory = await logDirectory();
    const log = await openLog(directory);
    expect(await publishedIn(directory)).toMatchObject({ size: 0 });
    expect(await readdir(directory)).not.toContain("tile");
    await log.close();
    expect(await publishedIn(directory)).toMatchObject({ size: 0 });
  });

  it("follow the log in time and cover everything at the end, with the tiles that prove them", async () => {
    const directory = await logDirectory();
    const protection = { ...protectionOf(directory), checkpointMs: 20 };
    const log = await openDisclosureLog(directory, { protection });
    await Promise.all(Array.from({ length: 300 }, () => log.append(disclosure("reader-1"), ANSWER)));
    await until(async () => (await publishedIn(directory))?.size === 300);
    const at300 = await publishedIn(directory);
    expect(at300?.size).toBe(300);
    await log.append(disclosure("reader-1"), ANSWER);
    await log.close();
    const atEnd = await publishedIn(directory);
    expect(atEnd?.size).toBe(301);
    const subtree = subtreesOfTiles(301, (path) => readFile(join(directory, path)));
    expect(await rootAt(301, subtree)).toEqual(atEnd?.root);
    expect(await rootAt(300, subtree)).toEqual(at300?.root);
  });

  it("that cannot be written close the log for good", async () => {
    const directory = await logDirectory();
    let full = false;
    const files: Files = {
      ...realFiles,
      async replace(file, content) {
        if (full && file.endsWith("checkpoint")) throw new Error("ENOSPC");
        await realFiles.replace(file, content);
      },
    };
    const protection = { ...protectionOf(directory), checkpointMs: 20 };
    const log = await openDisclosureLog(directory, { protection, files });
    full = true;
    await log.append(disclosure("reader-1"), ANSWER);
    await expect(log.failed).resolves.toBeInstanceOf(Error);
    await expect(log.append(disclosure("reader-2"), ANSWER)).rejects.toMatchObject({
      code: "AUDIT_UNAVAILABLE",
    });
    await log.close();
    await (await openLog(directory)).close();
    expect(await publishedIn(directory)).toMatchObject({ size: 1 });
  });
});
