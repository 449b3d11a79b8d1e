/**
 * `npm run bench -- policies`: what the policy stage costs a request, and how that grows with the number of policies.
 *
 * Measured  stages called directly in this process: a reader's profile with the verdicts of all fields, as a request asks for them once
 *           they are known; then rows, each decided by the fields that are left to rows.
 * Out       a table; `<results>/<date>-policies.json`. Rounds of all numbers in turn, medians.
 * Errors    two numbers of policies that decide a row differently end the run.
 */
import { parseArgs } from "node:util";
import type { AgencyCode, Coordinate } from "../src/kernel/brands.ts";
import { foldFacts } from "../src/policy/facts.ts";
import type { PolicySet, ProfileReader } from "../src/policy/policy-set.ts";
import type { Facts, Verdict } from "../src/policy/verdict.ts";
import { positive, RESULTS, writeResult } from "./command.ts";
import { median } from "./median.ts";
import { compileSome } from "./policy-texts.ts";
import { surroundings } from "./surroundings.ts";
import { markdownTable } from "./table.ts";

export const POLICIES_USAGE = `npm run bench -- policies [options]

  --sizes LIST         numbers of policies, from 10 (default 10,100,1000)
  --rounds N           rounds of each, in turn (default 9)
  --share X            share of the usual number of requests (default 1)
  --results DIRECTORY  where the result is written (default bench/results)
`;

const READER: ProfileReader = {
  agency: "LMRA" as AgencyCode,
  role: "LMRA.inspector",
  purpose: "LABOUR_INSPECTION",
  certificates: new Set(),
};
const REQUESTS = 200;
const NOW = 1_000;
/** Rows of 100 cases: some referred to the reader, with some groups granted. */
const GROUPS = ["CASE_HEADER", "SCREENING", "REFERRALS"];
const ROWS: readonly Facts[] = Array.from({ length: 100 }, (_, at) =>
  foldFacts(
    {
      referrals:
        at % 3 === 0
          ? []
          : [
              {
                status: "ACCEPTED",
                expiresAt: NOW * 2,
                purpose: READER.purpose,
                groups: GROUPS.slice(at % 4),
              },
            ],
      charged: at % 5 === 0,
      child: at % 7 === 0,
    },
    READER,
    NOW,
  ),
);

interface Round {
  /** Profile and verdicts of one request, in CPU microseconds. */
  readonly verdictsUs: number;
  /** One decision of one field in one row, in CPU nanoseconds. */
  readonly decisionNs: number;
}

interface Subject {
  readonly set: PolicySet;
  readonly compileMs: number;
  readonly rounds: Round[];
}

export async function policies(args: readonly string[]): Promise<void> {
  const { values: options } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: "string", default: "10,100,1000" },
      rounds: { type: "string", default: "9" },
      share: { type: "string", default: "1" },
      results: { type: "string", default: RESULTS },
      help: { type: "boolean", default: false },
    },
  });
  if (options.help) {
    process.stdout.write(POLICIES_USAGE);
    return;
  }
  const requests = Math.max(1, Math.round(REQUESTS * positive(options.share)));
  const subjects: Subject[] = [];
  for (const size of options.sizes.split(",").map(positive)) subjects.push(await compiled(size));
  checkAlike(subjects.map(({ set }) => set));
  for (const { set } of subjects) round(set, requests);
  for (let i = positive(options.rounds); i > 0; i--)
    for (const { set, rounds } of subjects) rounds.push(round(set, requests));

  const report = { ...(await surroundings()), sizes: subjects.map(summary) };
  const file = await writeResult(options.results, "policies", report);
  process.stdout.write(`${tableOf(report.sizes)}\n\n${file}\n`);
}

async function compiled(size: number): Promise<Subject> {
  const began = performance.now();
  const set = await compileSome(size);
  return { set, compileMs: performance.now() - began, rounds: [] };
}

/** Every field of the domain, on a case's path. */
const verdictsOf = (set: PolicySet): readonly Verdict[] => {
  const profile = set.profile(READER);
  return [...set.domain.fields.keys()].map((coordinate) =>
    profile.verdict({ coordinate: coordinate as Coordinate, caseBound: true }),
  );
};

type Residual = Extract<Verdict, { readonly kind: "residual" }>;
const isResidual = (verdict: Verdict): verdict is Residual => verdict.kind === "residual";

function round(set: PolicySet, requests: number): Round {
  const verdictsUs = cpuUs(() => {
    for (let i = 0; i < requests; i++) verdictsOf(set);
  });
  const left = verdictsOf(set).filter(isResidual);
  const decisionsUs = cpuUs(() => {
    for (let i = 0; i < requests; i++)
      for (const facts of ROWS) for (const { decide } of left) decide(facts, i % 2 === 0);
  });
  return {
    verdictsUs: verdictsUs / requests,
    decisionNs: (decisionsUs * 1_000) / (requests * ROWS.length * left.length),
  };
}

function cpuUs(work: () => void): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return user + system;
}

/** Under any number of policies every row gets the same effects. */
function checkAlike(sets: readonly PolicySet[]): void {
  const effects = sets.map((set) =>
    verdictsOf(set).flatMap((verdict) =>
      ROWS.map((facts) =>
        verdict.kind === "settled" ? verdict.outcome.effect : verdict.decide(facts, false).effect,
      ),
    ),
  );
  const [first, ...others] = effects.map((one) => one.join());
  if (others.some((other) => other !== first)) throw new Error("policies of others change a decision");
}

function summary({ set, compileMs, rounds }: Subject) {
  const verdicts = verdictsOf(set);
  return {
    policies: set.policies.length,
    fields: verdicts.length,
    leftToRows: verdicts.filter(isResidual).length,
    compileMs,
    verdictsUs: median(rounds, ({ verdictsUs }) => verdictsUs),
    decisionNs: median(rounds, ({ decisionNs }) => decisionNs),
    rounds,
  };
}

function tableOf(sizes: readonly ReturnType<typeof summary>[]): string {
  const rows = sizes.map(({ policies, compileMs, fields, verdictsUs, leftToRows, decisionNs }) => [
    ...[policies, fields, verdictsUs.toFixed(1), leftToRows, decisionNs.toFixed(1)].map(String),
    Math.round(compileMs).toString(),
  ]);
  const heads = ["policies", "fields", "µs for all verdicts", "left to rows", "ns/decision", "ms to compile"];
  return markdownTable(heads, rows, 0);
}
