/**
 * The reader whom a request serves, as the gateway's verified outbound token names them; every list is cut to what this
 * reader may know to exist. Facts are asked for a `ReaderInput`, which the gateway fills in the same way.
 */
export interface Reader {
  /** Agency code, a column of the policy matrix. */
  readonly agency: string;
  /** Address of the reader's organisation: receivers, recipients and owners are organisations. */
  readonly address: string;
  readonly role: string;
  /** Staff identifier inside the organisation. */
  readonly staff: string;
  readonly purpose: string;
  /** Uids of cases that break-glass opens to the reader, as the gateway says; no part of a `ReaderInput`. */
  readonly brokenGlass?: readonly string[];
}

/** Equal for readers who get the same facts. */
export const readerKey = ({ agency, address, staff, purpose }: Reader): string =>
  JSON.stringify([agency, address, staff, purpose]);
