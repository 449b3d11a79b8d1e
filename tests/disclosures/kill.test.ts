/** kill -9 amid appending and shipping: the copy has every record once, in order; with `disk+database`, every acknowledged one already. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { logDirectory } from "../audit/disclosures.ts";
import { testDatabase } from "../support/postgres.ts";
import { openCopy, openShipped, textsIn } from "./copies.ts";

const SHIPPER = join(PACKAGE_ROOT, "tests/disclosures/shipper.ts");
const KILLS = 4;

async function killed(directory: string, url: string, durability: string, ms: number): Promise<number> {
  const child = spawn(process.execPath, [SHIPPER, directory, url, durability], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let last = 0;
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) last = Math.max(last, Number(line));
  });
  await once(child.stdout, "data");
  await sleep(ms);
  child.kill("SIGKILL");
  await once(child, "close");
  return last;
}

it.each(["disk", "disk+database"])(
  "loses and doubles nothing, durability %s",
  async (durability) => {
    const [directory, url] = [await logDirectory(), await testDatabase()];
    const { pool, copy, rows } = openCopy(url);
    await copy.migrate();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const acknowledged = await killed(directory, url, durability, 150 + kill * 170);
      const copied = await rows();
      expect(copied.map(({ sequence }) => sequence)).toEqual(copied.map((_, at) => at + 1));
      if (durability === "disk+database") expect(copied.length).toBeGreaterThanOrEqual(acknowledged);
    }
    const log = await openShipped(directory, { copy });
    await log.close();
    const texts = await textsIn(directory);
    expect(texts.length).toBeGreaterThan(KILLS);
    expect((await rows()).map(({ text }) => text)).toEqual(texts);
    await pool.end();
  },
  60_000,
);
