import { describe, expect, it } from "vitest";
import type { AppendHandle } from "../../src/audit/files.ts";
import { ANSWER, disclosure, filesWith, logDirectory, openLog, readLog } from "./disclosures.ts";

const numbered = (count: number, from = 1) => Array.from({ length: count }, (_, i) => `reader-${from + i}`);
const readersOf = async (directory: string) => (await readLog(directory)).map(({ reader }) => reader);
/** Long enough for everything that could go on without a sync. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 30));

/** A log whose writes and syncs are counted, and whose syncs wait for leave. */
async function watchedLog() {
  const directory = await logDirectory();
  const seen = { writes: 0, syncs: 0 };
  let leave: Promise<void> = Promise.resolve();
  const files = filesWith((handle) => ({
    write(bytes, offset, length) {
      seen.writes += 1;
      return handle.write(bytes, offset, length);
    },
    async datasync() {
      await leave;
      await handle.datasync();
      seen.syncs += 1;
    },
  }));
  const log = await openLog(directory, { files });
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    leave = promise;
    return resolve;
  };
  return { directory, log, seen, hold };
}

describe("group commit", () => {
  it("writes and syncs once what arrives together", async () => {
    const { directory, log, seen } = await watchedLog();
    await Promise.all(numbered(200).map((reader) => log.append(disclosure(reader), ANSWER)));
    expect(seen).toEqual({ writes: 1, syncs: 1 });
    await log.append(disclosure("reader-201"), ANSWER);
    expect(seen).toEqual({ writes: 2, syncs: 2 });
    await log.close();
    expect(await readersOf(directory)).toEqual(numbered(201));
  });

  it("gathers what arrives while a commit is under way, and acknowledges nothing before its own sync", async () => {
    const { directory, log, seen, hold } = await watchedLog();
    const acknowledged: number[] = [];
    const append = (reader: string) =>
      log.append(disclosure(reader), ANSWER).then(({ sequence }) => acknowledged.push(sequence));
    const letFirst = hold();
    const first = append("reader-1");
    await aMoment();
    expect({ ...seen, acknowledged }).toEqual({ writes: 1, syncs: 0, acknowledged: [] });

    const letSecond = hold();
    const rest = numbered(49, 2).map(append);
    letFirst();
    await first;
    await aMoment();
    expect({ ...seen, acknowledged }).toEqual({ writes: 2, syncs: 1, acknowledged: [1] });
    letSecond();
    await Promise.all(rest);
    expect(seen).toEqual({ writes: 2, syncs: 2 });
    expect(acknowledged).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    await log.close();
    expect(await readersOf(directory)).toEqual(numbered(50));
  });

  it("serves fifty appenders with far fewer syncs than records", async () => {
    const { directory, log, seen } = await watchedLog();
    const appender = async (reader: string) => {
      for (let i = 0; i < 20; i += 1) await log.append(disclosure(reader), ANSWER);
    };
    await Promise.all(numbered(50).map(appender));
    await log.close();
    expect(await readersOf(directory)).toHaveLength(1_000);
    expect(seen.syncs).toBeLessThanOrEqual(100);
    expect(seen.writes).toBe(seen.syncs);
  });

  it("splits a batch that no segment holds, and keeps the order", async () => {
    const directory = await logDirectory();
    const log = await openLog(directory, { segmentBytes: 1_200 });
    const receipts = await Promise.all(numbered(9).map((reader) => log.append(disclosure(reader), ANSWER)));
    expect(receipts.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await log.close();
    expect(await readersOf(directory)).toEqual(numbered(9));
    const again = await openLog(directory, { segmentBytes: 1_200 });
    expect(await again.append(disclosure("reader-10"), ANSWER)).toEqual({ sequence: 10 });
    await again.close();
  });

  it("gives a record that no frame holds back, without a gap", async () => {
    const directory = await logDirectory();
    const log = await openLog(directory);
    const huge = log.append({ ...disclosure("reader-1"), operationHash: "x".repeat(17 * 1_048_576) }, ANSWER);
    const next = log.append(disclosure("reader-2"), ANSWER);
    await expect(huge).rejects.toThrow(RangeError);
    expect(await next).toEqual({ sequence: 1 });
    await log.close();
    expect(await readersOf(directory)).toEqual(["reader-2"]);
  });
});

describe("a commit that fails", () => {
  type Misbehave = (handle: AppendHandle) => Partial<AppendHandle>;
  const fail = () => Object.assign(new Error("EIO"), { code: "EIO" });

  it.each<[string, Misbehave]>([
    ["in the middle of its write", (handle) => ({ write: halfAndFail(handle) })],
    ["in its sync", () => ({ datasync: () => Promise.reject(fail()) })],
  ])("%s refuses its whole batch and everything behind it, and nothing is tried again", async (_, how) => {
    const directory = await logDirectory();
    const calls = { writes: 0, syncs: 0 };
    let misbehaves = false;
    const files = filesWith((handle) => {
      const bad = how(handle);
      return {
        write(bytes, offset, length) {
          calls.writes += 1;
          return (misbehaves && bad.write ? bad.write : handle.write)(bytes, offset, length);
        },
        datasync() {
          calls.syncs += 1;
          return (misbehaves && bad.datasync ? bad.datasync : handle.datasync)();
        },
      };
    });
    const log = await openLog(directory, { files });
    await Promise.all(numbered(3).map((reader) => log.append(disclosure(reader), ANSWER)));
    misbehaves = true;
    const batch = numbered(20, 4).map((reader) => log.append(disclosure(reader), ANSWER));
    await new Promise(setImmediate);
    const behind = log.append(disclosure("reader-24"), ANSWER);
    const results = await Promise.allSettled([...batch, behind]);
    expect(results.map((one) => one.status === "rejected" && one.reason.code)).toEqual(
      Array.from(results, () => "AUDIT_UNAVAILABLE"),
    );
    const before = { ...calls };
    await expect(log.append(disclosure("reader-25"), ANSWER)).rejects.toMatchObject({
      code: "AUDIT_UNAVAILABLE",
    });
    await expect(log.failed).resolves.toBeInstanceOf(Error);
    await aMoment();
    expect(calls).toEqual(before);
    await log.close();

    const again = await openLog(directory);
    const { sequence } = await again.append(disclosure("reader-26"), ANSWER);
    await again.close();
    const readers = await readersOf(directory);
    expect(readers).toHaveLength(sequence);
    expect(readers.slice(0, 3)).toEqual(numbered(3));
    expect(readers).not.toContain("reader-25");
    expect(readers.at(-1)).toBe("reader-26");
  });

  /** Half of what was asked reaches the disk; the rest fails. */
  function halfAndFail(handle: AppendHandle): AppendHandle["write"] {
    return async (bytes, offset, length) => {
      if (offset > 0) throw fail();
      return handle.write(bytes, offset, Math.floor(length / 2));
    };
  }
});
