/**
 * The organisations of the federation: one member for each agency, two societies (NGO), four foreign partners (EXT).
 *
 * Source  agencies.md §1 and §13. A one-member agency is its own member; its address is that of `schema/domain.json`.
 */
import type { AgencyCode } from "./codes.ts";

export interface MemberRow {
  /** X-Road style: country, class, organisation, subsystem. Unique. */
  readonly address: string;
  readonly agency: AgencyCode;
  readonly nameAr: string;
  readonly nameEn: string;
  /** For embassies, the nationality served (ISO 3166-1 alpha-3); null for everybody else. */
  readonly nationality: string | null;
}

const member = (
  agency: AgencyCode,
  address: string,
  nameEn: string,
  nameAr: string,
  nationality: string | null = null,
): MemberRow => ({ address, agency, nameAr, nameEn, nationality });

export const MEMBERS: readonly MemberRow[] = [
  member("IGA", "BH/GOV/IGA/population", "Population register", "السجل السكاني"),
  member("LMRA", "BH/GOV/LMRA/labour", "Labour Market Regulatory Authority", "هيئة تنظيم سوق العمل"),
  member(
    "EPC",
    "BH/GOV/LMRA/epc",
    "Expatriate Protection and Support Centre",
    "مركز حماية ودعم العمالة الوافدة",
  ),
  member("MOI", "BH/GOV/MOI/atd", "Anti-trafficking directorate", "إدارة مكافحة الاتجار بالأشخاص"),
  member("PPO", "BH/JUD/PPO/tip", "Trafficking in persons prosecution", "نيابة الاتجار بالأشخاص"),
  member("CRT", "BH/JUD/COURTS/criminal", "High Criminal Court", "المحكمة الكبرى الجنائية"),
  member(
    "NPRA",
    "BH/GOV/NPRA/residence",
    "Nationality, Passports and Residence Affairs",
    "شؤون الجنسية والجوازات والإقامة",
  ),
  member("MOSD", "BH/GOV/MOSD/care", "Ministry of Social Development", "وزارة التنمية الاجتماعية"),
  member("NGO", "BH/NGO/MWPS/assist", "Migrant workers' protection society", "جمعية حماية العمال الوافدين"),
  member("NGO", "BH/NGO/AMAN/shelter", "Aman shelter society", "جمعية أمان للإيواء"),
  member("NCC", "BH/GOV/NCCTIP/committee", "National committee", "اللجنة الوطنية"),
  member("RTC", "BH/GOV/RTC/training", "Regional training centre", "المركز الإقليمي للتدريب"),
  member("EXT", "IN/EXT/EMB/consular", "Embassy of India", "سفارة الهند", "IND"),
  member("EXT", "PH/EXT/EMB/consular", "Embassy of the Philippines", "سفارة الفلبين", "PHL"),
  member("EXT", "JO/EXT/NCHT/nrm", "Jordan's national committee", "اللجنة الوطنية الأردنية", "JOR"),
  member("EXT", "UN/EXT/UNODC/stats", "UNODC", "مكتب الأمم المتحدة المعني بالمخدرات والجريمة"),
];

export const MWPS = "BH/NGO/MWPS/assist";
export const AMAN = "BH/NGO/AMAN/shelter";
export const INDIAN_EMBASSY = "IN/EXT/EMB/consular";
export const PHILIPPINE_EMBASSY = "PH/EXT/EMB/consular";
export const JORDAN_NRM = "JO/EXT/NCHT/nrm";

/** The address of a one-member agency; for NGO and EXT the first member. */
export function addressOf(agency: AgencyCode): string {
  return MEMBERS.find((row) => row.agency === agency)!.address;
}
