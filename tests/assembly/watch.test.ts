/** What is told of files that change, and what is not. */
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWatch, type Watch } from "../../src/assembly/watch.ts";

const EVERY_MS = 20;
/** So long that a busy machine writes several times in it. */
const SLOW_MS = 300;
let root: string;
let watch: Watch;
let told = 0;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "ihala-watch-"));
  await mkdir(join(root, "folder/deep"), { recursive: true });
  await writeFile(join(root, "folder/deep/a.txt"), "a");
  await writeFile(join(root, "file.txt"), "1");
  told = 0;
  watch = await openWatch(() => [join(root, "folder"), join(root, "file.txt"), join(root, "none")], EVERY_MS);
});
afterEach(async () => {
  watch.stop();
  await rm(root, { recursive: true });
});

const start = () =>
  watch.start(() => {
    told += 1;
  });

describe("a watch", () => {
  it.each([
    ["a file's content", () => writeFile(join(root, "file.txt"), "2")],
    ["a file deep in a folder", () => writeFile(join(root, "folder/deep/a.txt"), "b")],
    ["a new file", () => writeFile(join(root, "folder/new.txt"), "n")],
    ["a file that was missing", () => writeFile(join(root, "none"), "n")],
    ["a file that is gone", () => rm(join(root, "file.txt"))],
  ])("tells %s once", async (_, change) => {
    start();
    await change();
    await expect.poll(() => told).toBe(1);
    await sleep(5 * EVERY_MS);
    expect(told).toBe(1);
  });

  it("tells what has changed since it was opened", async () => {
    await writeFile(join(root, "file.txt"), "2");
    start();
    await expect.poll(() => told).toBe(1);
  });

  it("tells nothing of a file that was touched and is the same", async () => {
    start();
    await utimes(join(root, "file.txt"), new Date(), new Date(1));
    await sleep(8 * EVERY_MS);
    expect(told).toBe(0);
  });

  it("waits until what is being written holds still", async () => {
    watch = await openWatch(() => [join(root, "folder")], SLOW_MS);
    start();
    const until = performance.now() + 5 * SLOW_MS;
    for (let index = 0; performance.now() < until; index += 1) {
      await writeFile(join(root, "folder/deep/a.txt"), `b${"x".repeat(index)}`);
      await sleep(SLOW_MS / 40);
    }
    expect(told).toBe(0);
    await expect.poll(() => told, { timeout: 10 * SLOW_MS }).toBe(1);
  });

  it("tells nothing once stopped, and nothing at all when it is off", async () => {
    start();
    watch.stop();
    const off = await openWatch(() => [join(root, "file.txt")], 0);
    off.start(() => {
      told += 1;
    });
    await writeFile(join(root, "file.txt"), "2");
    await sleep(8 * EVERY_MS);
    expect(told).toBe(0);
  });
});
