/**
 * The organisations of the federation: address → agency. There are few and they hardly change, so they are read once
 * and again only for an address that is not among them.
 */
import type { LedgerDatabase } from "./database.ts";

interface AgencyRow {
  readonly address: string;
  readonly code: string;
}
export type AgencyOf = (address: string) => Promise<AgencyRow | null>;

export function memberDirectory(db: LedgerDatabase): AgencyOf {
  let known: Promise<ReadonlyMap<string, AgencyRow>> | undefined;
  const read = async () => {
    const rows = await db.selectFrom("member").selectAll().execute();
    return new Map(rows.map(({ address, agency }) => [address, { address, code: agency }]));
  };
  const reread = () => {
    known = read();
    // A failure is the answer to those who wait, not to those who come later.
    known.catch(() => {
      known = undefined;
    });
    return known;
  };
  return async (address) => (await (known ?? reread())).get(address) ?? (await reread()).get(address) ?? null;
}
