/**
 * What the resolvers of one request share: who reads, what time it is, the database, and loaders over it.
 *
 * Loaders of spine and content are made at first use (`perContext`); facts are loaded per reader asked about, which is one in
 * practice: the reader of the request.
 */
import type DataLoader from "dataloader";
import type { Domain } from "../src/policy/domain.ts";
import type { LedgerDatabase } from "./database.ts";
import { type CaseFacts, readCaseFacts } from "./facts/case-facts.ts";
import { type PersonFacts, readPersonFacts } from "./facts/person-facts.ts";
import { mapLoader, memo } from "./loaders.ts";
import type { AgencyOf } from "./members.ts";
import { type Reader, readerKey } from "./reader.ts";

export interface LedgerContext {
  readonly db: LedgerDatabase;
  /** The tables that the ledger is configured for. */
  readonly domain: Domain;
  readonly reader: Reader;
  /** Milliseconds since the epoch; one instant for the whole request. */
  readonly now: number;
  readonly caseFacts: (reader: Reader) => DataLoader<string, CaseFacts | null>;
  readonly personFacts: (reader: Reader) => DataLoader<string, PersonFacts | null>;
  /** The organisation at an address. */
  readonly agency: AgencyOf;
}

export function ledgerContext(
  { db, domain, agency }: Pick<LedgerContext, "db" | "domain" | "agency">,
  reader: Reader,
  now: number,
): LedgerContext {
  return {
    db,
    domain,
    agency,
    reader,
    now,
    caseFacts: memo((of) => mapLoader((uids) => readCaseFacts(db, uids, of, { domain, now })), readerKey),
    personFacts: memo((of) => mapLoader((uids) => readPersonFacts(db, uids, of)), readerKey),
  };
}

/** Made once per request, at first use. */
export function perContext<Value>(
  make: (context: LedgerContext) => Value,
): (context: LedgerContext) => Value {
  const made = new WeakMap<LedgerContext, Value>();
  return (context) => {
    const value = made.get(context) ?? make(context);
    made.set(context, value);
    return value;
  };
}
