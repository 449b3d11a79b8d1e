import { constants } from "node:fs";
import { mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { realFiles } from "../../src/audit/files.ts";

it.runIf(process.platform === "linux")("has the kernel sync every write before it returns", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "ihala-audit-files-")), "segment");
  const handle = await realFiles.open(file);
  const descriptors = await readdir("/proc/self/fd");
  const targets = await Promise.all(
    descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "closed")),
  );
  const info = await readFile(`/proc/self/fdinfo/${descriptors[targets.indexOf(file)]}`, "utf8");
  const flags = Number.parseInt(/^flags:\s+(\d+)/m.exec(info)?.[1] ?? "", 8);
  expect(flags & constants.O_DSYNC).toBe(constants.O_DSYNC);
  expect(flags & constants.O_APPEND).toBe(constants.O_APPEND);
  await handle.close();
});

it("makes folders inside a directory, and never the directory itself again", async () => {
  const directory = await mkdtemp(join(tmpdir(), "ihala-audit-files-"));
  await realFiles.put(directory, "tile/0/x001/000", Buffer.from("a"));
  await realFiles.put(directory, "tile/0/x001/001", Buffer.from("b"));
  expect(await readdir(join(directory, "tile/0/x001"))).toEqual(["000", "001"]);
  await rm(directory, { recursive: true });
  await expect(realFiles.put(directory, "tile/0/000", Buffer.from("c"))).rejects.toMatchObject({
    code: "ENOENT",
  });
});
