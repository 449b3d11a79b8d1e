/**
 * What break-glass asks the ledger about cases; each is one question, whatever there is to be found.
 *
 * Rule    what the ledger does not answer closes: an overlay that nobody denied is taken to be there.
 * Errors  AGENCY_UNAVAILABLE when the ledger does not answer.
 */
import type { SubgraphRequest } from "../execute/backend.ts";

/** Who asks. */
export type Asking = Pick<SubgraphRequest, "reader" | "signal">;

export interface CaseQuestions {
  /** Address of the organisation that owns the case; null for what is no case. */
  ownerOf(caseUid: string, asking: Asking): Promise<string | null>;
  /** Those of the cases in which an official of the reader's organisation is suspected, or to a party of which the reader is linked. */
  closedTo(caseUids: readonly string[], asking: Asking): Promise<ReadonlySet<string>>;
}

/** Those rows whose case no overlay closes to the reader. The ledger is asked also where there is no row. */
export async function notClosed<Row extends { readonly caseUid: string }>(
  cases: CaseQuestions,
  asking: Asking,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  const uids = new Set([NO_CASE, ...rows.map(({ caseUid }) => caseUid)]);
  const closed = await cases.closedTo([...uids], asking);
  return rows.filter(({ caseUid }) => !closed.has(caseUid));
}

/** No case has this uid; to be asked about where there is nothing to ask about, so that the ledger is asked all the same. */
export const NO_CASE = "00000000-0000-0000-0000-000000000000";
