/** Who may open emergency access: each rule at its edge, and the reader whom all of them let in. */
import { expect, it } from "vitest";
import { type Applicant, refusalOf } from "../../src/break-glass/opening-rules.ts";

const NOW = 1_000_000_000;
const REASON = "12345678901234567890";
const able: Applicant = {
  purpose: "EMERGENCY_PROTECTION",
  certificates: new Set(["SAFEGUARDING"]),
  assurance: "AAL2",
  authenticatedAtMs: NOW - 299_999,
};
const guard = (failed: string) => ({ kind: "guard", guard: failed });
const STALE = guard("FRESH_AUTHENTICATION");
const WORDS = guard("JUSTIFICATION");

it.each<[string, Partial<Applicant>, string, unknown]>([
  ["all rules are kept", {}, REASON, null],
  ["AAL3", { assurance: "AAL3" }, REASON, null],
  ["the issuer's clock is a little ahead", { authenticatedAtMs: NOW + 10_000 }, REASON, null],
  ["a reason in Arabic", {}, "الضحية في خطر وشيك الآن", null],
  ["the longest reason", {}, "x".repeat(2_000), null],
  ["another purpose", { purpose: "SHELTER_CARE" }, REASON, { kind: "forbidden", reason: "PURPOSE" }],
  ["no certificate", { certificates: new Set() }, REASON, { kind: "certificate", skill: "SAFEGUARDING" }],
  [
    "other certificates",
    { certificates: new Set(["INTERVIEW_CHILD"]) },
    REASON,
    { kind: "certificate", skill: "SAFEGUARDING" },
  ],
  ["AAL1", { assurance: "AAL1" }, REASON, STALE],
  ["an assurance that nobody knows", { assurance: "AAL9" }, REASON, STALE],
  ["five minutes", { authenticatedAtMs: NOW - 300_000 }, REASON, STALE],
  ["no time of authentication", { authenticatedAtMs: null }, REASON, STALE],
  ["a time to come", { authenticatedAtMs: NOW + 10_001 }, REASON, STALE],
  ["nineteen characters", {}, REASON.slice(1), WORDS],
  ["nineteen characters and blanks around", {}, `  ${REASON.slice(1)}  \n`, WORDS],
  ["blanks within", {}, `a${" ".repeat(30)}b`, WORDS],
  ["ten characters of two units each", {}, "🆘".repeat(10), WORDS],
  ["a reason without end", {}, "x".repeat(2_001), WORDS],
])("%s", (_name, change, reason, expected) => {
  expect(refusalOf({ ...able, ...change }, reason, NOW)).toEqual(expected);
});
