/**
 * `npm run bench -- policies`: what the policy stage costs a request, and how that grows with the number of policies.
 *
 * Measured  stages called directly in this process: a reader's profile with the verdicts of all fields, as a request asks for them once
 *           they are known; then rows, each decided by the fields that are left to rows.
 *           Then the policies that ship (`shipped-policies.ts`), and a reader who is permitted everything (`permit-all.ts`).
 * Out       tables; `<results>/<date>-policies.json`. Rounds of all numbers in turn, medians.
 * Errors    two numbers of policies that decide a row differently end the run.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PACKAGE_ROOT } from "../src/config/package-root.ts";
import type { AgencyCode } from "../src/kernel/brands.ts";
import { loadDomain } from "../src/policy/domain.ts";
import type { PolicySet, ProfileReader } from "../src/policy/policy-set.ts";
import { positive, RESULTS, writeResult } from "./command.ts";
import { median } from "./median.ts";
import { permitAllCost } from "./permit-all.ts";
import { cpuUs, isResidual, rowsFor, verdictsOf } from "./policy-stage.ts";
import { compileSome } from "./policy-texts.ts";
import { shippedPolicies } from "./shipped-policies.ts";
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
const ROWS = rowsFor(loadDomain(join(PACKAGE_ROOT, "schema")), READER, 100);

interface Round {
  /** Profile and verdicts of one request, in CPU microseconds. */
  readonly verdictsUs: number;
  /** One decision of one field in one row, in CPU nanoseconds. */
  readonly decisionNs: number;
}

type PermitAllCost = Awaited<ReturnType<typeof permitAllCost>>;
type Shipped = Awaited<ReturnType<typeof shippedPolicies>>;

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

  const shipped = await shippedPolicies(positive(options.rounds));
  const everything = await permitAllCost(positive(options.rounds) * 3, positive(options.share));
  const report = {
    ...(await surroundings()),
    sizes: subjects.map(summary),
    ...{ shipped, permitAll: everything },
  };
  const file = await writeResult(options.results, "policies", report);
  process.stdout.write(
    `${tableOf(report.sizes)}\n\n${shippedTable(shipped)}\n\n${permitAllTable(everything)}\n\n${file}\n`,
  );
}

async function compiled(size: number): Promise<Subject> {
  const began = performance.now();
  const set = await compileSome(size);
  return { set, compileMs: performance.now() - began, rounds: [] };
}

function round(set: PolicySet, requests: number): Round {
  const verdictsUs = cpuUs(() => {
    for (let i = 0; i < requests; i++) verdictsOf(set, READER);
  });
  const left = verdictsOf(set, READER).filter(isResidual);
  const decisionsUs = cpuUs(() => {
    for (let i = 0; i < requests; i++)
      for (const facts of ROWS) for (const { decide } of left) decide(facts, i % 2 === 0);
  });
  return {
    verdictsUs: verdictsUs / requests,
    decisionNs: (decisionsUs * 1_000) / (requests * ROWS.length * left.length),
  };
}

/** Under any number of policies every row gets the same effects. */
function checkAlike(sets: readonly PolicySet[]): void {
  const effects = sets.map((set) =>
    verdictsOf(set, READER).flatMap((verdict) =>
      ROWS.map((facts) =>
        verdict.kind === "settled" ? verdict.outcome.effect : verdict.decide(facts, false).effect,
      ),
    ),
  );
  const [first, ...others] = effects.map((one) => one.join());
  if (others.some((other) => other !== first)) throw new Error("policies of others change a decision");
}

function summary({ set, compileMs, rounds }: Subject) {
  const verdicts = verdictsOf(set, READER);
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

function permitAllTable({ readerUs, aloneUs, ratio }: PermitAllCost): string {
  const rows = [
    ["executor alone", `${aloneUs.toFixed(0)} µs`],
    ["a reader who is permitted everything", `${readerUs.toFixed(0)} µs, × ${ratio.toFixed(2)}`],
  ];
  return markdownTable(["a page of 100 workers, agencies that answer at once", ""], rows, 1);
}

function shippedTable({ policies, readers, fields, firstMs, nextUs, page, proof }: Shipped): string {
  const rows = [
    [
      `verdicts of ${fields} fields, a reader's first request`,
      `${firstMs.median.toFixed(1)} ms, at most ${firstMs.most.toFixed(1)}`,
    ],
    ["the same, each further request", `${nextUs.toFixed(1)} µs`],
    [`${page.rows} rows × ${page.fields} fields that rows decide`, `${(page.us / 1_000).toFixed(2)} ms`],
    [`proof of ${proof.invariants} invariants`, `${(proof.ms / 1_000).toFixed(1)} s`],
  ];
  return markdownTable([`${policies} shipped policies, ${readers} readers`, ""], rows, 1);
}
