/**
 * Tables of the training centre (RTC): certificate holders, trainers, certificates, programmes, knowledge.
 *
 * Certificates are valid to 2099 or long lapsed. Number 1 of a role holds what the role's work needs, number 2 as
 * well INTERVIEW_CHILD, STATEMENT_TAKING and SAFEGUARDING, number 3 everything; but the third screener's
 * SCREENING_L1 has lapsed (G3).
 */
import { FAR_FUTURE, isoDate, TODAY } from "./calendar.ts";
import type { Skill } from "./codes.ts";
import type { Context } from "./context.ts";
import { pad } from "./identifiers.ts";
import { holderNo } from "./keys.ts";
import { pick } from "./random.ts";
import { staffTable } from "./staff.ts";
import { type SparseTable, sparseTable, type Table, table } from "./tables.ts";
import type * as R from "./types.ts";

const SKILLS = [
  "SCREENING_L1",
  "SCREENING_L2",
  "INTERVIEW_CHILD",
  "STATEMENT_TAKING",
  "SAFEGUARDING",
  "DATA_PROTECTION",
] as const satisfies readonly Skill[];
const NEEDED: Readonly<Record<string, readonly Skill[]>> = {
  "EPC.screener": ["SCREENING_L1"],
  "EPC.reviewer": ["SCREENING_L1", "SCREENING_L2"],
  "EPC.caseWorker": ["SAFEGUARDING"],
  "EPC.legalOfficer": ["STATEMENT_TAKING"],
  "EPC.dataSteward": ["DATA_PROTECTION"],
  "MOI.investigator": ["STATEMENT_TAKING"],
  "NCC.auditor": ["DATA_PROTECTION"],
};
const WITH_PEOPLE: readonly Skill[] = ["INTERVIEW_CHILD", "STATEMENT_TAKING", "SAFEGUARDING"];
const LAPSED_HOLDER = "epc-screener-3";
const TITLES = [
  { en: "Recognising indicators", ar: "التعرف على المؤشرات" },
  { en: "Talking with children", ar: "مقابلة الأطفال" },
  { en: "Taking statements", ar: "أخذ الأقوال" },
  { en: "Keeping data safe", ar: "حماية البيانات" },
] as const;
const KINDS = ["STUDY", "STANDARD", "MANUAL", "SCREENING_FORM"] as const;

export function holders(ctx: Context): Table<R.RtcHolderRow> {
  const staff = staffTable(ctx);
  return table("rtc.holders", staff.count, (i) => {
    const { staffId, member, agency } = staff.row(i);
    return { holderNo: holderNo(i), staffId, member, agency };
  });
}

/** Number 3 of every role but the security officers. */
export function trainers(ctx: Context): SparseTable<R.RtcTrainerRow> {
  const staff = staffTable(ctx);
  return sparseTable("rtc.trainers", staff.count, (i) => {
    const { staffId, role, member, agency } = staff.row(i);
    if (!staffId.endsWith("-3") || role.endsWith(".securityOfficer")) return undefined;
    const certifiedBy = ctx.draws("trainer", i)() < 0.3 ? "UNODC" : "Regional training centre";
    return { number: `TRN-${pad(i, 5)}`, holderNo: holderNo(i), certifiedBy, member, agency };
  });
}

/** One slot for each member of staff and skill. */
export function certificates(ctx: Context): SparseTable<R.RtcCertificateRow> {
  const staff = staffTable(ctx);
  return sparseTable("rtc.certificates", staff.count * SKILLS.length, (i) => {
    const index = Math.floor(i / SKILLS.length);
    const skill = SKILLS[i % SKILLS.length]!;
    const { staffId, role, member } = staff.row(index);
    if (!skillsOf(staffId, role).includes(skill)) return undefined;
    const lapsed = staffId === LAPSED_HOLDER && skill === "SCREENING_L1";
    return {
      number: `CERT-${pad(i, 6)}`,
      skill,
      holderNo: holderNo(index),
      member,
      validUntil: lapsed ? "2025-01-31" : FAR_FUTURE.slice(0, 10),
    };
  });
}

export function programmes(ctx: Context): Table<R.RtcProgrammeRow> {
  return table("rtc.programmes", 12, (i) => {
    const draw = ctx.draws("programme", i);
    const from = TODAY - 200 + Math.floor(draw() * 300);
    return {
      number: `PRG-${pad(i + 1, 4)}`,
      title: TITLES[i % TITLES.length]!,
      published: i % 3 !== 2,
      runs: [{ from: isoDate(from), until: isoDate(from + 4), place: "Manama", seats: 20 }],
    };
  });
}

export function knowledge(ctx: Context): Table<R.RtcKnowledgeRow> {
  return table("rtc.knowledge", 40, (i) => ({
    number: `KNW-${pad(i + 1, 4)}`,
    kind: KINDS[i % KINDS.length]!,
    title: pick(TITLES, ctx.draws("knowledge", i)()),
    body: { ar: "نص تدريبي. [synthetic]", en: "Training text. [synthetic]" },
    published: i % 4 !== 3,
  }));
}

/** Skills of which a member of staff was ever certified. */
function skillsOf(staffId: string, role: string): readonly Skill[] {
  if (role.endsWith(".securityOfficer")) return [];
  if (staffId.endsWith("-3")) return SKILLS;
  const needed = NEEDED[role] ?? [];
  return staffId.endsWith("-2") ? [...needed, ...WITH_PEOPLE] : needed;
}
