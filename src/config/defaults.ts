/**
 * The deployment that ships: Bahrain's twelve agencies and their sixteen members, all simulated, with one development issuer.
 *
 * Source  domain model, agencies §1 and §13; a test holds addresses and names equal to the synthetic world's.
 */
export const SANDBOX_AUDIENCE = "https://gateway.ihala.test/graphql";
export const DEVELOPMENT_ISSUER = "https://issuer.ihala.test";
/** Relative to the data directory. */
export const DEVELOPMENT_JWKS = "issuer/jwks.json";
export const SUBJECT_CLIENT = "national-portal";

interface Member {
  readonly address: string;
  readonly name: { readonly en: string; readonly ar: string };
}

interface Agency {
  readonly code: string;
  readonly kind: "federation" | "rest" | "sql" | "ledger";
  readonly members: Member[];
}

const member = (address: string, en: string, ar: string): Member => ({ address, name: { en, ar } });

const agency = (code: string, kind: Agency["kind"], ...members: Member[]): Agency => ({
  code,
  kind,
  members,
});

export const SANDBOX_AGENCIES: Agency[] = [
  agency("IGA", "rest", member("BH/GOV/IGA/population", "Population register", "السجل السكاني")),
  agency(
    "LMRA",
    "sql",
    member("BH/GOV/LMRA/labour", "Labour Market Regulatory Authority", "هيئة تنظيم سوق العمل"),
  ),
  agency(
    "EPC",
    "ledger",
    member("BH/GOV/LMRA/epc", "Expatriate Protection and Support Centre", "مركز حماية ودعم العمالة الوافدة"),
  ),
  agency(
    "MOI",
    "rest",
    member("BH/GOV/MOI/atd", "Anti-trafficking directorate", "إدارة مكافحة الاتجار بالأشخاص"),
  ),
  agency(
    "PPO",
    "federation",
    member("BH/JUD/PPO/tip", "Trafficking in persons prosecution", "نيابة الاتجار بالأشخاص"),
  ),
  agency("CRT", "rest", member("BH/JUD/COURTS/criminal", "High Criminal Court", "المحكمة الكبرى الجنائية")),
  agency(
    "NPRA",
    "rest",
    member(
      "BH/GOV/NPRA/residence",
      "Nationality, Passports and Residence Affairs",
      "شؤون الجنسية والجوازات والإقامة",
    ),
  ),
  agency(
    "MOSD",
    "sql",
    member("BH/GOV/MOSD/care", "Ministry of Social Development", "وزارة التنمية الاجتماعية"),
  ),
  agency(
    "NGO",
    "rest",
    member("BH/NGO/MWPS/assist", "Migrant workers' protection society", "جمعية حماية العمال الوافدين"),
    member("BH/NGO/AMAN/shelter", "Aman shelter society", "جمعية أمان للإيواء"),
  ),
  agency("NCC", "sql", member("BH/GOV/NCCTIP/committee", "National committee", "اللجنة الوطنية")),
  agency("RTC", "sql", member("BH/GOV/RTC/training", "Regional training centre", "المركز الإقليمي للتدريب")),
  agency(
    "EXT",
    "federation",
    member("IN/EXT/EMB/consular", "Embassy of India", "سفارة الهند"),
    member("PH/EXT/EMB/consular", "Embassy of the Philippines", "سفارة الفلبين"),
    member("JO/EXT/NCHT/nrm", "Jordan's national committee", "اللجنة الوطنية الأردنية"),
    member("UN/EXT/UNODC/stats", "UNODC", "مكتب الأمم المتحدة المعني بالمخدرات والجريمة"),
  ),
];

/** `BH/NGO/MWPS/assist` → `bh-ngo-mwps-assist`: client of a member at the development issuer. */
export const clientOf = (address: string): string => address.toLowerCase().replaceAll("/", "-");

interface Client {
  readonly member: string;
  readonly readers?: "staff" | "subjects";
  readonly binding: "bearer";
}

const clients: Record<string, Client> = Object.fromEntries(
  SANDBOX_AGENCIES.flatMap(({ members }) =>
    members.map(({ address }) => [clientOf(address), { member: address, binding: "bearer" as const }]),
  ),
);

export const DEVELOPMENT_ISSUERS = [
  {
    issuer: DEVELOPMENT_ISSUER,
    development: true,
    jwks: { file: DEVELOPMENT_JWKS },
    clients: {
      ...clients,
      [SUBJECT_CLIENT]: {
        ...{ member: "BH/GOV/IGA/population", readers: "subjects" as const },
        binding: "bearer" as const,
      },
    } as Record<string, Client>,
  },
];
