/**
 * The synthetic world: every table of every agency from one seed. Nothing is generated until it is asked for.
 *
 * In     seed, scale (`tiny`: 20 cases, 200 workers; `demo`: 1,500 cases, 50,000 workers), canary.
 * Out    a `World`; every table is a pure function of the three, and joins with every other by keys and links.
 * Canary every personal value then carries a token `cnr-<table>-<i>-<field>`, so that a leak can be found by grep.
 */
import type { SparseTable, Table } from "./tables.ts";
import type * as R from "./types.ts";

export type Scale = "tiny" | "demo";
export interface WorldOptions {
  readonly seed: number;
  readonly scale: Scale;
  readonly canary?: boolean;
}
/** The seed of everything that ships. */
export const SEED = 20250730;

export interface World {
  readonly seed: number;
  readonly scale: Scale;
  readonly canary: boolean;
  readonly members: readonly R.MemberRow[];
  readonly staff: Table<R.StaffRow>;
  readonly iga: { readonly persons: SparseTable<R.IgaPersonRow> };
  readonly lmra: {
    readonly workers: Table<R.LmraWorkerRow>;
    readonly contracts: Table<R.LmraContractRow>;
    readonly employments: SparseTable<R.LmraEmploymentRow>;
    readonly wageMonths: Table<R.LmraWageMonthRow>;
    readonly complaints: SparseTable<R.LmraComplaintRow>;
    readonly leftWork: SparseTable<R.LmraLeftWorkRow>;
    readonly employers: Table<R.LmraEmployerRow>;
    readonly inspections: Table<R.LmraInspectionRow>;
    readonly riskSignals: SparseTable<R.LmraRiskSignalRow>;
  };
  readonly npra: {
    readonly persons: Table<R.NpraPersonRow>;
    readonly returns: SparseTable<R.NpraReturnRow>;
  };
  readonly epc: {
    readonly persons: SparseTable<R.EpcPersonRow>;
    readonly spine: Table<R.CaseSpineRow>;
    readonly content: Table<R.CaseContentRow>;
    readonly facilities: Table<R.FacilityRow>;
  };
  readonly moi: {
    readonly cases: SparseTable<R.MoiCaseRow>;
    readonly investigations: Table<R.MoiInvestigationRow>;
  };
  readonly ppo: {
    readonly cases: SparseTable<R.PpoCaseRow>;
    readonly prosecutions: SparseTable<R.PpoProsecutionRow>;
    readonly persons: SparseTable<R.PpoPersonRow>;
  };
  readonly crt: {
    readonly cases: SparseTable<R.CrtCaseRow>;
    readonly trials: SparseTable<R.CrtTrialRow>;
    readonly persons: SparseTable<R.CrtPersonRow>;
    readonly employers: SparseTable<R.CrtEmployerRow>;
  };
  readonly mosd: {
    readonly care: SparseTable<R.MosdCareRow>;
    readonly statusDecisions: SparseTable<R.MosdStatusDecisionRow>;
    readonly licences: Table<R.MosdLicenceRow>;
  };
  /** Rows of every NGO member; a member's server takes those with its own address. */
  readonly ngo: { readonly assistance: SparseTable<R.NgoAssistanceRow> };
  /** Rows of every EXT member; likewise. */
  readonly ext: { readonly transnational: SparseTable<R.ExtTransnationalRow> };
  readonly ncc: {
    readonly recommendations: Table<R.NccRecommendationRow>;
    readonly reports: Table<R.NccReportRow>;
    readonly releasedTables: Table<R.NccTableRow>;
    readonly fund: SparseTable<R.NccFundRow>;
  };
  readonly rtc: {
    readonly holders: Table<R.RtcHolderRow>;
    readonly trainers: SparseTable<R.RtcTrainerRow>;
    readonly certificates: SparseTable<R.RtcCertificateRow>;
    readonly programmes: Table<R.RtcProgrammeRow>;
    readonly knowledge: Table<R.RtcKnowledgeRow>;
  };
  /** Every link row, grouped by type; all of them for the hub, one type for a test. */
  links(type?: string): Iterable<R.LinkRow>;
}

export function createWorld(_options: WorldOptions): World {
  throw new Error("the generator follows in the next commit");
}
