/** A desk over a real database, with a ledger and a log that remember what they were asked. */
import pg from "pg";
import type { CaseQuestions } from "../../src/break-glass/case-questions.ts";
import { BreakGlassDesk, type DeskParts, type OpeningRequest } from "../../src/break-glass/desk.ts";
import { BREAK_GLASS_MIGRATIONS } from "../../src/break-glass/migrations.ts";
import { EMERGENCY } from "../../src/break-glass/opening-rules.ts";
import { migrate } from "../../src/connectors/migrate.ts";
import { createRevocations } from "../../src/connectors/revocations.ts";
import type { OutboundReader } from "../../src/execute/backend.ts";
import { testDatabase } from "../support/postgres.ts";

export const OWNER = "BH/GOV/LMRA/epc";

export interface TestDesk {
  readonly desk: BreakGlassDesk;
  /** Another gateway's, over the same database. */
  readonly other: BreakGlassDesk;
  readonly pool: pg.Pool;
  /** That of `other`. */
  readonly otherPool: pg.Pool;
  now: number;
  /** Cases closed to a member or a member of staff. */
  readonly closed: Map<string, string>;
  /** What was asked and recorded, in order. */
  readonly steps: string[];
  close(): Promise<void>;
}

export async function openTestDesk(more: Partial<DeskParts> = {}): Promise<TestDesk> {
  const connectionString = await testDatabase();
  const pools = [1, 2].map(() => new pg.Pool({ connectionString, max: 8 }));
  const [pool, second] = pools as [pg.Pool, pg.Pool];
  await migrate(pool, "break-glass", BREAK_GLASS_MIGRATIONS);
  await createRevocations(pool).migrate();
  const steps: string[] = [];
  const closed = new Map<string, string>();
  const cases: CaseQuestions = {
    async ownerOf(uid) {
      steps.push("owner");
      return uid.startsWith("case-") ? OWNER : null;
    },
    async closedTo(uids, { reader }) {
      steps.push("overlays");
      return new Set(uids.filter((uid) => [reader.member, reader.staff].includes(closed.get(uid) ?? "")));
    },
  };
  const state = { now: Date.parse("2026-03-10T09:00:00Z") };
  const parts: Omit<DeskParts, "pool"> = {
    timeZone: "Asia/Bahrain",
    cases,
    caseOfPerson: async () => null,
    seals: {
      seal: (key, opening, reason) => ({
        key,
        sealed: Buffer.from(`${opening} ${reason}`).toString("base64"),
      }),
      open: async (all) =>
        all.map(({ opening, sealed }) =>
          Buffer.from(sealed, "base64")
            .toString()
            .slice(opening.length + 1),
        ),
    },
    record: async () => void steps.push("record"),
    clock: { now: () => state.now },
    ...more,
  };
  return {
    desk: new BreakGlassDesk({ ...parts, pool }),
    other: new BreakGlassDesk({ ...parts, pool: second }),
    ...{ pool, otherPool: second, closed, steps },
    get now() {
      return state.now;
    },
    set now(at) {
      state.now = at;
    },
    close: async () => void (await Promise.all(pools.map((each) => each.end()))),
  };
}

export const readerOf = (more: Partial<OutboundReader> = {}): OutboundReader => ({
  requestId: "request",
  agency: "NGO",
  member: "BH/NGO/MWPS/assist",
  staff: "worker-1",
  role: "NGO.caseworker",
  purpose: EMERGENCY,
  issue: null,
  ...more,
});

export const asking = (more: Partial<OutboundReader> = {}, signal = new AbortController().signal) => ({
  reader: readerOf(more),
  signal,
});

export const REVIEWER = {
  ...{ agency: "EPC", member: OWNER, staff: "reviewer-1" },
  ...{ role: "EPC.reviewer", purpose: "AUDIT_OVERSIGHT" },
};

export const requestFor = (
  caseUid: string | null,
  nowMs: number,
  more: Partial<OpeningRequest> = {},
): OpeningRequest => ({
  ...{ caseUid, document: null, retryKey: null, namesIssue: false },
  reason: "she called and is in danger now",
  applicant: {
    purpose: EMERGENCY,
    certificates: new Set(["SAFEGUARDING"]),
    assurance: "AAL2",
    authenticatedAtMs: nowMs - 1_000,
  },
  ...more,
});
