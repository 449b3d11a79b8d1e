/** Prints `N passed, N failed` from Vitest's JSON reports, for CI. A suite that did not load counts as failed. */
import { readFileSync } from "node:fs";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

const paths = process.argv.slice(2);
let [passed, failed] = [0, 0];
for (const path of paths) {
  const report = JSON.parse(readFileSync(path, "utf8")) as Report;
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
  passed += report.numPassedTests;
  failed += report.numFailedTests + unloaded;
}
console.log(`${passed} passed, ${failed} failed`);
