/** What is measured: which questions of which workload, how many at once. Scenarios of one group are asked for together. */
import { agencyQuestions } from "./many-agencies.ts";
import { rowQuestions } from "./rows.ts";
import { DISTINCT_IDS, distinct, standard } from "./shop-questions.ts";
import type { Planned } from "./workload.ts";
import type { WorkloadName } from "./workloads.ts";

export interface Scenario {
  readonly name: string;
  readonly group: Group;
  /** For people. */
  readonly what: string;
  readonly workload: WorkloadName;
  readonly questions: () => readonly Planned[];
  readonly connections: number;
  readonly delayMs: number;
  /** Options of `ihala dev`. */
  readonly flags: string;
  /** What grows within a group. */
  readonly size: number;
  /** Documents that must be refused, beside the questions. */
  readonly bombsPerSecond: number;
}

export const GROUPS = [
  ...(["standard", "standard-shared", "distinct", "waves"] as const),
  ...(["growth-rows", "growth-agencies", "event-loop"] as const),
] as const;
export type Group = (typeof GROUPS)[number];

/** In-flight requests that are identical are answered one by one. */
const NO_SHARE = "--no-share";
const MANY = 50;
const FEW = 4;
const SOME = 10;

const SHARED: Scenario = {
  name: "standard-shared",
  group: "standard-shared",
  what: "TestQuery, identical requests in flight may share an answer",
  workload: "shop",
  questions: () => [standard()],
  connections: MANY,
  delayMs: 0,
  flags: "",
  size: 1,
  bombsPerSecond: 0,
};

const STANDARD: Scenario = {
  ...SHARED,
  ...{ name: "standard", group: "standard", flags: NO_SHARE },
  what: "TestQuery, each request answered by itself",
};

const DISTINCT: Scenario = {
  ...SHARED,
  name: "distinct",
  group: "distinct",
  what: "1,000 users who have nothing in common",
  questions: () => DISTINCT_IDS.map(distinct),
};

/** For those who ask slowly. */
const FEWER: Scenario = { ...DISTINCT, questions: () => DISTINCT_IDS.slice(0, 200).map(distinct) };

/** One request at a time, so that nothing is shared either. */
const waves = (name: string, { questions }: Scenario): Scenario => ({
  ...SHARED,
  ...{ name, questions, group: "waves", connections: 1, delayMs: 20 },
  what: "one request at a time, subgraphs take 20 ms",
});

const rows = (size: number): Scenario => ({
  ...SHARED,
  ...{ name: `growth-rows-${size}`, group: "growth-rows", size, connections: FEW, workload: "rows" },
  what: `${size} rows joined over two subgraphs`,
  questions: () => rowQuestions(size),
});

const agencies = (size: number): Scenario => ({
  ...SHARED,
  ...{ name: `growth-agencies-${size}`, group: "growth-agencies", size, workload: size },
  what: `three agencies asked, of ${size}`,
  questions: agencyQuestions,
});

const bombed = (bombsPerSecond: number): Scenario => ({
  ...FEWER,
  ...{ name: `event-loop-${bombsPerSecond}`, group: "event-loop", bombsPerSecond, size: bombsPerSecond },
  connections: SOME,
  what: `distinct, with ${bombsPerSecond} fragment bombs a second`,
});

export const SCENARIOS: readonly Scenario[] = [
  STANDARD,
  SHARED,
  DISTINCT,
  waves("waves-standard", SHARED),
  waves("waves-distinct", FEWER),
  ...[10, 100, 1_000, 10_000].map(rows),
  ...[3, 10, 30, 60].map(agencies),
  ...[0, 200].map(bombed),
];

/** Of a group, or the one of that name. */
export function scenariosNamed(wanted: string): readonly Scenario[] {
  const found = SCENARIOS.filter(({ name, group }) => group === wanted || name === wanted);
  if (found.length === 0) throw new RangeError(`no scenario is called \`${wanted}\``);
  return found;
}
