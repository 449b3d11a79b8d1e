/** Disclosures for audit tests. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AppendHandle, type Files, realFiles } from "../../src/audit/files.ts";
import type { Disclosure } from "../../src/audit/record.ts";
import { frameBytes, writeFrame } from "../../src/audit/segment.ts";

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

export const logDirectory = async () => join(await mkdtemp(join(tmpdir(), "ihala-audit-")), "audit");

export function frame(payload: string): Buffer {
  const bytes = Buffer.alloc(frameBytes(payload));
  writeFrame(bytes, 0, payload);
  return bytes;
}

/** The real file system with a handle that misbehaves, or is watched. */
export const filesWith = (misbehave: (handle: AppendHandle) => Partial<AppendHandle>): Files => ({
  ...realFiles,
  async open(file) {
    const handle = await realFiles.open(file);
    return { ...handle, ...misbehave(handle) };
  },
});
