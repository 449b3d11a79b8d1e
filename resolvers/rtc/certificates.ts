/**
 * The register of certificates, as the gateway asks it before it lets a certified step through.
 *
 * In      the member where somebody works, and that member's own number for them.
 * Out     skills valid today by the clocks of Bahrain, the last day included; none for somebody unknown.
 * Errors  agency family, when the register cannot be asked.
 */
import { createSql } from "../../src/connectors/sql.ts";
import type { CertificateSource } from "../../src/identity/certificates.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { type Clock, systemClock } from "../../src/kernel/clock.ts";
import type { SqlSubgraphOptions } from "../shared/subgraph.ts";
import type { RtcDatabase } from "./database.ts";

export interface CertificateRegister {
  readonly of: CertificateSource;
  close(): Promise<void>;
}

const BAHRAIN_OFFSET_MS = 3 * 3_600_000;

export function certificatesOf(
  options: SqlSubgraphOptions & { readonly clock?: Clock },
): CertificateRegister {
  const { clock = systemClock, ...sqlOptions } = options;
  const sql = createSql<RtcDatabase>({ ...sqlOptions, agency: "RTC" as AgencyCode });
  return {
    of: async (member, staff) => {
      const rows = await sql.ask((db) =>
        db
          .selectFrom("certificate")
          .innerJoin("holder", "holder.holder_no", "certificate.holder_no")
          .select("skill")
          .where("holder.member", "=", member)
          .where("holder.staff_id", "=", staff)
          .where("valid_until", ">=", dayOf(clock.now()))
          .execute(),
      );
      return new Set(rows.map(({ skill }) => skill));
    },
    close: sql.close,
  };
}

const dayOf = (ms: number): string => new Date(ms + BAHRAIN_OFFSET_MS).toISOString().slice(0, 10);
