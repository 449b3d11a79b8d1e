/**
 * `Case.stage`: one label for five tracks, from what the reader may see of them (domain model §7).
 *
 * In      the visible states; a track that is not visible is absent and counts as NONE.
 * Out     a `CaseStage` value, or null when not even the identification track is visible.
 * Rule    first match wins: merged; closed; justice under way; redress open; exit planned; final judgment;
 *         else by identification.
 */
export interface VisibleTracks {
  readonly identificationState?: unknown;
  readonly protectionState?: unknown;
  readonly justiceState?: unknown;
  readonly redressState?: unknown;
  readonly closedAt?: unknown;
  readonly closureReason?: unknown;
}

const BY_JUSTICE: Readonly<Record<string, string>> = {
  APPEAL: "APPEAL",
  TRIAL: "TRIAL",
  VERDICT: "VERDICT",
  CHARGED: "CHARGED",
  PROSECUTION_REVIEW: "PROSECUTION",
  INVESTIGATION: "INVESTIGATION",
};

const BY_IDENTIFICATION: Readonly<Record<string, string>> = {
  REPORTED: "REPORTED",
  INTAKE: "INTAKE",
  SCREENING: "SCREENING",
  REVIEW: "OUTCOME_REVIEW",
  PRESUMED: "PRESUMED_VICTIM",
  CONFIRMED: "PRESUMED_VICTIM",
  LABOUR_ONLY: "LABOUR_TRACK",
  INSUFFICIENT: "MONITORING",
  NOT_VICTIM: "CLOSED",
};

const OPEN_REDRESS: ReadonlySet<unknown> = new Set(["CLAIMED", "AWARDED", "FUND_GRANT"]);

export function stageOf(tracks: VisibleTracks): string | null {
  const identified = BY_IDENTIFICATION[String(tracks.identificationState)];
  if (identified === undefined) return null;
  if (tracks.closureReason === "DUPLICATE") return "MERGED";
  if (tracks.closedAt !== undefined && tracks.closedAt !== null) return "CLOSED";
  const byJustice = BY_JUSTICE[String(tracks.justiceState)];
  if (byJustice !== undefined) return byJustice;
  if (OPEN_REDRESS.has(tracks.redressState)) return "REDRESS";
  if (tracks.protectionState === "EXITING") return "RETURN_OR_REINTEGRATION";
  return tracks.justiceState === "FINAL" ? "FINAL_JUDGMENT" : identified;
}
