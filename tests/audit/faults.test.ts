import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { type AppendHandle, type Files, realFiles } from "../../src/audit/files.ts";
import { verifyLog } from "../../src/audit/verify.ts";
import { ANSWER, disclosure, filesWith, logDirectory, openLog, readLog } from "./disclosures.ts";

const noSpace = () => Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });

describe("the disclosure log under faults", () => {
  it("finishes short writes", async () => {
    const directory = await logDirectory();
    const files = filesWith((handle) => ({ write: (bytes, offset) => handle.write(bytes, offset, 1) }));
    const log = await openLog(directory, { files });
    await log.append(disclosure("reader-1"), ANSWER);
    await log.close();
    expect(await readLog(directory)).toHaveLength(1);
  });

  it.each([
    [
      "a write that stops half-way",
      () => {
        let calls = 0;
        return (handle: AppendHandle): Partial<AppendHandle> => ({
          write: async (bytes, offset, length) => {
            calls += 1;
            if (calls === 2) return handle.write(bytes, offset, Math.floor(length / 2));
            if (calls === 3) throw noSpace();
            return handle.write(bytes, offset, length);
          },
        });
      },
    ],
    [
      "a write that writes nothing",
      () => {
        let calls = 0;
        return (handle: AppendHandle): Partial<AppendHandle> => ({
          write: async (bytes, offset, length) => {
            calls += 1;
            return calls === 2 ? { bytesWritten: 0 } : handle.write(bytes, offset, length);
          },
        });
      },
    ],
    [
      "a sync that fails once",
      () => {
        let calls = 0;
        return (handle: AppendHandle): Partial<AppendHandle> => ({
          datasync: async () => {
            calls += 1;
            if (calls === 2) throw Object.assign(new Error("EIO"), { code: "EIO" });
            await handle.datasync();
          },
        });
      },
    ],
  ])("closes for good after %s, and recovers what was acknowledged", async (_, misbehaviour) => {
    const directory = await logDirectory();
    const log = await openLog(directory, { files: filesWith(misbehaviour()) });
    await log.append(disclosure("reader-1"), ANSWER);
    const refused = await Promise.allSettled(
      ["reader-2", "reader-3"].map((reader) => log.append(disclosure(reader), ANSWER)),
    );
    expect(refused.map((result) => result.status === "rejected" && result.reason.code)).toEqual([
      "AUDIT_UNAVAILABLE",
      "AUDIT_UNAVAILABLE",
    ]);
    await expect(log.append(disclosure("reader-4"), ANSWER)).rejects.toMatchObject({
      code: "AUDIT_UNAVAILABLE",
    });
    await expect(log.failed).resolves.toBeInstanceOf(Error);
    await log.close();

    const again = await openLog(directory);
    const { sequence } = await again.append(disclosure("reader-5"), ANSWER);
    await again.close();
    const records = await readLog(directory);
    expect(records.map((record) => record.sequence)).toEqual(
      Array.from({ length: sequence }, (_, i) => i + 1),
    );
    expect(records[0]?.reader).toBe("reader-1");
    expect(records.at(-1)?.reader).toBe("reader-5");
  });

  it("says that it cannot be written, in place of starting without it", async () => {
    await expect(openLog("/proc/ihala-audit")).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
    const full: Files = {
      ...realFiles,
      replace: async () => {
        throw noSpace();
      },
    };
    await expect(openLog(await logDirectory(), { files: full })).rejects.toMatchObject({
      code: "AUDIT_UNAVAILABLE",
    });
  });

  it("is stopped by a full disk, for which a limit on file size stands", async () => {
    const directory = await logDirectory();
    await mkdir(directory, { recursive: true });
    const { acknowledged, status } = await runAppender(directory, { fileSizeBlocks: 8 });
    expect(acknowledged).toBeGreaterThan(0);
    expect(status).not.toBe(0);
    const log = await openLog(directory);
    await log.close();
    expect((await readLog(directory)).length).toBeGreaterThanOrEqual(acknowledged);
  });

  it.each([1, 50])("loses no record acknowledged to one of %i appenders to kill -9", async (appenders) => {
    const directory = await logDirectory();
    let acknowledged = 0;
    for (let round = 0; round < 6; round += 1) {
      ({ acknowledged } = await runAppender(directory, {
        appenders,
        killAfter: 40 + round * 17 * appenders,
      }));
      const records = await readLog(directory);
      expect(records.length).toBeGreaterThanOrEqual(acknowledged);
      expect(records.map(({ sequence }) => sequence)).toEqual(Array.from(records, (_, i) => i + 1));
      expect(records.every(({ subjects }) => subjects[0]?.uid === "case-1")).toBe(true);
      expect((await verifyLog(directory)).problems).toEqual([]);
    }
    expect(acknowledged).toBeGreaterThan(400);
  });
});

/** Runs `appender.ts` until it dies: killed after so many acknowledged records, or of its own limit (512-byte blocks). */
async function runAppender(
  directory: string,
  { appenders = 4, killAfter = Number.POSITIVE_INFINITY, fileSizeBlocks = 0 },
) {
  const program = join(import.meta.dirname, "appender.ts");
  const node = [process.execPath, program, directory, String(appenders)];
  const limited = ["sh", "-c", `ulimit -f ${fileSizeBlocks}; trap '' XFSZ; exec "$@"`, "sh", ...node];
  const [command = "", ...args] = fileSizeBlocks > 0 ? limited : node;
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "close");
  let acknowledged = 0;
  let count = 0;
  for await (const line of createInterface(child.stdout)) {
    acknowledged = Number(line);
    count += 1;
    if (count === killAfter) child.kill("SIGKILL");
  }
  const [status] = await ended;
  return { acknowledged, status: status as number | null };
}
