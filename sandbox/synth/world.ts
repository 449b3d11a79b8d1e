/**
 * The synthetic world: every table of every agency from one seed. Nothing is generated until it is asked for.
 *
 * In     seed, scale (`tiny`: 20 cases, 200 workers; `demo`: 1,500 cases, 50,000 workers), canary.
 * Out    a `World`; every table is a pure function of the three, and joins with every other by keys and links.
 * Canary every personal value then carries a token `cnr-<table>-<i>-<field>`, so that a leak can be found by grep.
 */
import * as care from "./care.ts";
import * as committee from "./committee.ts";
import { content } from "./content.ts";
import { createContext, type Scale } from "./context.ts";
import { crtCases, crtEmployers, crtPersons, trials } from "./courts.ts";
import { employers, inspections, riskSignals } from "./employers.ts";
import { facilities, licences } from "./facilities.ts";
import { epcPersons } from "./intake.ts";
import * as labour from "./labour.ts";
import { links } from "./links.ts";
import { MEMBERS } from "./members.ts";
import { investigations, moiCases } from "./police.ts";
import { ppoCases, ppoPersons, prosecutions } from "./prosecution.ts";
import { igaPersons, npraPersons, npraReturns } from "./registers.ts";
import { spine } from "./spine.ts";
import { staffTable } from "./staff.ts";
import type { SparseTable, Table } from "./tables.ts";
import * as training from "./training.ts";
import type * as R from "./types.ts";

export type { Scale };
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

export function createWorld({ seed, scale, canary = false }: WorldOptions): World {
  const ctx = createContext(seed, scale, canary);
  return {
    seed,
    scale,
    canary,
    members: MEMBERS,
    staff: staffTable(ctx),
    iga: { persons: igaPersons(ctx) },
    lmra: {
      workers: labour.workers(ctx),
      contracts: labour.contracts(ctx),
      employments: labour.employments(ctx),
      wageMonths: labour.wageMonths(ctx),
      complaints: labour.complaints(ctx),
      leftWork: labour.leftWork(ctx),
      employers: employers(ctx),
      inspections: inspections(ctx),
      riskSignals: riskSignals(ctx),
    },
    npra: { persons: npraPersons(ctx), returns: npraReturns(ctx) },
    epc: { persons: epcPersons(ctx), spine: spine(ctx), content: content(ctx), facilities: facilities(ctx) },
    moi: { cases: moiCases(ctx), investigations: investigations(ctx) },
    ppo: { cases: ppoCases(ctx), prosecutions: prosecutions(ctx), persons: ppoPersons(ctx) },
    crt: {
      cases: crtCases(ctx),
      trials: trials(ctx),
      persons: crtPersons(ctx),
      employers: crtEmployers(ctx),
    },
    mosd: { care: care.careRecords(ctx), statusDecisions: care.statusDecisions(ctx), licences: licences() },
    ngo: { assistance: care.assistance(ctx) },
    ext: { transnational: care.transnational(ctx) },
    ncc: {
      recommendations: committee.recommendations(ctx),
      reports: committee.reports(ctx),
      releasedTables: committee.releasedTables(ctx),
      fund: committee.fund(ctx),
    },
    rtc: {
      holders: training.holders(ctx),
      trainers: training.trainers(ctx),
      certificates: training.certificates(ctx),
      programmes: training.programmes(ctx),
      knowledge: training.knowledge(ctx),
    },
    links: (type) => links(ctx, type),
  };
}
