/** Prints `N passed, N failed` from Vitest's JSON report, for CI. A suite that did not load counts as failed. */
import { readFileSync } from "node:fs";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

const [, , path = "tests/output/results.json"] = process.argv;
const report = JSON.parse(readFileSync(path, "utf8")) as Report;
const unloaded = report.testResults.filter(
  ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
).length;
console.log(`${report.numPassedTests} passed, ${report.numFailedTests + unloaded} failed`);
