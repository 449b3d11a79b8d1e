/** What is measured on the public gateway benchmark's workload: which questions, how many at once, by which sides. */
import { DISTINCT_IDS, distinct, standard } from "./shop-questions.ts";
import type { Planned } from "./workload.ts";
import type { WorkloadName } from "./workloads.ts";

export interface Scenario {
  readonly name: string;
  /** For people. */
  readonly what: string;
  readonly workload: WorkloadName;
  readonly questions: () => readonly Planned[];
  readonly connections: number;
  readonly delayMs: number;
  /** Options of `ihala dev`. */
  readonly flags: string;
}

/** In-flight requests that are identical are answered one by one. */
const NO_SHARE = "--no-share";
const MANY = 50;

const STANDARD: Scenario = {
  name: "standard",
  what: "TestQuery, answered one by one",
  workload: "shop",
  questions: () => [standard()],
  connections: MANY,
  delayMs: 0,
  flags: NO_SHARE,
};

const DISTINCT: Scenario = {
  ...STANDARD,
  name: "distinct",
  what: "1,000 users who have nothing in common",
  questions: () => DISTINCT_IDS.map(distinct),
  flags: "",
};

const WAVES = { connections: 1, delayMs: 20 };

export const SCENARIOS: readonly Scenario[] = [
  STANDARD,
  {
    ...STANDARD,
    name: "standard-shared",
    what: "TestQuery, identical requests in flight may share an answer",
    flags: "",
  },
  DISTINCT,
  { ...STANDARD, ...WAVES, name: "waves-standard", what: "TestQuery, subgraphs take 20 ms" },
  { ...DISTINCT, ...WAVES, name: "waves-distinct", what: "distinct, subgraphs take 20 ms" },
];
