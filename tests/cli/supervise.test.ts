import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startChild } from "../../src/cli/supervise.ts";
import { isRunning } from "./processes.ts";

const module = (name: string) => new URL(`./parts/${name}.ts`, import.meta.url);
const note = async () => join(await mkdtemp(join(tmpdir(), "ihala-child-")), "note");

async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(10);
}

describe("a child of the sandbox", () => {
  it("is ready with what it says, and stops in order", async () => {
    const onStop = await note();
    const says = { url: "http://127.0.0.1:1" };
    const child = await startChild<typeof says>({
      name: "child",
      module: module("good-child"),
      options: { says, onStop },
    });
    expect(child.ready).toEqual(says);
    await child.stop();
    await child.stop();
    expect(isRunning(child.pid)).toBe(false);
    expect(await readFile(onStop, "utf8")).toBe("stopped in order");
  });

  it("tells when it ends by itself", async () => {
    const child = await startChild({ name: "child", module: module("good-child"), options: { says: null } });
    process.kill(child.pid, "SIGKILL");
    await child.ended;
    await child.stop();
  });

  it.each([
    [
      "refuses",
      { code: "PORT_IN_USE", message: "child: port 1 is in use", detail: { problems: ["one", "two"] } },
    ],
    ["throws", { code: "CONFIG_INVALID", message: expect.stringContaining("child: TypeError: a bug") }],
    ["dies", { code: "CONFIG_INVALID", message: "child ended before it was ready (SIGKILL)" }],
    ["hangs", { code: "CONFIG_INVALID", message: "child was not ready within 1000 ms" }],
  ])("that %s is a clear error, and leaves nothing behind", async (way, error) => {
    const starting = startChild({
      name: "child",
      module: module("bad-child"),
      options: { way },
      readyWithinMs: 1_000,
    });
    await expect(starting).rejects.toMatchObject(error);
  });

  it("that cannot be found is a clear error", async () => {
    const starting = startChild({ name: "child", module: module("no-child"), options: {} });
    await expect(starting).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });

  it("stops in order when its parent is killed in a way that nobody can catch", async () => {
    const onStop = await note();
    const parent = spawn(process.execPath, [join(import.meta.dirname, "parts/parent.ts"), onStop], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(parent.stdout, "data");
    const pid = Number(String(line));
    expect(isRunning(pid)).toBe(true);
    parent.kill("SIGKILL");
    await gone(pid);
    expect(await readFile(onStop, "utf8")).toBe("stopped in order");
  });
});
