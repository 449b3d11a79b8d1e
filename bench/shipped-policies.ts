/**
 * The policies that ship, as every reader meets them: the stage called directly, in this process.
 *
 * Out     CPU of a reader's first request (verdicts of all fields, nothing known yet) and of the next; of a page of 1,000 rows with 20 fields
 *         that rows decide, for the reader who has most of those; the time to prove all invariants by a clock, since z3 has its own process.
 */
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/config/package-root.ts";
import { compilePolicies } from "../src/policy/compile.ts";
import { readInvariants } from "../src/policy/prove/invariants.ts";
import { proveInvariants } from "../src/policy/prove/prove.ts";
import { everyReader } from "../src/policy/review/readers.ts";
import { median } from "./median.ts";
import { cpuUs, isResidual, rowsFor, verdictsOf } from "./policy-stage.ts";

const PAGE = { rows: 1_000, fields: 20 };
const AGAIN = 200;

export async function shippedPolicies(rounds: number) {
  const policiesDir = join(PACKAGE_ROOT, "policies");
  const set = await compilePolicies({ policiesDir, schemaDir: join(PACKAGE_ROOT, "schema") });
  const readers = everyReader(set);
  const firstUs = readers.map((reader) => cpuUs(() => verdictsOf(set, reader)));
  const nextUs = readers.map(
    (reader) => cpuUs(() => Array.from({ length: AGAIN }, () => verdictsOf(set, reader))) / AGAIN,
  );
  const left = readers.map((reader) => verdictsOf(set, reader).filter(isResidual));
  const most = left.reduce((most, one, at) => (one.length > (left[most]?.length ?? 0) ? at : most), 0);
  const fields = (left[most] ?? []).slice(0, PAGE.fields);
  const rows = readers[most] ? rowsFor(set.domain, readers[most], PAGE.rows) : [];
  const page = (): void => {
    for (const facts of rows) for (const { decide } of fields) decide(facts, false);
  };
  for (let i = 0; i < AGAIN; i++) page();
  const pageUs = Array.from({ length: rounds }, () => cpuUs(page));
  const { invariants } = await readInvariants(policiesDir, set.domain);
  const began = performance.now();
  const proofs = await proveInvariants(set, invariants);
  return {
    ...{ policies: set.policies.length, readers: readers.length, fields: set.domain.fields.size },
    firstMs: { median: median(firstUs, Number) / 1_000, most: Math.max(...firstUs) / 1_000 },
    nextUs: median(nextUs, Number),
    page: { rows: rows.length, fields: fields.length, us: median(pageUs, Number) },
    proof: { invariants: proofs.length, ms: performance.now() - began },
  };
}
