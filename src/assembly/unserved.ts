/** Kinds of operation, and root fields of the schema, that later versions serve; of a kind, all but those in `SERVED`. */
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

/** Mutations and subscriptions of the gateway's own subgraph, which are served before the ledger's. */
export const SERVED: ReadonlySet<string> = new Set([
  "openBreakGlass",
  "reviewBreakGlass",
  "breakGlassOpened",
  "draftPolicies",
  "approvePolicies",
  "publishPolicies",
  "shadowPolicies",
  "rollbackPolicies",
]);
