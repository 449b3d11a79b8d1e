import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lookIntoDataDirectory, openDataDirectory } from "../../src/config/data-directory.ts";

const fresh = async () => join(await mkdtemp(join(tmpdir(), "ihala-data-")), "data");
const permissions = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe("the data directory", () => {
  it("is created for its owner alone, keys included, and keeps its keys", async () => {
    const path = await fresh();
    const first = await openDataDirectory(path, "sandbox");
    const key = await first.key("sealing", 32);
    await first.release();
    const again = await openDataDirectory(path, "sandbox");
    expect(await again.key("sealing", 32)).toEqual(key);
    expect(key).toHaveLength(32);
    expect(await permissions(path)).toBe("700");
    expect(await permissions(join(path, "keys"))).toBe("700");
    expect(await permissions(join(path, "keys", "sealing"))).toBe("600");
    await again.release();
  });

  it("makes one key when two ask at once", async () => {
    const data = await openDataDirectory(await fresh(), "sandbox");
    const keys = await Promise.all(Array.from({ length: 8 }, () => data.key("k", 64)));
    expect(new Set(keys.map((key) => key.toString("hex"))).size).toBe(1);
    await data.release();
  });

  it("refuses a key that others may read", async () => {
    const data = await openDataDirectory(await fresh(), "sandbox");
    await data.key("k", 32);
    await chmod(data.file("keys", "k"), 0o644);
    await expect(data.key("k", 32)).rejects.toMatchObject({ code: "DATA_DIRECTORY_UNWRITABLE" });
    await data.release();
  });

  it("refuses the other mode, also for looking into it", async () => {
    const path = await fresh();
    await (await openDataDirectory(path, "sandbox")).release();
    await expect(openDataDirectory(path, "production")).rejects.toMatchObject({
      code: "DATA_DIRECTORY_OTHER_MODE",
    });
    await expect(lookIntoDataDirectory(path, "dev")).rejects.toMatchObject({
      code: "DATA_DIRECTORY_OTHER_MODE",
    });
    await (await openDataDirectory(path, "sandbox")).release();
  });

  it("refuses what a newer version wrote, and leaves it as it is", async () => {
    const path = await fresh();
    await (await openDataDirectory(path, "sandbox")).release();
    const newer = '{"format":99,"mode":"sandbox","more":true}';
    await writeFile(join(path, "ihala.json"), newer);
    await expect(openDataDirectory(path, "sandbox")).rejects.toMatchObject({ code: "DATA_DIRECTORY_NEWER" });
    expect(await readFile(join(path, "ihala.json"), "utf8")).toBe(newer);
  });

  it("refuses a place that cannot be written", async () => {
    const file = await fresh();
    await writeFile(file, "a file");
    await expect(openDataDirectory(join(file, "inside"), "sandbox")).rejects.toMatchObject({
      code: "DATA_DIRECTORY_UNWRITABLE",
    });
    await expect(openDataDirectory("/proc/ihala", "sandbox")).rejects.toMatchObject({
      code: "DATA_DIRECTORY_UNWRITABLE",
    });
  });

  it("is held by one process at a time and names the holder", async () => {
    const path = await fresh();
    const data = await openDataDirectory(path, "sandbox");
    await expect(openDataDirectory(path, "sandbox")).rejects.toMatchObject({
      code: "DATA_DIRECTORY_IN_USE",
      message: expect.stringContaining(String(process.pid)),
    });
    await expect(lookIntoDataDirectory(path, "sandbox")).resolves.toMatchObject({ path });
    await data.release();
    await (await openDataDirectory(path, "sandbox")).release();
  });

  it("is free again when its holder was killed", async () => {
    const path = await fresh();
    const module = join(import.meta.dirname, "../../src/config/data-directory.ts");
    const script = `const d = await import(${JSON.stringify(module)}); await d.openDataDirectory(${JSON.stringify(path)}, "sandbox"); console.log("held"); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    await expect(openDataDirectory(path, "sandbox")).rejects.toMatchObject({ code: "DATA_DIRECTORY_IN_USE" });
    holder.kill("SIGKILL");
    await once(holder, "exit");
    const newcomers = await Promise.allSettled([1, 2, 3].map(() => openDataDirectory(path, "sandbox")));
    expect(newcomers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});
