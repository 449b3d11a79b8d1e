/** The policy stage as the benchmarks call it: a reader's verdicts of all fields, rows to decide, and CPU time. */
import type { Coordinate } from "../src/kernel/brands.ts";
import type { Domain } from "../src/policy/domain.ts";
import { foldFacts } from "../src/policy/facts.ts";
import type { PolicySet, ProfileReader } from "../src/policy/policy-set.ts";
import type { Facts, Verdict } from "../src/policy/verdict.ts";

const NOW = 1_000;
/** Of referred cases, as many of these are granted. */
const GROUPS = ["CASE_HEADER", "SCREENING", "REFERRALS"];

/** Rows of so many cases, some of them referred to the reader. */
export const rowsFor = (domain: Domain, reader: ProfileReader, count: number): readonly Facts[] =>
  Array.from({ length: count }, (_, at) => {
    const { purpose } = reader;
    const referral = { status: "ACCEPTED", expiresAt: NOW * 2, purpose, groups: GROUPS.slice(at % 4) };
    const referrals = at % 3 === 0 ? [] : [referral];
    return foldFacts({ referrals, charged: at % 5 === 0, child: at % 7 === 0 }, reader, { domain, now: NOW });
  });

/** Of every field of the domain, on a case's path. */
export function verdictsOf(set: PolicySet, reader: ProfileReader): readonly Verdict[] {
  const profile = set.profile(reader);
  return [...set.domain.fields.keys()].map((coordinate) =>
    profile.verdict({ coordinate: coordinate as Coordinate, caseBound: true }),
  );
}

export type Residual = Extract<Verdict, { readonly kind: "residual" }>;
export const isResidual = (verdict: Verdict): verdict is Residual => verdict.kind === "residual";

/** User and system CPU of this process, microseconds. */
export function cpuUs(work: () => void): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return user + system;
}
