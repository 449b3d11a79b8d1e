/**
 * F5, F6: the disclosure log loses nothing that it acknowledged to kill -9, to a full disk, or to a sync that fails; it closes, and
 * what it left is recovered without a torn record.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { type AppendHandle, type Files, realFiles } from "../../../src/audit/files.ts";
import { verifyLog } from "../../../src/audit/verify.ts";
import { ANSWER, disclosure, filesWith, logDirectory, openLog, readLog } from "../../audit/disclosures.ts";
import { isLong, showFigures } from "../../support/figures.ts";
import { seeded, testSeed } from "../../support/seeded.ts";

const noSpace = () => Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });

describe("F6: the disclosure log, written to what fails or is full", () => {
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

  it("is stopped by a full disk, for which a limit on file size stands, and goes on when there is room", async () => {
    const directory = await logDirectory();
    await mkdir(directory, { recursive: true });
    const { acknowledged, status } = await runAppender(directory, { fileSizeBlocks: 8 });
    expect(acknowledged).toBeGreaterThan(0);
    expect(status).not.toBe(0);
    const log = await openLog(directory);
    const { sequence } = await log.append(disclosure("reader-last"), ANSWER);
    await log.close();
    const records = await readLog(directory);
    expect(sequence).toBeGreaterThan(acknowledged);
    expect(records).toHaveLength(sequence);
    const { problems } = await verifyLog(directory);
    expect(problems).toEqual([]);
    const torn = sequence - 1 - acknowledged;
    showFigures(
      "F6",
      `disk full after ${acknowledged} acknowledged records: 0 lost, ${torn} unacknowledged kept`,
    );
  });
});

/** So many logs, each killed so often; records in all at least. */
const [LOGS, KILLS, RECORDS] = isLong ? [5, 6, 100_000] : [1, 3, 1_000];

describe("F5: kill -9 amid audit appends", { timeout: 240_000 }, () => {
  it("loses no record acknowledged to one appender, of a sync each", async () => {
    const directory = await logDirectory();
    let acknowledged = 0;
    for (let kill = 1; kill <= 2; kill += 1) {
      ({ acknowledged } = await runAppender(directory, { appenders: 1, killAfter: 50 * kill }));
      const records = await readLog(directory);
      expect(records.length).toBeGreaterThanOrEqual(acknowledged);
      expect(records.every(({ subjects }) => subjects[0]?.uid === "case-1")).toBe(true);
      expect((await verifyLog(directory)).problems).toEqual([]);
    }
    expect(acknowledged).toBeGreaterThanOrEqual(150);
  });

  it(`loses no record acknowledged to fifty appenders, in ${LOGS * KILLS} kills under load`, async () => {
    const random = seeded(testSeed());
    let [kept, acknowledged] = [0, 0];
    for (let log = 0; log < LOGS; log += 1) {
      const directory = await logDirectory();
      let before = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        // Ever another place within a commit.
        const killAfter = Math.ceil(RECORDS / LOGS / KILLS) + random.integer(0, 100);
        const killed = await runAppender(directory, {
          appenders: 50,
          killAfter,
          segmentBytes: SEGMENT_BYTES,
        });
        const { records, problems } = await verifyLog(directory);
        expect(problems).toEqual([]);
        expect(killed.status).toBeNull();
        expect(killed.first).toBeGreaterThan(before);
        expect(records).toBeGreaterThanOrEqual(killed.acknowledged);
        before = records;
        acknowledged += killed.count;
      }
      kept += before;
    }
    expect(acknowledged).toBeGreaterThanOrEqual(RECORDS);
    expect(kept).toBeGreaterThanOrEqual(acknowledged);
    const kills = `${LOGS * KILLS} kills under load, ${acknowledged} acknowledged records`;
    showFigures("F5", `${kills}: 0 lost; ${kept} in the log, whole after each`);
  });
});

/** Of many segments, in either form. */
const SEGMENT_BYTES = isLong ? 1_048_576 : 65_536;

/** Runs `appender-process.ts` until it dies: killed after so many acknowledged records, or of its own limit (512-byte blocks). */
async function runAppender(
  directory: string,
  {
    appenders = 4,
    killAfter = Number.POSITIVE_INFINITY,
    fileSizeBlocks = 0,
    segmentBytes = 65_536,
  }: {
    readonly appenders?: number;
    readonly killAfter?: number;
    readonly fileSizeBlocks?: number;
    readonly segmentBytes?: number;
  },
) {
  const program = join(import.meta.dirname, "appender-process.ts");
  const node = [process.execPath, program, directory, String(appenders), String(segmentBytes)];
  const limited = ["sh", "-c", `ulimit -f ${fileSizeBlocks}; trap '' XFSZ; exec "$@"`, "sh", ...node];
  const [command = "", ...args] = fileSizeBlocks > 0 ? limited : node;
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "close");
  let [first, acknowledged, count] = [0, 0, 0];
  for await (const line of createInterface(child.stdout)) {
    acknowledged = Number(line);
    first ||= acknowledged;
    count += 1;
    if (count === killAfter) child.kill("SIGKILL");
  }
  const [status] = await ended;
  return { first, acknowledged, count, status: status as number | null };
}
