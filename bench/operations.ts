/** What the benchmark asks, as whom, and what a right answer looks like. */
import type { CastName } from "../sandbox/synth/cast-script.ts";

export interface Operation {
  readonly name: string;
  /** For people. */
  readonly what: string;
  readonly role: string;
  readonly purpose: string;
  /** Asked under the issue of this case, whose sealed id is the variable `id`. */
  readonly issue: CastName | null;
  readonly query: string;
  /** Measured requests of a round, and those before the first. */
  readonly requests: number;
  readonly warmUp: number;
  readonly isRight: (data: Readonly<Record<string, unknown>> | null) => boolean;
}

/** One case as the person who accompanies the victim sees it. */
const OVERVIEW = `query Overview($id: ID!) {
  case(id: $id) {
    id nrmNumber stage openedAt riskLevel labourState redressState
    owner { code name { ar en } }
    caseWorker { name certifications { skill } }
    victim {
      role code
      person {
        id nameLatin { full } nameAr { full } birthDate gender citizenships cpr mobilePhone
        primaryLanguage protectionHold
        passports { country number expiresOn }
        residence { number kind validUntil status }
        worker {
          workPermitNo permitStatus occupation
          employer { name area }
          contract { wage { amount currency } hoursPerWeek }
          wagePayments(last: 3) { period due { amount } paid { amount } }
        }
      }
      careRecords { kind on }
      statusDecision { status decidedOn }
      assistance { kind on }
    }
    consents { scope status validUntil recipients { name { en } } }
    referrals { reason status sentAt from { name { en } } to { name { en } } transnational { country } }
    screening { outcome decidedAt }
    supportPlans { type objectives }
    shelterStays { admittedOn facility { name licence { number } } }
    investigation { policeNumber openedAt }
    prosecution { number decision charges { article } }
    trial { courtNumber court hearings { on kind } verdicts { outcome } }
    compensation { source amount { amount currency } }
    fundGrants { source amount { amount currency } paidOn }
  }
}`;

const WORKERS = `query Workers {
  workers(first: 100) {
    edges {
      node {
        id workPermitNo permitType permitStatus occupation sector unpaidMonths
        permitValid { from until }
        employer { id name crNumber area }
        contract { wage { amount currency } hoursPerWeek languages }
        wagePayments(last: 3) { period due { amount } paid { amount } paidOn }
        person { id nameLatin { full } nameAr { full } residence { kind validUntil status } }
      }
    }
    pageInfo { hasNextPage }
  }
}`;

const HIDDEN = `query Hidden($id: ID!) {
  case(id: $id) {
    id nrmNumber stage screening { outcome } supportPlans { type }
    victim { person { id nameLatin { full } } }
    prosecution { number }
  }
}`;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

export const OPERATIONS: readonly Operation[] = [
  {
    name: "overview",
    what: "one case over all agencies that the reader may ask",
    ...{ role: "EPC.caseWorker", purpose: "SHELTER_CARE", issue: "overview" },
    query: OVERVIEW,
    ...{ requests: 120, warmUp: 400 },
    isRight: (data) => isObject(data?.["case"]),
  },
  {
    name: "workers",
    what: "a page of 100 workers with employer, contract, wages, names, residence",
    ...{ role: "LMRA.inspector", purpose: "LABOUR_INSPECTION", issue: null },
    query: WORKERS,
    ...{ requests: 120, warmUp: 400 },
    isRight: (data) => {
      const page = data?.["workers"];
      return isObject(page) && Array.isArray(page["edges"]) && page["edges"].length === 100;
    },
  },
  {
    name: "hidden",
    what: "a case that is hidden from the reader",
    ...{ role: "CRT.judge", purpose: "ADJUDICATION", issue: "beforeCharge" },
    query: HIDDEN,
    ...{ requests: 800, warmUp: 2_000 },
    isRight: (data) => data?.["case"] === null,
  },
];
