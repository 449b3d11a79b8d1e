/** A gateway that runs is told to read its configuration again; a process that would die of the signal is not. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { takeUp } from "../../src/cli/take-up.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

const children: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

const configOf = async (watchMs = 0): Promise<Config> => {
  const IHALA_DATA = await mkdtemp(join(tmpdir(), "ihala-take-up-"));
  return loadConfig({ env: { IHALA_DATA }, overrides: { "server.watchMs": watchMs } });
};

/** Holds the data directory as a command does; prints what it hears. */
async function hold({ data }: Config, listens: boolean): Promise<ChildProcessWithoutNullStreams> {
  const module = join(PACKAGE_ROOT, "src/config/data-directory.ts");
  const child = spawn(process.execPath, [
    "--input-type=module",
    "-e",
    `
    import { openDataDirectory } from ${JSON.stringify(module)};
    await openDataDirectory(${JSON.stringify(data)}, "production");
    ${listens ? 'process.on("SIGHUP", () => console.log("read again"));' : ""}
    setInterval(() => {}, 1_000);
    console.log("holds");`,
  ]);
  children.push(child);
  expect(String(await once(child.stdout, "data"))).toBe("holds\n");
  return child;
}

it("tells the gateway that holds the data directory", async () => {
  const config = await configOf();
  const child = await hold(config, true);
  const heard = once(child.stdout, "data");
  expect(await takeUp(config)).toContain(`process ${child.pid}, was told to read it`);
  expect(String(await heard)).toBe("read again\n");
});

it("leaves a process alone that does not listen, and says whom to tell", async () => {
  const config = await configOf();
  const child = await hold(config, false);
  expect(await takeUp(config)).toContain(`send SIGHUP to the gateway, if process ${child.pid} is one`);
  expect(child.exitCode ?? child.signalCode).toBeNull();
});

it("tells nobody where the file is watched, or where nobody is", async () => {
  expect(await takeUp(await configOf(500))).toContain("takes it up within 1000 ms");
  expect(await takeUp(await configOf())).toContain("the next start reads it");
});
