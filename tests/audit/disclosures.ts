/** Disclosures for audit tests. */
import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type AppendHandle, type Files, realFiles } from "../../src/audit/files.ts";
import {
  type DisclosureLogOptions,
  type LogProtection,
  openDisclosureLog,
  readDisclosureLog,
} from "../../src/audit/log.ts";
import type { Disclosure } from "../../src/audit/record.ts";
import { frameBytes, isSegmentName, writeFrame } from "../../src/audit/segment.ts";
import { readSubjectKeys } from "../../src/audit/subject-keys.ts";

export const disclosure = (reader: string): Disclosure => ({
  time: "2026-11-25T08:00:00.000Z",
  gateway: "bh-sandbox",
  reader,
  member: "BH/NGO/MWPS/assist",
  role: "NGO.caseworker",
  purpose: "SHELTER_CARE",
  issue: "case-1",
  operationHash: "ab".repeat(32),
  policyVersion: "cd".repeat(32),
  withheldCount: 2,
  refusals: { R10: 1 },
  subjects: [{ type: "Case", uid: "case-1", groups: [{ group: "CASE_HEADER", level: "clear" }] }],
});

/** What left, for those who do not care. */
export const ANSWER = Buffer.from('{"data":{"case":{"nrmNumber":"cnr-answer"}}}');

export const logDirectory = async () => join(await mkdtemp(join(tmpdir(), "ihala-audit-")), "audit");

/** Where the keys of a log's subjects are. */
export const keysOf = (directory: string) => `${directory}-keys`;

export const SECRETS: LogProtection["secrets"] = {
  subjects: { wrapping: Buffer.alloc(32, 1), index: Buffer.alloc(32, 2) },
  signing: Buffer.alloc(32, 3),
};

export const protectionOf = (directory: string): LogProtection => ({
  name: "bh-sandbox",
  secrets: SECRETS,
  keysDirectory: keysOf(directory),
});

export const openLog = (directory: string, options: DisclosureLogOptions = {}) =>
  openDisclosureLog(directory, { protection: protectionOf(directory), ...options });

export const readLog = async (directory: string) =>
  readDisclosureLog(directory, await readSubjectKeys(keysOf(directory), SECRETS.subjects));

export const segmentsOf = async (directory: string) =>
  (await readdir(directory)).filter(isSegmentName).toSorted();

/** The frame of a commit's first record, or of a later one. */
export function frame(payload: string, startsCommit = true): Buffer {
  const bytes = Buffer.alloc(frameBytes(payload));
  writeFrame(bytes, 0, payload, startsCommit);
  return bytes;
}

/** The real file system, with handles of segments that misbehave or are watched. */
export const filesWith = (misbehave: (handle: AppendHandle) => Partial<AppendHandle>): Files => ({
  ...realFiles,
  async open(file) {
    const handle = await realFiles.open(file);
    return isSegmentName(basename(file)) ? { ...handle, ...misbehave(handle) } : handle;
  },
});
