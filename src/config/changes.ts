/**
 * Which keys of a configuration may change while the gateway runs, and which want a restart.
 *
 * In      the configuration in force and the one that was read anew.
 * Out     one line for each key that differs and cannot be taken up; none when all of the difference can.
 */
import type { Config } from "./config.ts";

const AT_RUN_TIME: readonly string[] = [
  "agencies",
  "identity",
  "ledger",
  "limits",
  "planner",
  "policy",
  "schema",
  "server.persistedDocuments.path",
  "server.shareIdentical",
];
/** Part of what may change, but the HTTP edge, the memory of proofs, or the watch over the policy store was built with it. */
const AT_START = new Set([
  "limits.maxTokens",
  "identity.dpop.maxAgeSeconds",
  "identity.dpop.nonce",
  "identity.dpop.shared",
  "policy.source",
  "policy.verifierKeys",
]);

export const restartProblems = (inForce: Config, read: Config): readonly string[] =>
  differences(inForce, read, "")
    .filter(
      (key) => AT_START.has(key) || !AT_RUN_TIME.some((part) => key === part || key.startsWith(`${part}.`)),
    )
    .map((key) => `${key}: cannot change while the gateway runs; restart it`);

/** Keys, down to what is no mapping, of which the values differ. */
function differences(before: unknown, after: unknown, at: string): readonly string[] {
  if (isMapping(before) && isMapping(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => differences(before[name], after[name], at ? `${at}.${name}` : name));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [at];
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
