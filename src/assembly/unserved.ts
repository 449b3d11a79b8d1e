/** Kinds of operation, and root fields of the schema, that later versions serve. */
export const UNSERVED: ReadonlySet<string> = new Set([
  "mutation",
  "subscription",
  "intakeQueue",
  "knowledge",
  "outcomeReviews",
  "recommendations",
  "resolveIdentity",
  "riskSignals",
  "screeningWorklist",
  "trainerCoverage",
]);
