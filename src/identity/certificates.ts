/**
 * Certificates of staff, from the training centre's register and never from a claim (domain, agencies §3).
 *
 * Fresh     an answer is used for 5 minutes; concurrent questions about one person are one question.
 * Failure   while the register cannot be asked, its last answer holds for 24 h; older or without one nobody holds any
 *           certificate, which takes rights away and never gives any.
 */
import { LRUCache } from "lru-cache";
import type { MemberAddress } from "../kernel/brands.ts";
import type { Clock } from "../kernel/clock.ts";

/** The register: certificates valid now. Rejects when it cannot be asked. */
export type CertificateSource = (member: MemberAddress, staff: string) => Promise<ReadonlySet<string>>;

const FRESH_MS = 300_000;
const TOLERATED_MS = 86_400_000;
const REMEMBERED_STAFF = 20_000;
export const NO_CERTIFICATES: ReadonlySet<string> = new Set();

interface Answer {
  readonly certificates: ReadonlySet<string>;
  readonly atMs: number;
}

/** The same question with memory; never rejects. */
export function rememberCertificates(source: CertificateSource, clock: Clock): CertificateSource {
  const answers = new LRUCache<string, Answer>({ max: REMEMBERED_STAFF });
  const asking = new Map<string, Promise<ReadonlySet<string>>>();

  const ask = async (key: string, member: MemberAddress, staff: string) => {
    try {
      const certificates = await source(member, staff);
      answers.set(key, { certificates, atMs: clock.now() });
      return certificates;
    } catch {
      const last = answers.get(key);
      return last && clock.now() - last.atMs <= TOLERATED_MS ? last.certificates : NO_CERTIFICATES;
    } finally {
      asking.delete(key);
    }
  };

  return async (member, staff) => {
    const key = `${member}\n${staff}`;
    const known = answers.get(key);
    if (known && clock.now() - known.atMs < FRESH_MS) return known.certificates;
    const question = asking.get(key) ?? ask(key, member, staff);
    asking.set(key, question);
    return question;
  };
}
